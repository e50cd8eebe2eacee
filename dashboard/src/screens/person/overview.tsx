import { SimpleGrid, Stack, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useApi, usePlace } from "../../shell/environment.ts";
import { count } from "../../ui/amounts.ts";
import { Facts } from "../../ui/facts.tsx";
import { Notice } from "../../ui/notice.tsx";
import { Panel } from "../../ui/page.tsx";
import { Empty } from "../../ui/states.tsx";
import { When } from "../../ui/time.tsx";
import { ConnectionState } from "../people/connection-state.tsx";
import { HeldCalendar } from "./held-calendar.tsx";
import type { PersonAnswer } from "./person-answer.ts";

export function Overview({ person }: { readonly person: PersonAnswer }) {
  return (
    <Stack gap="lg">
      {person.error !== null && (
        <Notice tone="warn">
          <Text size="sm">
            The provider has refused or failed for this person <When at={person.error.since} />:{" "}
            <code>{person.error.code}</code>.{" "}
            {person.state === "revoked"
              ? "Nothing is asked until the person connects again."
              : "It is tried again by itself."}
          </Text>
        </Notice>
      )}
      {person.state === "active" && person.key_ends_at !== null && <KeyEnd endsAt={person.key_ends_at} />}
      <HeldCalendar userId={person.user_id} />
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
        <Panel title="Connection">
          <Facts
            facts={[
              ["Provider", person.provider],
              ["user_id", <code key="user">{person.user_id}</code>],
              ["reference_id", person.reference_id ?? "–"],
              ["Id at the provider", <code key="provider">{person.provider_user_id}</code>],
              ["Scopes", person.scopes ?? "–"],
              ["Connected", <When key="at" at={person.created_at} />],
              ...keyFacts(person),
              ["Last asked", <When key="asked" at={person.last_polled_at} none="not yet" />],
              ["Newest data", <When key="newest" at={person.most_recent_data_at} none="none yet" />],
            ]}
          />
        </Panel>
        <Stack gap="lg">
          <Holdings person={person} />
          <SameReference person={person} />
        </Stack>
      </SimpleGrid>
    </Stack>
  );
}

/** The end of a pasted key, for a provider that has keys. */
const keyFacts = ({ key_ends_at: endsAt }: PersonAnswer): [string, ReactNode][] =>
  endsAt === null ? [] : [["Key ends", <When key="ends" at={endsAt} />]];

const noticedMs = 14 * 24 * 3_600_000;

/** Says that a key ends within two weeks, and what to do. */
function KeyEnd({ endsAt }: { readonly endsAt: string }) {
  if (Date.parse(endsAt) - Date.now() > noticedMs) return null;
  return (
    <Notice tone="warn">
      <Text size="sm">
        The key that this person pasted ends <When at={endsAt} />. Send them a connect link with the same
        reference_id: they make another key and paste it there. Their data stays.
      </Text>
    </Notice>
  );
}

function Holdings({ person: { holdings } }: { readonly person: PersonAnswer }) {
  return (
    <Panel title="What is held" flush>
      {holdings.length === 0 ? (
        <Empty title="Nothing yet">The first data arrives a moment after the watch has synced.</Empty>
      ) : (
        <table className="data-table" aria-label="What is held">
          <thead>
            <tr>
              <th scope="col">Type</th>
              <th scope="col" className="number">
                Records
              </th>
              <th scope="col">From</th>
              <th scope="col">To</th>
            </tr>
          </thead>
          <tbody>
            {holdings.map(({ type, records, from, to }) => (
              <tr key={type}>
                <td>{type}</td>
                <td className="number">{count(records)}</td>
                <td>{from?.slice(0, 10) ?? "–"}</td>
                <td>{to?.slice(0, 10) ?? "–"}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  );
}

/** One person may wear more than one device: what the developer calls them ties their connections together. */
function SameReference({
  person: { reference_id: reference, user_id: own },
}: {
  readonly person: PersonAnswer;
}) {
  const { environment } = usePlace();
  const query = { reference_id: reference ?? "" };
  const asked = useApi().useQuery(
    "get",
    "/admin/v1/users",
    { params: { query } },
    { enabled: reference != null },
  );
  const others = (asked.data?.data ?? []).filter(({ user_id: id }) => id !== own);
  if (others.length === 0) return null;
  return (
    <Panel title="Other connections of this person" flush>
      <table className="data-table" aria-label="Other connections">
        <tbody>
          {others.map((other) => (
            <tr key={other.user_id}>
              <td>
                <Link
                  to="/e/$env/people/$user"
                  params={{ env: environment.dev_id, user: other.user_id }}
                  className="plain-link"
                >
                  {other.provider}
                </Link>
              </td>
              <td>
                <ConnectionState user={other} />
              </td>
              <td>
                <When at={other.most_recent_data_at} none="no data yet" />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}
