/** The history of a connection, and the notifications of the provider about it. */
import { SimpleGrid } from "@mantine/core";
import type { ReactNode } from "react";
import { useApi } from "../../shell/environment.ts";
import { Panel } from "../../ui/page.tsx";
import { Empty, Loaded } from "../../ui/states.tsx";
import { State } from "../../ui/status.tsx";
import { When } from "../../ui/time.tsx";

const types = "auth,deauth,user_reauth,access_revoked,permission_change,connection_error,key_ends_soon";
const everyMs = { refetchInterval: 5_000 };

const sentences: Readonly<Record<string, string>> = {
  auth: "Connected",
  deauth: "Disconnected",
  user_reauth: "Connected again",
  access_revoked: "Access was taken back at the provider",
  permission_change: "Scopes changed",
  connection_error: "The connection failed",
  key_ends_soon: "Reminded that the key ends",
};

const origins = {
  provider: "Announced",
  connect: "Asked after connecting",
  request: "Asked on request",
  reconcile: "Asked to be sure",
  backfill: "Older history",
} as const;

export function History({ userId }: { readonly userId: string }) {
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
      <ConnectionHistory userId={userId} />
      <Notifications userId={userId} />
    </SimpleGrid>
  );
}

function ConnectionHistory({ userId }: { readonly userId: string }) {
  const query = { types, user_id: userId, limit: 100 };
  const asked = useApi().useQuery("get", "/admin/v1/events", { params: { query } }, everyMs);
  return (
    <Panel title="Connection" note="the last six weeks" flush>
      <Loaded asked={asked}>
        {({ data }) =>
          data.length === 0 ? (
            <Empty title="Nothing happened" />
          ) : (
            <Rows label="Connection history">
              {data.map(({ id, type, created_at: at }) => (
                <tr key={id}>
                  <td>{sentences[type] ?? type}</td>
                  <td style={{ width: "9rem" }}>
                    <When at={at} />
                  </td>
                </tr>
              ))}
            </Rows>
          )
        }
      </Loaded>
    </Panel>
  );
}

function Notifications({ userId }: { readonly userId: string }) {
  const query = { user_id: userId, limit: 100 };
  const asked = useApi().useQuery("get", "/admin/v1/notifications", { params: { query } }, everyMs);
  return (
    <Panel title="Asked for and announced" note="newest first" flush>
      <Loaded asked={asked}>
        {({ data }) =>
          data.length === 0 ? (
            <Empty title="Nothing was announced yet" />
          ) : (
            <Rows label="Notifications">
              {data.map((one) => (
                <tr key={one.id}>
                  <td className="truncate" title={one.fetches.map(({ resource }) => resource).join(", ")}>
                    {origins[one.origin]}
                    {one.event !== null && `: ${one.event}`}
                  </td>
                  <td>
                    <State of={one.state} />
                  </td>
                  <td style={{ width: "9rem" }}>
                    <When at={one.received_at} />
                  </td>
                </tr>
              ))}
            </Rows>
          )
        }
      </Loaded>
    </Panel>
  );
}

function Rows({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <div style={{ maxHeight: 520, overflow: "auto" }} tabIndex={0} role="group" aria-label={label}>
      <table className="data-table" aria-label={label}>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
