/** One destination: how it fares, what it is set to, and what can be done with it. */
import { Button, Group, SimpleGrid, Stack, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useApi, useMayChange, usePlace } from "../../shell/environment.ts";
import { Facts } from "../../ui/facts.tsx";
import { LoadedPage, Page, Panel } from "../../ui/page.tsx";
import { ProblemText } from "../../ui/problem.tsx";
import { When } from "../../ui/time.tsx";
import { ConnectionTest } from "./connection-test.tsx";
import { DestinationSettings } from "./destination-settings.tsx";
import { type Destination, DestinationState } from "./destinations.tsx";
import { Fill } from "./fill.tsx";
import { Performance } from "./performance.tsx";
import { RemoveDestination } from "./remove-destination.tsx";
import { Replay } from "./replay.tsx";
import { RotateSecret } from "./rotate-secret.tsx";
import { targetOf } from "./target.ts";
import { Trouble } from "./trouble.tsx";

const route = getRouteApi("/signed-in/e/$env/destinations/$id");
const everyMs = { refetchInterval: 5_000 };

export function DestinationScreen() {
  const { id } = route.useParams();
  const path = { params: { path: { id } } };
  const asked = useApi().useQuery("get", "/admin/v1/destinations/{id}", path, everyMs);
  return (
    <LoadedPage title="Destination" asked={asked}>
      {(destination) => <Shown destination={destination} />}
    </LoadedPage>
  );
}

function Shown({ destination }: { readonly destination: Destination }) {
  const { environment } = usePlace();
  const { id } = destination;
  return (
    <Page
      title={targetOf(destination)}
      lead={<DestinationState destination={destination} />}
      actions={
        <>
          <Button
            component={Link}
            to={`/e/${environment.dev_id}/deliveries?destination=${id}`}
            variant="default"
          >
            Deliveries
          </Button>
          {useMayChange() && <Pause destination={destination} />}
        </>
      }
    >
      <Trouble destination={destination} />
      <Performance destination={destination} />
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
        <Stack gap="lg">
          <DestinationSettings destination={destination} />
          {useMayChange() && destination.active && (
            <Panel title="Fill with what is there">
              <Fill id={id} />
            </Panel>
          )}
          <Replay destination={destination} />
        </Stack>
        <Stack gap="lg">
          {useMayChange() && (
            <Panel title="Connection">
              <Stack>
                <Text size="sm" c="dimmed">
                  Sends nothing of anybody: it checks that the target answers and that every permission is
                  there.
                </Text>
                <ConnectionTest id={id} />
              </Stack>
            </Panel>
          )}
          <Panel title="Facts">
            <Facts
              facts={[
                ["Kind", destination.kind],
                ["Id", <code key="id">{id}</code>],
                ["Events", destination.event_types?.join(", ") ?? "every type"],
                ["Bodies", destination.payload === "link" ? "as a link" : "whole"],
                ["Records as", destination.format],
                ["Settings revision", String(destination.revision)],
                ["Changed", <When key="changed" at={destination.updated_at} />],
              ]}
            />
          </Panel>
          {useMayChange() && (
            <Panel title="Secret and removal">
              <Stack>
                <RotateSecret destination={destination} />
                <RemoveDestination destination={destination} />
              </Stack>
            </Panel>
          )}
        </Stack>
      </SimpleGrid>
    </Page>
  );
}

function Pause({ destination: { id, active } }: { readonly destination: Destination }) {
  const client = useQueryClient();
  const change = useApi().useMutation("patch", "/admin/v1/destinations/{id}", {
    onSuccess: () => client.invalidateQueries(),
  });
  return (
    <Group gap="xs">
      <Button
        variant={active ? "default" : "filled"}
        loading={change.isPending}
        onClick={() => change.mutate({ params: { path: { id } }, body: { active: !active } })}
      >
        {active ? "Pause" : "Resume"}
      </Button>
      <ProblemText error={change.error} />
    </Group>
  );
}
