/** The list of events, newest first. */
import { IconActivity } from "@tabler/icons-react";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { answered } from "../../api/answered.ts";
import { usePages } from "../../api/pages.ts";
import type { paths } from "../../api/schema.gen.ts";
import { eventTypes } from "../../forms/event-types.tsx";
import { useCalls, usePlace } from "../../shell/environment.ts";
import { bytes } from "../../ui/amounts.ts";
import { ChoiceFilter, Filters, TextFilter } from "../../ui/filter.tsx";
import { type Column, List, type Pages } from "../../ui/list.tsx";
import { Page, Panel } from "../../ui/page.tsx";
import { Empty, Loaded } from "../../ui/states.tsx";
import { When } from "../../ui/time.tsx";
import { withoutEmpty } from "../../ui/without-empty.ts";
import { LiveMark } from "./live.tsx";

const route = getRouteApi("/signed-in/e/$env/events");
type Page_ = paths["/admin/v1/events"]["get"]["responses"][200]["content"]["application/json"];
type Event = Page_["data"][number];

export function Events() {
  const search = route.useSearch();
  const { type, user, reference } = search;
  const navigate = route.useNavigate();
  const change = (part: typeof search) =>
    void navigate({ search: (former) => ({ ...former, ...part }), replace: true });
  const query = withoutEmpty({ limit: 100, types: type, user_id: user, reference_id: reference });
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
      actions={<LiveMark />}
    >
      <Filters>
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
          width={320}
        />
        <TextFilter
          label="reference_id"
          hint="reference_id"
          value={reference}
          onChange={(value) => change({ reference: value })}
        />
      </Filters>
      <Panel flush>
        <Loaded asked={asked}>
          {(rows) => (rows.length === 0 ? <NoEvents /> : <Table rows={rows} pages={asked} />)}
        </Loaded>
      </Panel>
    </Page>
  );
}

function NoEvents() {
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
