/** One setting, with the control that fits its type. */
import { NumberInput, PasswordInput, Select, Switch, Textarea, TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import type { Setting, SettingValue } from "./setting.ts";

interface FieldProps {
  readonly setting: Setting;
  readonly value: SettingValue | undefined;
  readonly error: string | undefined;
  readonly onChange: (value: SettingValue) => void;
}

export function SettingField({ setting, value, error, onChange }: FieldProps) {
  const { name, label, help, isRequired, choices, fallback, control } = setting;
  const shared = { label, description: asText(help), error, required: isRequired, withAsterisk: false, name };
  const text = typeof value === "string" ? value : "";
  const onText = (event: { currentTarget: { value: string } }) => onChange(event.currentTarget.value);
  const hint = fallback === undefined ? undefined : String(fallback);
  const given = hint === undefined ? {} : { placeholder: hint };
  switch (control) {
    case "choice":
      return (
        <Select
          {...shared}
          data={[...choices]}
          value={text === "" ? (hint ?? null) : text}
          onChange={(chosen) => onChange(chosen)}
          allowDeselect={!isRequired && hint === undefined}
        />
      );
    case "switch":
      return (
        <Switch
          label={label}
          description={asText(help)}
          error={error}
          checked={typeof value === "boolean" ? value : fallback === true}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
      );
    case "number":
      return <NumberField {...shared} {...given} setting={setting} value={value} onChange={onChange} />;
    case "secret":
      return (
        <PasswordInput {...shared} {...given} autoComplete="new-password" value={text} onChange={onText} />
      );
    case "lines":
    case "secret-lines":
      return (
        <Textarea
          {...shared}
          autosize
          minRows={3}
          maxRows={8}
          value={text}
          onChange={onText}
          spellCheck={false}
        />
      );
    case "headers":
      return <HeadersField {...shared} value={value} onChange={onChange} />;
    default:
      return (
        <TextInput
          {...shared}
          {...given}
          value={text}
          onChange={onText}
          spellCheck={false}
          autoComplete="off"
        />
      );
  }
}

interface NumberFieldProps {
  readonly label: string;
  readonly description: ReactNode;
  readonly error: string | undefined;
  readonly placeholder?: string;
  readonly setting: Setting;
  readonly value: SettingValue | undefined;
  readonly onChange: (value: SettingValue) => void;
}

function NumberField({ setting: { minimum, maximum }, value, onChange, ...shared }: NumberFieldProps) {
  return (
    <NumberInput
      {...shared}
      {...(minimum === undefined ? {} : { min: minimum })}
      {...(maximum === undefined ? {} : { max: maximum })}
      value={typeof value === "number" ? value : ""}
      onChange={(given) => onChange(given === "" ? null : Number(given))}
    />
  );
}

/** Descriptions are written for a page: their code marks are shown as code. */
function asText(help: string): ReactNode {
  return help
    .split("`")
    .map((part, index) => (index % 2 === 1 ? <code key={`${part}${help.length}`}>{part}</code> : part));
}

interface HeadersProps {
  readonly label: string;
  readonly description: ReactNode;
  readonly error: string | undefined;
  readonly value: SettingValue | undefined;
  readonly onChange: (value: SettingValue) => void;
}

/** A line for each: `Name: value`. */
function HeadersField({ value, onChange, ...shared }: HeadersProps) {
  const lines = typeof value === "object" && value !== null ? Object.entries(value) : [];
  return (
    <Textarea
      {...shared}
      placeholder="Authorization: Bearer …"
      autosize
      minRows={2}
      spellCheck={false}
      defaultValue={lines.map(([name, text]) => `${name}: ${text}`).join("\n")}
      onChange={(event) => onChange(headersIn(event.currentTarget.value))}
    />
  );
}

function headersIn(text: string): Record<string, string> {
  const pairs = text
    .split("\n")
    .map((line) => /^\s*([^:\s]+)\s*:\s*(.*?)\s*$/.exec(line))
    .flatMap((found) => (found === null ? [] : [[found[1] ?? "", found[2] ?? ""] as const]));
  return Object.fromEntries(pairs);
}
