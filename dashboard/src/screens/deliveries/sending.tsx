/** The count, the course and the end of sending many deliveries again. */
import { Button, Group, Loader, Progress, Stack, Text } from "@mantine/core";
import { count, counted } from "../../ui/amounts.ts";
import { ProblemText } from "../../ui/problem.tsx";
import type { Parts, Totals } from "./parts.ts";

export const Counting = ({ totals: { deliveries } }: { readonly totals: Totals }) => (
  <Group gap="xs">
    <Loader size="xs" />
    <Text size="sm">Counting … {deliveries > 0 && deliveriesIn(deliveries)}</Text>
  </Group>
);

interface SendingProps {
  readonly sending: Parts;
  /** The number of deliveries that the count before gave. */
  readonly planned: number;
}

export function Sending({ sending, planned }: SendingProps) {
  const { state, totals, error, stop } = sending;
  if (state === "idle") return null;
  const share = planned === 0 ? 100 : Math.min(100, (100 * totals.deliveries) / planned);
  return (
    <Stack gap="xs" aria-live="polite">
      {state === "running" && (
        <>
          <Progress value={share} aria-label="Deliveries that are planned" />
          <Group justify="space-between" wrap="nowrap">
            <Text size="sm">
              {count(totals.deliveries)} of {count(planned)} are planned …
            </Text>
            <Button size="compact-xs" variant="default" onClick={stop}>
              Stop
            </Button>
          </Group>
        </>
      )}
      {state !== "running" && <Text size="sm">{resultOf(state, totals)}</Text>}
      <ProblemText error={error} />
    </Stack>
  );
}

function resultOf(state: Parts["state"], totals: Totals): string {
  const sent = `${are(totals.deliveries)} on their way, as deliveries of their own.`;
  const end = {
    stopped: " You stopped it there: what is left can be sent the same way.",
    failed: " Then it failed; what is left can be sent the same way.",
  }[state as string];
  return `${sent}${leftOut(totals)}${end ?? ""}`;
}

const are = (value: number): string => (value === 1 ? "1 is" : `${count(value)} are`);

/** Says how many are not sent, and why. */
export function leftOut({ already_pending: pending, inactive }: Totals): string {
  const parts = [
    ...(pending === 0 ? [] : [`${are(pending)} on the way already`]),
    ...(inactive === 0 ? [] : [`${are(inactive)} left out: the destination is switched off`]),
  ];
  return parts.length === 0 ? "" : ` ${parts.join("; ")}.`;
}

export const deliveriesIn = (value: number): string => counted(value, "delivery", "deliveries");
