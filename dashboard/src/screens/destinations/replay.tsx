/** Sends the events of a time range again, after showing how many they are. */
import { Button, Group, Select, SimpleGrid, Stack, Text, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useApi, useMayChange } from "../../shell/environment.ts";
import { Panel } from "../../ui/page.tsx";
import { ProblemText } from "../../ui/problem.tsx";
import type { Destination } from "./destinations.tsx";

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
  const [since, setSince] = useState(() => inputOf(Date.now() - 24 * hourMs));
  const [until, setUntil] = useState(() => inputOf(Date.now() + hourMs));
  const [outcome, setOutcome] = useState("");
  const client = useQueryClient();
  const api = useApi();
  const preview = api.useMutation("post", "/admin/v1/events/replay");
  const send = api.useMutation("post", "/admin/v1/events/replay", {
    onSuccess: () => client.invalidateQueries(),
  });
  const ask = (dry: boolean) => ({
    body: {
      since: `${since}:00Z`,
      until: `${until}:00Z`,
      destination_id: destination.id,
      ...(outcome === "" ? {} : { outcome: outcome as Outcome }),
      dry_run: dry,
    },
  });
  const forget = () => {
    preview.reset();
    send.reset();
  };
  const planned = preview.data?.deliveries ?? 0;
  if (!useMayChange()) return null;
  return (
    <Panel title="Send again">
      <Stack>
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          <TextInput
            label="From (UTC)"
            type="datetime-local"
            value={since}
            onChange={(event) => {
              setSince(event.currentTarget.value);
              forget();
            }}
          />
          <TextInput
            label="Until (UTC)"
            type="datetime-local"
            value={until}
            onChange={(event) => {
              setUntil(event.currentTarget.value);
              forget();
            }}
          />
        </SimpleGrid>
        <Select
          label="Events"
          data={outcomes}
          value={outcome}
          onChange={(value) => {
            setOutcome(value ?? "");
            forget();
          }}
          allowDeselect={false}
        />
        <ProblemText error={preview.error ?? send.error} />
        <Group justify="space-between" wrap="nowrap">
          <Text size="sm" c="dimmed" aria-live="polite">
            {sentence(preview.data, send.data)}
          </Text>
          <Group gap="xs" wrap="nowrap">
            <Button variant="default" loading={preview.isPending} onClick={() => preview.mutate(ask(true))}>
              Count
            </Button>
            <Button
              disabled={planned === 0 || send.data !== undefined}
              loading={send.isPending}
              onClick={() => send.mutate(ask(false))}
            >
              {planned === 0 ? "Send" : `Send ${planned}`}
            </Button>
          </Group>
        </Group>
      </Stack>
    </Panel>
  );
}

interface Counts {
  readonly events: number;
  readonly deliveries: number;
  readonly already_pending: number;
}

function sentence(planned: Counts | undefined, sent: Counts | undefined): string {
  if (sent !== undefined) return `${sent.deliveries} are on their way.`;
  if (planned === undefined) return "Count first: it shows how many would be sent.";
  const waiting = planned.already_pending === 0 ? "" : `, ${planned.already_pending} on their way already`;
  return `${planned.events} events; ${planned.deliveries} would be sent${waiting}.`;
}
