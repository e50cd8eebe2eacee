/** The list of deliveries, newest first. */
import { TextInput } from "@mantine/core";
import { IconBroadcast } from "@tabler/icons-react";
import { getRouteApi } from "@tanstack/react-router";
import { answered } from "../../api/answered.ts";
import { usePages } from "../../api/pages.ts";
import { eventTypes } from "../../forms/event-types.tsx";
import { useApi, useCalls } from "../../shell/environment.ts";
import { ChoiceFilter, Filters, TextFilter } from "../../ui/filter.tsx";
import { Page, Panel } from "../../ui/page.tsx";
import { Empty, Loaded } from "../../ui/states.tsx";
import { withoutEmpty } from "../../ui/without-empty.ts";
import { targetOf } from "../destinations/target.ts";
import { LiveMark } from "../events/live.tsx";
import { DeliveryTable } from "./delivery-table.tsx";

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
    since: search.since === undefined ? undefined : `${search.since}T00:00:00Z`,
  });
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
      actions={<LiveMark />}
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
        <TextInput
          type="date"
          aria-label="Since, in UTC"
          value={search.since ?? ""}
          onChange={(event) => change({ since: event.currentTarget.value || undefined })}
        />
      </Filters>
      <Panel flush>
        <Loaded asked={asked}>
          {(rows) =>
            rows.length === 0 ? (
              <Empty title="No deliveries" icon={<IconBroadcast size={28} aria-hidden />}>
                There is one as soon as an event has a destination that takes it.
              </Empty>
            ) : (
              <DeliveryTable rows={rows} pages={asked} />
            )
          }
        </Loaded>
      </Panel>
    </Page>
  );
}
