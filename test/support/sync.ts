/** Helpers for tests of syncing: waiting until all tasks are done, and the calls made to the provider meanwhile. */
import type { DemoPerson } from "../../src/demo/person.ts";
import { hurrySpread } from "./spread-tasks.ts";
import type { System } from "./system.ts";
import { waitFor } from "./wait.ts";

type Json = ReturnType<typeof JSON.parse>;

/**
 * Resolves when nothing is left to fetch except later looks, or tasks that wait for the provider's limits. Older data is
 * fetched at once.
 */
export const settled = (system: Pick<System, "query">): Promise<unknown> =>
  waitFor("all tasks", async () => {
    await hurrySpread(system);
    const [row] = await system.query<{ open: string }>(
      `SELECT count(*) AS open FROM fetch_tasks WHERE state = 'accepted' AND kind <> 'second-look'
        AND code IS DISTINCT FROM 'PROVIDER_BUDGET_SPENT'`,
    );
    return row?.open === "0";
  });

/** Uploads a watch's data without any notification. */
export async function uploadQuietly(
  system: Pick<System, "control">,
  { sandboxUserId }: DemoPerson,
  resource: string,
  body: unknown,
): Promise<void> {
  const where = `/_sandbox/users/${sandboxUserId}/${resource}?notify=false`;
  const response = await system.control("PUT", where, body);
  if (!response.ok) throw new Error(`PUT ${where}: ${response.status} ${await response.text()}`);
}

export interface Asked {
  readonly path: string;
  readonly status: number | null;
}

/** Returns the calls for data made while `work` ran, and until all of its tasks were done. */
export async function askedDuring(system: System, work: () => Promise<unknown>): Promise<Asked[]> {
  await system.control("DELETE", "/_sandbox/requests");
  await work();
  await settled(system);
  return askedSoFar(system);
}

export async function askedSoFar(system: Pick<System, "control">): Promise<Asked[]> {
  const { requests }: Json = await (await system.control("GET", "/_sandbox/requests")).json();
  return requests.filter(({ path }: Asked) => path.startsWith("/v3/") && !path.startsWith("/v3/webhooks"));
}
