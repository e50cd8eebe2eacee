/** Everybody who is connected: found by user_id, reference_id, provider, state. */
import { Text } from "@mantine/core";
import { IconSearch, IconUsers } from "@tabler/icons-react";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { answered } from "../../api/answered.ts";
import { usePages } from "../../api/pages.ts";
import type { components } from "../../api/schema.gen.ts";
import { useApi, useCalls, usePlace } from "../../shell/environment.ts";
import { ChoiceFilter, Filters, TextFilter } from "../../ui/filter.tsx";
import { type Column, List, type Pages } from "../../ui/list.tsx";
import { Page, Panel } from "../../ui/page.tsx";
import { Empty, Loaded } from "../../ui/states.tsx";
import { When } from "../../ui/time.tsx";
import { withoutEmpty } from "../../ui/without-empty.ts";
import { ConnectPerson } from "../start/connect-person.tsx";
import { ConnectionState } from "./connection-state.tsx";

type ConnectedUser = components["schemas"]["ConnectedUser"];
type PeopleState = "active" | "paused" | "trouble" | "revoked";

const route = getRouteApi("/signed-in/e/$env/people");

const states = [
  { value: "active", label: "Active" },
  { value: "trouble", label: "In trouble" },
  { value: "paused", label: "Paused" },
  { value: "revoked", label: "Ended" },
];

export function People() {
  const search = route.useSearch();
  const { q, provider, state } = search;
  const navigate = route.useNavigate();
  const change = (part: typeof search) =>
    void navigate({ search: (former) => ({ ...former, ...part }), replace: true });
  const api = useApi();
  const providers = api.useQuery("get", "/admin/v1/providers", {});
  const query = withoutEmpty({ limit: 100, search: q, provider, state: state as PeopleState | undefined });
  const calls = useCalls();
  const asked = usePages({
    key: ["people", query],
    ask: (before) => answered(calls.GET("/admin/v1/people", { params: { query: { ...query, ...before } } })),
    everyMs: 15_000,
  });
  const isFiltered = q !== undefined || provider !== undefined || state !== undefined;
  return (
    <Page
      title="People"
      lead="A row is one person's connection to one provider."
      actions={<ConnectPerson isNext />}
    >
      <Filters>
        <TextFilter
          label="user_id or reference_id"
          hint="user_id, or beginning of reference_id"
          value={q}
          onChange={(value) => change({ q: value })}
          width={320}
          icon={<IconSearch size={16} aria-hidden />}
        />
        <ChoiceFilter
          label="Provider"
          all="Every provider"
          choices={(providers.data?.data ?? []).map(({ slug, name }) => ({ value: slug, label: name }))}
          value={provider}
          onChange={(value) => change({ provider: value })}
        />
        <ChoiceFilter
          label="State"
          all="Every state"
          choices={states}
          value={state}
          onChange={(value) => change({ state: value })}
        />
      </Filters>
      <Panel flush>
        <Loaded asked={asked}>
          {(rows) =>
            rows.length === 0 ? <NoPeople isFiltered={isFiltered} /> : <Table rows={rows} pages={asked} />
          }
        </Loaded>
      </Panel>
    </Page>
  );
}

function NoPeople({ isFiltered }: { readonly isFiltered: boolean }) {
  const icon = <IconUsers size={28} aria-hidden />;
  if (isFiltered) {
    return (
      <Empty title="Nobody fits" icon={icon}>
        A reference_id is found by its beginning, a user_id by all of it.
      </Empty>
    );
  }
  return (
    <Empty title="Nobody is connected yet" icon={icon} action={<ConnectPerson isNext />}>
      Send a person a link on which they connect their wearable.
    </Empty>
  );
}

function Table({ rows, pages }: { readonly rows: readonly ConnectedUser[]; readonly pages: Pages }) {
  const { environment } = usePlace();
  const navigate = useNavigate();
  const env = environment.dev_id;
  const columns: Column<ConnectedUser>[] = [
    {
      name: "Person",
      cell: ({ user_id: user, reference_id: reference }) => (
        <Link to="/e/$env/people/$user" params={{ env, user }} className="plain-link">
          {reference ?? user}
        </Link>
      ),
    },
    {
      name: "user_id",
      cell: ({ user_id: user }) => (
        <Text span size="xs" c="dimmed" ff="monospace">
          {user}
        </Text>
      ),
    },
    { name: "Provider", width: "12%", cell: ({ provider }) => provider },
    { name: "State", width: "14%", cell: (user) => <ConnectionState user={user} /> },
    {
      name: "Newest data",
      width: "13%",
      cell: (user) => <When at={user.most_recent_data_at} none="none yet" />,
    },
    { name: "Connected", width: "12%", cell: (user) => <When at={user.created_at} /> },
  ];
  return (
    <List
      label="People"
      rows={rows}
      columns={columns}
      keyOf={({ user_id: user }) => user}
      onOpen={({ user_id: user }) => void navigate({ to: "/e/$env/people/$user", params: { env, user } })}
      pages={pages}
    />
  );
}
