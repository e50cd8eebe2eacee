/** Filters of a list. They stand in the address, so that a view can be shared. */
import { ActionIcon, Group, Select, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconX } from "@tabler/icons-react";
import { useRouter } from "@tanstack/react-router";
import { type ReactNode, useEffect, useState } from "react";

export function Filters({ children }: { readonly children: ReactNode }) {
  return (
    <search>
      <Group gap="xs" align="flex-end">
        {children}
      </Group>
    </search>
  );
}

interface FilterProps {
  readonly label: string;
  readonly value: string | undefined;
  readonly onChange: (value: string | undefined) => void;
}

interface ChoiceProps extends FilterProps {
  readonly choices: readonly (string | { readonly value: string; readonly label: string })[];
  readonly all: string;
}

export function ChoiceFilter({ label, value, choices, all, onChange }: ChoiceProps) {
  return (
    <Select
      aria-label={label}
      data={[...choices]}
      value={value ?? null}
      placeholder={all}
      onChange={(chosen) => onChange(chosen ?? undefined)}
      clearable
      clearButtonProps={{ "aria-label": `${label}: ${all}` }}
      searchable={choices.length > 8}
      w={{ base: "100%", xs: 190 }}
    />
  );
}

interface TextFilterProps extends FilterProps {
  readonly hint: string;
  readonly width?: number;
  readonly icon?: ReactNode;
}

/** Typed text is asked for once the typing pauses, unless the person has left the screen by then. */
export function TextFilter({ label, value, hint, onChange, width = 260, icon }: TextFilterProps) {
  const [text, setText] = useState(value ?? "");
  const tell = useDebouncedCallback((typed: string) => onChange(typed.trim() || undefined), 250);
  useEffect(() => setText(value ?? ""), [value]);
  const router = useRouter();
  // The filter is written into the address of its own screen, and would lead back there.
  useEffect(
    () => router.subscribe("onBeforeNavigate", ({ pathChanged }) => pathChanged && tell.cancel()),
    [router, tell],
  );
  const clear = () => {
    setText("");
    onChange(undefined);
  };
  return (
    <TextInput
      aria-label={label}
      placeholder={hint}
      value={text}
      leftSection={icon}
      onChange={(event) => {
        setText(event.currentTarget.value);
        tell(event.currentTarget.value);
      }}
      rightSection={
        text === "" ? null : (
          <ActionIcon variant="subtle" color="gray" size="sm" aria-label={`Clear ${label}`} onClick={clear}>
            <IconX size={14} aria-hidden />
          </ActionIcon>
        )
      }
      w={{ base: "100%", xs: width }}
    />
  );
}

interface DayFilterProps {
  /** `2026-11-28`, in UTC. */
  readonly since: string | undefined;
  readonly until: string | undefined;
  readonly onChange: (days: { since?: string | undefined; until?: string | undefined }) => void;
}

/** A range of days; both may be left open. */
export function DayFilter({ since, until, onChange }: DayFilterProps) {
  return (
    <Group gap="xs">
      <Day label="from" value={since} max={until} onChange={(day) => onChange({ since: day })} />
      <Day label="to" value={until} min={since} onChange={(day) => onChange({ until: day })} />
    </Group>
  );
}

interface DayProps extends FilterProps {
  readonly min?: string | undefined;
  readonly max?: string | undefined;
}

const Day = ({ label, value, min, max, onChange }: DayProps) => (
  <TextInput
    type="date"
    aria-label={`${label === "from" ? "From" : "To"} this day, in UTC`}
    leftSection={label}
    leftSectionWidth={46}
    value={value ?? ""}
    min={min}
    max={max}
    onChange={(event) => onChange(event.currentTarget.value || undefined)}
    w={178}
  />
);
