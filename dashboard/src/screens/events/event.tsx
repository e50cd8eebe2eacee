/** One event: its body as it is sent, and how each delivery of it went. */
import { Badge, Button, Group, SimpleGrid } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import type { paths } from "../../api/schema.gen.ts";
import { useApi, useMayChange, usePlace } from "../../shell/environment.ts";
import { bytes, counted } from "../../ui/amounts.ts";
import { Facts } from "../../ui/facts.tsx";
import { JsonView } from "../../ui/json-view.tsx";
import { LoadedPage, Page, Panel } from "../../ui/page.tsx";
import { ProblemText } from "../../ui/problem.tsx";
import { Empty, Loaded } from "../../ui/states.tsx";
import { When } from "../../ui/time.tsx";
import { DeliveryTable } from "../deliveries/delivery-table.tsx";

const route = getRouteApi("/signed-in/e/$env/events/$id");
type Event = paths["/admin/v1/events/{id}"]["get"]["responses"][200]["content"]["application/json"];

export function EventScreen() {
  const { id } = route.useParams();
  const asked = useApi().useQuery(
    "get",
    "/admin/v1/events/{id}",
    { params: { path: { id } } },
    { staleTime: Infinity },
  );
  return (
    <LoadedPage title="Event" asked={asked}>
      {(event) => <Shown event={event} />}
    </LoadedPage>
  );
}

function Shown({ event }: { readonly event: Event }) {
  return (
    <Page
      title={`Event: ${event.type}`}
      lead={<When at={event.created_at} />}
      actions={useMayChange() && <SendAgain id={event.id} />}
    >
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
        <Panel title="Facts">
          <Facts
            facts={[
              ["Person", <PersonLink key="person" event={event} />],
              ["Provider", event.provider ?? "–"],
              ["Size", bytes(event.bytes)],
              ["Event id", <code key="id">{event.id}</code>],
              ["Reference", <code key="reference">{event.reference}</code>],
              ["Trace id", <code key="trace">{event.trace_id}</code>],
            ]}
          />
        </Panel>
        <Panel title="Records" note={counted(event.records.length, "record")}>
          {event.records.length === 0 ? (
            "This event carries no record."
          ) : (
            <Group gap={6}>
              {event.records.slice(0, 30).map(({ type, natural_key: key, revision }) => (
                <Badge key={`${type} ${key}`} variant="default" tt="none" fw={500}>
                  {type} {key} · revision {revision}
                </Badge>
              ))}
            </Group>
          )}
        </Panel>
      </SimpleGrid>
      <Deliveries id={event.id} />
      <Panel title="Body" note="as it is sent">
        <JsonView value={event.body} label="Body of the event" />
      </Panel>
    </Page>
  );
}

function PersonLink({ event: { user_id: user, reference_id: reference } }: { readonly event: Event }) {
  const { environment } = usePlace();
  if (user === null) return "–";
  return (
    <Link to="/e/$env/people/$user" params={{ env: environment.dev_id, user }}>
      {reference ?? user}
    </Link>
  );
}

function Deliveries({ id }: { readonly id: string }) {
  const query = { event_id: id, limit: 100 };
  const asked = useApi().useQuery(
    "get",
    "/admin/v1/deliveries",
    { params: { query } },
    { refetchInterval: 3_000 },
  );
  return (
    <Panel title="Deliveries" flush>
      <Loaded asked={asked}>
        {({ data }) =>
          data.length === 0 ? (
            <Empty title="It was sent nowhere">
              No active destination took this type when it came to be.
            </Empty>
          ) : (
            <DeliveryTable rows={data} />
          )
        }
      </Loaded>
    </Panel>
  );
}

function SendAgain({ id }: { readonly id: string }) {
  const client = useQueryClient();
  const send = useApi().useMutation("post", "/admin/v1/events/{id}/replay", {
    onSuccess: () => client.invalidateQueries(),
  });
  return (
    <>
      <ProblemText error={send.error} />
      <Button
        variant="default"
        loading={send.isPending}
        onClick={() => send.mutate({ params: { path: { id } }, body: {} })}
      >
        {send.data === undefined
          ? "Send again to every destination"
          : `Sent again to ${send.data.deliveries}`}
      </Button>
    </>
  );
}
