/** The destinations of events, each with its state. */
import { Button, Group, Text } from "@mantine/core";
import { IconPlugConnected, IconPlus } from "@tabler/icons-react";
import { Link, useNavigate } from "@tanstack/react-router";
import type { components } from "../../api/schema.gen.ts";
import { useApi, useMayChange, usePlace } from "../../shell/environment.ts";
import { counted } from "../../ui/amounts.ts";
import { type Column, List } from "../../ui/list.tsx";
import { Page, Panel } from "../../ui/page.tsx";
import { Empty, Loaded } from "../../ui/states.tsx";
import { Status } from "../../ui/status.tsx";
import { timeInUtc, useNow, When } from "../../ui/time.tsx";
import { targetOf } from "./target.ts";

export type Destination = components["schemas"]["Destination"];

const everyMs = { refetchInterval: 5_000 };

export function Destinations() {
  const asked = useApi().useQuery("get", "/admin/v1/destinations", {}, everyMs);
  const { environment } = usePlace();
  const add = useMayChange() && (
    <Button
      component={Link}
      to={`/e/${environment.dev_id}/destinations/new`}
      leftSection={<IconPlus size={16} aria-hidden />}
    >
      Add destination
    </Button>
  );
  return (
    <Page
      title="Destinations"
      lead="Every event is sent to each destination that takes its type."
      actions={add}
    >
      <Panel flush>
        <Loaded asked={asked}>
          {({ data }) =>
            data.length === 0 ? (
              <Empty
                title="No destination yet"
                icon={<IconPlugConnected size={28} aria-hidden />}
                action={add}
              >
                Until there is one, events are kept for six weeks and can be sent later.
              </Empty>
            ) : (
              <Table destinations={data} />
            )
          }
        </Loaded>
      </Panel>
    </Page>
  );
}

function Table({ destinations }: { readonly destinations: readonly Destination[] }) {
  const { environment } = usePlace();
  const navigate = useNavigate();
  const env = environment.dev_id;
  const columns: Column<Destination>[] = [
    {
      name: "Destination",
      cell: (one) => (
        <Link to="/e/$env/destinations/$id" params={{ env, id: one.id }} className="plain-link">
          {targetOf(one)}
        </Link>
      ),
    },
    { name: "Kind", width: "12%", cell: ({ kind }) => kind },
    { name: "Takes", width: "16%", cell: ({ event_types: types }) => types?.join(", ") ?? "Every type" },
    { name: "State", width: "32%", cell: (one) => <DestinationState destination={one} /> },
    { name: "Added", width: "12%", cell: (one) => <When at={one.created_at} /> },
  ];
  return (
    <List
      label="Destinations"
      rows={destinations}
      columns={columns}
      keyOf={({ id }) => id}
      onOpen={({ id }) => void navigate({ to: "/e/$env/destinations/$id", params: { env, id } })}
    />
  );
}

export function DestinationState({ destination }: { readonly destination: Destination }) {
  const { active, disabled_code: code, failing_since: since, breaker } = destination;
  if (code !== null) return <Status tone="bad">Switched off</Status>;
  if (!active) return <Status tone="quiet">Paused</Status>;
  if (since !== null) {
    return (
      <Group gap={6} wrap="nowrap">
        <Status tone="warn">Failing</Status>
        <Text span size="xs" c="dimmed">
          <Since since={since} breaker={breaker} />
        </Text>
      </Group>
    );
  }
  return <Status tone="good">Active</Status>;
}

function Since({ since, breaker }: { readonly since: string; readonly breaker: Destination["breaker"] }) {
  const now = useNow(1_000);
  if (breaker === null || Date.parse(breaker.paused_until) <= now) return <When at={since} />;
  return `paused until ${timeInUtc(breaker.paused_until)} after ${counted(breaker.failures, "failure")}`;
}
