/** The states of a screen that has nothing to show: loading, empty, in trouble. */
import { Button, Code, Skeleton, Stack, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { asProblem } from "../api/problem.ts";

/** Lines of the height of what will stand there, so that nothing jumps. */
export function Loading({ rows = 6, height = 20 }: { readonly rows?: number; readonly height?: number }) {
  return (
    <Stack gap="md" p="lg" role="status" aria-label="Loading">
      {widths(rows).map(({ name, width }) => (
        <Skeleton key={name} height={height} width={width} />
      ))}
    </Stack>
  );
}

const widths = (rows: number) =>
  Array.from({ length: rows }, (_, row) => ({ name: `row ${row}`, width: `${95 - ((row * 17) % 40)}%` }));

interface EmptyProps {
  readonly title: string;
  readonly icon?: ReactNode;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
}

export function Empty({ title, icon, children, action }: EmptyProps) {
  return (
    <Stack align="center" gap="xs" py={48} px="lg" ta="center">
      {icon}
      <Text fw={600}>{title}</Text>
      {children !== undefined && (
        <Text size="sm" c="dimmed" maw={460}>
          {children}
        </Text>
      )}
      {action !== undefined && <div style={{ marginTop: 12 }}>{action}</div>}
    </Stack>
  );
}

export function Trouble({ error, retry }: { readonly error: unknown; readonly retry: () => unknown }) {
  const { message, code } = asProblem(error);
  return (
    <Stack align="center" gap="xs" py={40} px="lg" ta="center" role="alert">
      <IconAlertTriangle size={28} color="var(--mantine-color-error)" aria-hidden />
      <Text fw={600}>{message}.</Text>
      <Text size="sm" c="dimmed">
        Error <Code>{code}</Code>
      </Text>
      <Button variant="default" mt="xs" onClick={() => void retry()}>
        Try again
      </Button>
    </Stack>
  );
}

interface Asked<Data> {
  readonly data: Data | undefined;
  readonly error: unknown;
  readonly isPending: boolean;
  refetch(): unknown;
}

export interface LoadedProps<Data> {
  readonly asked: Asked<Data>;
  readonly loading?: ReactNode;
  readonly children: (data: Data) => ReactNode;
}

/** Shows what was asked for, or why it is not there. */
export function Loaded<Data>({ asked, loading = <Loading />, children }: LoadedProps<Data>) {
  if (asked.data !== undefined) return children(asked.data);
  if (asked.isPending) return loading;
  return <Trouble error={asked.error} retry={() => asked.refetch()} />;
}
