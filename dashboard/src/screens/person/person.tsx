/** One person's connection: what is held, how far fetching has come, what can be done. */
import { Tabs } from "@mantine/core";
import { getRouteApi } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useApi } from "../../shell/environment.ts";
import { LoadedPage, Page } from "../../ui/page.tsx";
import { ConnectionState } from "../people/connection-state.tsx";
import { BodyTrends } from "./body-trends.tsx";
import { History } from "./history.tsx";
import { Overview } from "./overview.tsx";
import { PersonActions } from "./person-actions.tsx";
import type { PersonAnswer } from "./person-answer.ts";
import { Records } from "./records.tsx";
import { SyncProgress } from "./sync-progress.tsx";
import { useIsSandboxKnown } from "./sync-watch.tsx";

const route = getRouteApi("/signed-in/e/$env/people/$user");

const tabs: Readonly<Record<string, (person: PersonAnswer) => ReactNode>> = {
  Overview: (person) => <Overview person={person} />,
  Records: ({ user_id: id }) => <Records userId={id} />,
  Body: ({ user_id: id }) => <BodyTrends userId={id} />,
  Fetching: ({ user_id: id }) => <SyncProgress userId={id} />,
  History: ({ user_id: id }) => <History userId={id} />,
};

const waiting = { data: undefined, error: null, isPending: true };

export function Person() {
  const { user: id } = route.useParams();
  const asked = useApi().useQuery(
    "get",
    "/admin/v1/users/{id}",
    { params: { path: { id } } },
    { refetchInterval: 5_000 },
  );
  // A button that came later would move the others.
  const isSandboxKnown = useIsSandboxKnown();
  return (
    <LoadedPage title="Person" asked={isSandboxKnown ? asked : { ...asked, ...waiting }}>
      {(person) => <Shown key={id} person={person} />}
    </LoadedPage>
  );
}

function Shown({ person }: { readonly person: PersonAnswer }) {
  const { tab = "Overview" } = route.useSearch();
  const navigate = route.useNavigate();
  const open = (name: string | null) =>
    void navigate({ search: name === "Overview" || name === null ? {} : { tab: name } });
  return (
    <Page
      title={person.reference_id ?? person.user_id}
      lead={<ConnectionState user={person} />}
      actions={<PersonActions person={person} />}
    >
      <Tabs value={tab} onChange={open} keepMounted={false}>
        <Tabs.List style={{ flexWrap: "nowrap", overflowX: "auto", overflowY: "hidden" }}>
          {Object.keys(tabs).map((name) => (
            <Tabs.Tab key={name} value={name}>
              {name}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {Object.entries(tabs).map(([name, shown]) => (
          <Tabs.Panel key={name} value={name} pt="lg">
            {shown(person)}
          </Tabs.Panel>
        ))}
      </Tabs>
    </Page>
  );
}
