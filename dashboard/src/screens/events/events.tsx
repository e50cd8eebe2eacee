/** The list of events, newest first. */
import { IconActivity } from "@tabler/icons-react";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { answered } from "../../api/answered.ts";
import { usePages } from "../../api/pages.ts";
import type { paths } from "../../api/schema.gen.ts";
import { type EventType, eventTypes } from "../../forms/event-types.tsx";
import { useCalls, usePlace } from "../../shell/environment.ts";
import { bytes } from "../../ui/amounts.ts";
import { instantsOf } from "../../ui/days.ts";
import { ChoiceFilter, DayFilter, Filters, TextFilter } from "../../ui/filter.tsx";
import { type Column, List, Nothing, type Pages } from "../../ui/list.tsx";
import { Page, Panel } from "../../ui/page.tsx";
import { Empty, Loaded } from "../../ui/states.tsx";
import { When } from "../../ui/time.tsx";
import { withoutEmpty } from "../../ui/without-empty.ts";
import { ResendFailed } from "../deliveries/resend-failed.tsx";
import { LiveMark } from "./live.tsx";
import { EventOutcome, type Outcome, outcomes } from "./outcome.tsx";

const route = getRouteApi("/signed-in/e/$env/events");
type Page_ = paths["/admin/v1/events"]["get"]["responses"][200]["content"]["application/json"];
type Event = Page_["data"][number];

export function Events() {
  const search = route.useSearch();
  const { outcome, type, user, reference, since, until } = search;
  const navigate = route.useNavigate();
  const change = (part: typeof search) =>
    void navigate({ search: (former) => ({ ...former, ...part }), replace: true });
  const query = withoutEmpty({
    limit: 100,
    outcome: outcome as Outcome | undefined,
    types: type,
    user_id: user,
    reference_id: reference,
    ...instantsOf(search),
  });
  const calls = useCalls();
  const asked = usePages({
    key: ["events", query],
    ask: (before) => answered(calls.GET("/admin/v1/events", { params: { query: { ...query, ...before } } })),
    everyMs: 5_000,
  });
  return (
    <Page
      title="Events"
      lead="Each event is one payload, as every destination that takes it gets it."
      actions={
        <>
          {outcome === "dead" && <ResendFailed {...failedOf(search)} />}
          <LiveMark />
        </>
      }
    >
      <Filters>
        <ChoiceFilter
          label="Outcome"
          all="Every outcome"
          choices={outcomes}
          value={outcome}
          onChange={(value) => change({ outcome: value })}
        />
        <ChoiceFilter
          label="Type"
          all="Every type"
          choices={eventTypes}
          value={type}
          onChange={(value) => change({ type: value })}
        />
        <TextFilter
          label="user_id"
          hint="user_id"
          value={user}
          onChange={(value) => change({ user: value })}
          width={200}
        />
        <TextFilter
          label="reference_id"
          hint="reference_id"
          value={reference}
          onChange={(value) => change({ reference: value })}
        />
        <DayFilter since={since} until={until} onChange={change} />
      </Filters>
      <Panel flush>
        <Loaded asked={asked}>
          {(rows) =>
            rows.length > 0 ? (
              <Table rows={rows} pages={asked} />
            ) : (
              <Nothing pages={asked}>
                <NoEvents isFiltered={Object.keys(search).length > 0} />
              </Nothing>
            )
          }
        </Loaded>
      </Panel>
    </Page>
  );
}

function NoEvents({ isFiltered }: { readonly isFiltered: boolean }) {
  if (isFiltered) return <Empty title="No event for this filter">Events are kept for six weeks.</Empty>;
  return (
    <Empty title="No events" icon={<IconActivity size={28} aria-hidden />}>
      An event comes to be when a person connects, when a record is new, and when it changes. They are kept
      for six weeks.
    </Empty>
  );
}

function Table({ rows, pages }: { readonly rows: readonly Event[]; readonly pages: Pages }) {
  const { environment } = usePlace();
  const navigate = useNavigate();
  const env = environment.dev_id;
  const columns: Column<Event>[] = [
    {
      name: "Type",
      width: "16%",
      cell: ({ id, type }) => (
        <Link to="/e/$env/events/$id" params={{ env, id }} className="plain-link">
          {type}
        </Link>
      ),
    },
    { name: "Person", cell: (event) => event.reference_id ?? event.user_id ?? "–" },
    { name: "Outcome", width: "16%", cell: ({ outcome }) => <EventOutcome outcome={outcome} /> },
    { name: "Provider", width: "12%", cell: ({ provider }) => provider ?? "–" },
    { name: "Records", width: "10%", isNumber: true, cell: ({ records }) => records.length },
    { name: "Size", width: "10%", isNumber: true, cell: (event) => bytes(event.bytes) },
    { name: "When", width: "14%", cell: (event) => <When at={event.created_at} /> },
  ];
  return (
    <List
      label="Events"
      rows={rows}
      columns={columns}
      keyOf={({ id }) => id}
      onOpen={({ id }) => void navigate({ to: "/e/$env/events/$id", params: { env, id } })}
      pages={pages}
    />
  );
}

/** The filter of the list, as the dead letters have it. */
function failedOf(search: ReturnType<typeof route.useSearch>) {
  const { type, user, reference, since, until } = search;
  const filter = withoutEmpty({
    types: type === undefined ? undefined : [type as EventType],
    user_id: user,
    reference_id: reference,
    ...instantsOf(search),
  });
  const facts = { Type: type, Person: user, reference_id: reference };
  return { filter, shown: Object.entries(withoutEmpty({ ...facts, "Made from": since, "Made to": until })) };
}
