/** The roles of accounts and operators. */
import { SegmentedControl, Text } from "@mantine/core";
import { type ReactNode, useId } from "react";
import type { Account } from "../../shell/session.ts";

export type Role = Account["role"];

export const roleNames: Readonly<Record<Role, string>> = { admin: "Admin", viewer: "Viewer" };

const choices = Object.entries(roleNames).map(([value, label]) => ({ value, label }));

interface RoleFieldProps {
  readonly value: Role;
  readonly onChange: (value: Role) => void;
  /** Says what the role allows. */
  readonly children?: ReactNode;
}

export function RoleField({ value, onChange, children }: RoleFieldProps) {
  const id = useId();
  return (
    <div>
      <Text size="sm" fw={500} mb={4} id={id}>
        Role
      </Text>
      <SegmentedControl
        aria-labelledby={id}
        data={choices}
        value={value}
        onChange={(chosen) => onChange(chosen as Role)}
      />
      {children !== undefined && (
        <Text size="sm" c="dimmed" mt={4}>
          {children}
        </Text>
      )}
    </div>
  );
}
