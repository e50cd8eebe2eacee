/** The list of deliveries, newest first. */
import { IconBroadcast } from "@tabler/icons-react";
import { getRouteApi } from "@tanstack/react-router";
import { answered } from "../../api/answered.ts";
import { usePages } from "../../api/pages.ts";
import { type EventType, eventTypes } from "../../forms/event-types.tsx";
import { useApi, useCalls } from "../../shell/environment.ts";
import { instantsOf } from "../../ui/days.ts";
import { ChoiceFilter, DayFilter, Filters, TextFilter } from "../../ui/filter.tsx";
import { Nothing } from "../../ui/list.tsx";
import { Page, Panel } from "../../ui/page.tsx";
import { Empty, Loaded } from "../../ui/states.tsx";
import { withoutEmpty } from "../../ui/without-empty.ts";
import { targetOf } from "../destinations/target.ts";
import { LiveMark } from "../events/live.tsx";
import { DeliveryTable } from "./delivery-table.tsx";
import { ResendFailed } from "./resend-failed.tsx";

const route = getRouteApi("/signed-in/e/$env/deliveries");

const states = [
  { value: "pending", label: "Pending" },
  { value: "delivered", label: "Delivered" },
  { value: "dead", label: "Given up" },
  { value: "cancelled", label: "Cancelled" },
];

export function Deliveries() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const change = (part: typeof search) =>
    void navigate({ search: (former) => ({ ...former, ...part }), replace: true });
  const api = useApi();
  const destinations = api.useQuery("get", "/admin/v1/destinations", {});
  const query = withoutEmpty({
    limit: 100,
    states: search.state,
    destination_id: search.destination,
    types: search.type,
    user_id: search.user,
    event_id: search.event,
    ...instantsOf(search),
  });
  const nameOf = (id: string): string => {
    const found = destinations.data?.data.find((one) => one.id === id);
    return found === undefined ? id : targetOf(found);
  };
  const calls = useCalls();
  const asked = usePages({
    key: ["deliveries", query],
    ask: (before) =>
      answered(calls.GET("/admin/v1/deliveries", { params: { query: { ...query, ...before } } })),
    everyMs: 3_000,
  });
  return (
    <Page
      title="Deliveries"
      lead="An event on its way to a destination, with every attempt."
      actions={
        <>
          {isOfFailed(search) && <ResendFailed {...failedOf(search, nameOf)} />}
          <LiveMark />
        </>
      }
    >
      <Filters>
        <ChoiceFilter
          label="Outcome"
          all="Every outcome"
          choices={states}
          value={search.state}
          onChange={(state) => change({ state })}
        />
        <ChoiceFilter
          label="Destination"
          all="Every destination"
          choices={(destinations.data?.data ?? []).map((one) => ({ value: one.id, label: targetOf(one) }))}
          value={search.destination}
          onChange={(destination) => change({ destination })}
        />
        <ChoiceFilter
          label="Type"
          all="Every type"
          choices={eventTypes}
          value={search.type}
          onChange={(type) => change({ type })}
        />
        <TextFilter
          label="user_id"
          hint="user_id"
          value={search.user}
          onChange={(user) => change({ user })}
          width={200}
        />
        <DayFilter since={search.since} until={search.until} onChange={change} />
      </Filters>
      <Panel flush>
        <Loaded asked={asked}>
          {(rows) =>
            rows.length === 0 ? (
              <Nothing pages={asked}>
                <Empty title="No deliveries" icon={<IconBroadcast size={28} aria-hidden />}>
                  {Object.keys(search).length > 0
                    ? "There is none for this filter. Deliveries are kept for six weeks."
                    : "There is one as soon as an event has a destination that takes it."}
                </Empty>
              </Nothing>
            ) : (
              <DeliveryTable rows={rows} pages={asked} />
            )
          }
        </Loaded>
      </Panel>
    </Page>
  );
}

type Search = ReturnType<typeof route.useSearch>;

/** Says whether the filter shows deliveries that were given up. */
const isOfFailed = ({ state, event }: Search): boolean =>
  event === undefined && (state === undefined || state === "dead");

/** The filter of the list, as the dead letters have it: their time is that of the delivery. */
function failedOf({ destination, type, user, since, until }: Search, nameOf: (id: string) => string) {
  const { since: from, until: to } = instantsOf({ since, until });
  const filter = withoutEmpty({
    destination_id: destination,
    types: type === undefined ? undefined : [type as EventType],
    user_id: user,
    planned_since: from,
    planned_until: to,
  });
  const facts = { Destination: destination && nameOf(destination), Type: type, Person: user };
  const days = { "Planned from": since, "Planned to": until };
  return { filter, shown: Object.entries(withoutEmpty({ ...facts, ...days })) };
}
