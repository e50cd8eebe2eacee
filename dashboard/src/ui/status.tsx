/** A state in a word, with a dot whose colour says how good it is. */
import { Group, Text } from "@mantine/core";
import classes from "./status.module.css";
import { capitalized } from "./words.ts";

export type Tone = "good" | "busy" | "warn" | "bad" | "quiet";

export function Status({ tone, children }: { readonly tone: Tone; readonly children: string }) {
  return (
    <Group gap={8} wrap="nowrap" component="span" display="inline-flex">
      <span className={classes.dot} data-tone={tone} aria-hidden />
      <Text span size="sm" style={{ whiteSpace: "nowrap" }}>
        {children}
      </Text>
    </Group>
  );
}

const toneOfState: Readonly<Record<string, Tone>> = {
  active: "good",
  delivered: "good",
  done: "good",
  pending: "busy",
  retry: "warn",
  waiting: "busy",
  revoked: "bad",
  dead: "bad",
  failed: "bad",
  disabled: "bad",
  refused: "bad",
  missing: "bad",
  error: "bad",
};

const nameOfState: Readonly<Record<string, string>> = {
  dead: "Given up",
  retry: "Failed, tried again",
  revoked: "Ended",
};

export function State({ of }: { readonly of: string }) {
  return <Status tone={toneOfState[of] ?? "quiet"}>{nameOfState[of] ?? capitalized(of)}</Status>;
}
