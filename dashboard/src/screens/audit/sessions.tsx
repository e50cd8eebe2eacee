/** Browsers that are signed in. */
import { Button, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useApi } from "../../shell/environment.ts";
import { Panel } from "../../ui/page.tsx";
import { ProblemText } from "../../ui/problem.tsx";
import { Loaded } from "../../ui/states.tsx";
import { When } from "../../ui/time.tsx";

interface SessionsProps {
  readonly title?: string;
  /** Shows those of one account. */
  readonly accountId?: string;
}

export function Sessions({ title = "Signed-in browsers", accountId }: SessionsProps) {
  const api = useApi();
  const asked = api.useQuery("get", "/admin/v1/sessions", {});
  const client = useQueryClient();
  const end = api.useMutation("delete", "/admin/v1/sessions/{id}", {
    onSuccess: () => client.invalidateQueries(),
  });
  return (
    <Panel title={title} flush>
      <ProblemText error={end.error} />
      <Loaded asked={asked}>
        {({ data }) => (
          <table className="data-table" aria-label={title}>
            <thead>
              <tr>
                <th scope="col">Account</th>
                <th scope="col">Browser</th>
                <th scope="col">Address</th>
                <th scope="col">Last used</th>
                <th scope="col">
                  <span className="visually-hidden">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {sessionsOf(data, accountId).map(
                ({ id, email, client: agent, address, used_at: used, current }) => (
                  <tr key={id}>
                    <td>{email}</td>
                    <td title={agent ?? ""}>{browserOf(agent)}</td>
                    <td>{address ?? "–"}</td>
                    <td>
                      <When at={used} />
                    </td>
                    <td style={{ textAlign: "right" }}>
                      {current ? (
                        <Text span size="sm" c="dimmed">
                          this one
                        </Text>
                      ) : (
                        <Button
                          size="compact-sm"
                          variant="default"
                          onClick={() => end.mutate({ params: { path: { id } } })}
                        >
                          Sign out
                        </Button>
                      )}
                    </td>
                  </tr>
                ),
              )}
            </tbody>
          </table>
        )}
      </Loaded>
    </Panel>
  );
}

const sessionsOf = <Session extends { readonly account_id: string }>(
  sessions: readonly Session[],
  accountId: string | undefined,
): Session[] => sessions.filter(({ account_id: owner }) => accountId === undefined || owner === accountId);

/** `Chrome on Linux`; all of it is in the cell's title. */
function browserOf(agent: string | null): string {
  if (agent === null) return "unknown";
  const browser =
    ["Edg", "OPR", "Firefox", "Chrome", "Safari"].find((name) => agent.includes(`${name}/`)) ?? "A browser";
  const system = ["Windows", "Android", "iPhone", "Mac OS", "Linux"].find((name) => agent.includes(name));
  const named = { Edg: "Edge", OPR: "Opera" }[browser] ?? browser;
  return system === undefined ? named : `${named} on ${system === "Mac OS" ? "macOS" : system}`;
}
