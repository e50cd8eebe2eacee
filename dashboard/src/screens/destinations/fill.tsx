/** Fills a destination with the events that are kept and were never sent there. */
import { Button, Group, Stack, Text } from "@mantine/core";
import { counted } from "../../ui/amounts.ts";
import { dayMs } from "../../ui/days.ts";
import { useOnce } from "../../ui/once.ts";
import { ProblemText } from "../../ui/problem.tsx";
import type { Parts } from "../deliveries/parts.ts";
import { Counting, leftOut, Sending } from "../deliveries/sending.tsx";
import { useReplay } from "./use-replay.ts";

interface FillProps {
  readonly id: string;
  /** Counts as soon as it is shown. */
  readonly isImmediate?: boolean;
}

/** Longer than events are kept. */
const reachMs = 60 * dayMs;
const instant = (ms: number): string => new Date(ms).toISOString();

export function Fill({ id, isImmediate = false }: FillProps) {
  const { counting, sending, count, send } = useReplay(() => ({
    since: instant(Date.now() - reachMs),
    until: instant(Date.now() + dayMs),
    destination_id: id,
    outcome: "none",
  }));
  useOnce(() => {
    if (isImmediate) count();
  });
  const planned = counting.totals.deliveries;
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">
        Sends each event of the last six weeks that it takes and that was never sent here, the oldest first,
        as it was sent then. A record that changed comes once for each change. Older records have no event any
        more: request those of a person on the person's page.
      </Text>
      <Counted counting={counting} />
      <Sending sending={sending} planned={planned} />
      <Group justify="flex-end" gap="xs">
        <Button variant="default" size="xs" loading={counting.state === "running"} onClick={count}>
          {counting.state === "idle" ? "Count what is there" : "Count again"}
        </Button>
        <Button
          size="xs"
          disabled={counting.state !== "done" || planned === 0 || sending.state !== "idle"}
          loading={sending.state === "running"}
          onClick={send}
        >
          {planned === 0 ? "Fill" : `Fill with ${counted(planned, "event")}`}
        </Button>
      </Group>
    </Stack>
  );
}

function Counted({ counting: { state, totals, error } }: { readonly counting: Parts }) {
  if (error !== null) return <ProblemText error={error} />;
  if (state === "idle") return null;
  if (state === "running") return <Counting totals={totals} />;
  if (totals.matched === 0)
    return <Text size="sm">It has been sent every event that is kept and that it takes.</Text>;
  return (
    <Text size="sm">
      <strong>{counted(totals.matched, "event")}</strong> with {counted(totals.records, "record")} were never
      sent here.
      {leftOut(totals)}
    </Text>
  );
}
