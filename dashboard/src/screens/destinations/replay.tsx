/** Sends the events of a time range again, after showing how many they are. */
import { Button, Group, Select, SimpleGrid, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { useMayChange } from "../../shell/environment.ts";
import { counted } from "../../ui/amounts.ts";
import { Panel } from "../../ui/page.tsx";
import { ProblemText } from "../../ui/problem.tsx";
import type { Parts } from "../deliveries/parts.ts";
import { deliveriesIn, leftOut, Sending } from "../deliveries/sending.tsx";
import type { Destination } from "./destinations.tsx";
import { useReplay } from "./use-replay.ts";

type Outcome = "pending" | "delivered" | "dead" | "cancelled" | "none";

const outcomes = [
  { value: "", label: "All of them" },
  { value: "none", label: "Never sent here: it is newer, or was off" },
  { value: "dead", label: "Given up" },
  { value: "delivered", label: "Delivered" },
];

const hourMs = 3_600_000;
/** The value of a `datetime-local` input, in UTC. */
const inputOf = (ms: number): string => new Date(ms).toISOString().slice(0, 16);

export function Replay({ destination }: { readonly destination: Destination }) {
  if (!useMayChange()) return null;
  return (
    <Panel title="Send again">
      {destination.active ? (
        <Range destination={destination} />
      ) : (
        <Text size="sm" c="dimmed">
          It is paused. Resume it to send something again.
        </Text>
      )}
    </Panel>
  );
}

function Range({ destination: { id } }: { readonly destination: Destination }) {
  const [range, setRange] = useState(() => ({
    since: inputOf(Date.now() - 24 * hourMs),
    until: inputOf(Date.now() + hourMs),
    outcome: "",
  }));
  const { counting, sending, count, send } = useReplay(() => ({
    since: `${range.since}:00Z`,
    until: `${range.until}:00Z`,
    destination_id: id,
    ...(range.outcome !== "" && { outcome: range.outcome as Outcome }),
  }));
  const change = (part: Partial<typeof range>) => {
    setRange({ ...range, ...part });
    counting.reset();
    sending.reset();
  };
  const isReady = range.since !== "" && range.until !== "" && range.since < range.until;
  const planned = counting.totals.deliveries;
  return (
    <Stack>
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <TextInput
          label="From (UTC)"
          type="datetime-local"
          value={range.since}
          onChange={(event) => change({ since: event.currentTarget.value })}
        />
        <TextInput
          label="Until (UTC)"
          type="datetime-local"
          value={range.until}
          error={isReady ? null : "Later than the beginning"}
          onChange={(event) => change({ until: event.currentTarget.value })}
        />
      </SimpleGrid>
      <Select
        label="Events"
        data={outcomes}
        value={range.outcome}
        onChange={(outcome) => change({ outcome: outcome ?? "" })}
        allowDeselect={false}
      />
      <CountedRange counting={counting} />
      <Sending sending={sending} planned={planned} />
      <Group justify="flex-end" gap="xs">
        <Button variant="default" disabled={!isReady} loading={counting.state === "running"} onClick={count}>
          Count
        </Button>
        <Button
          disabled={counting.state !== "done" || planned === 0 || sending.state !== "idle"}
          loading={sending.state === "running"}
          onClick={send}
        >
          {planned === 0 ? "Send" : `Send ${deliveriesIn(planned)}`}
        </Button>
      </Group>
    </Stack>
  );
}

function CountedRange({ counting: { state, totals, error } }: { readonly counting: Parts }) {
  if (error !== null) return <ProblemText error={error} />;
  return (
    <Text size="sm" c="dimmed" aria-live="polite">
      {state === "idle"
        ? "Count first: it shows how many would be sent."
        : `${counted(totals.matched, "event")}; ${deliveriesIn(totals.deliveries)} would be sent.${leftOut(totals)}`}
    </Text>
  );
}
