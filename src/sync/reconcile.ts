/**
 * Reconciliation: compares what a provider has with what we hold, on a schedule of its own for each resource
 * of each person. Any number of processes may take part: each skips what another has claimed.
 */
import { SystoleError } from "../errors.ts";
import { consentsOpening, formerConsent } from "../providers/consents.ts";
import { providerBySlug, providers } from "../providers/registry.ts";
import type { ConnectionId } from "../store/connections.ts";
import { claimDue, openCoverageOfAll } from "../store/coverage.ts";
import { type ChoosingConnection, findChoosing, lockChoosing } from "../store/data-choices.ts";
import type { Store } from "../store/store.ts";
import { type DiscoverableResource, isDiscoverable } from "./coverage.ts";
import { hastenTasks } from "./create-tasks.ts";
import { createNewsTasks, keepPaces } from "./discover.ts";
import { discoverableFor } from "./discoverable.ts";
import { firstInterval } from "./pace.ts";
import { wantedResources } from "./wanted.ts";

/** Keeps a transaction short. */
const largestClaim = 200;

/** Creates tasks for the resources that are due; returns their number. */
export async function reconcileDue({ db, queue }: Store, now: Date): Promise<number> {
  let total = 0;
  for (;;) {
    const claimed = await db.transaction().execute(async (tx) => {
      const due = await claimDue(tx, largestClaim);
      for (const { id, names } of byConnection(due)) {
        const connection = await findChoosing(tx, id);
        if (connection === null) continue;
        const resources = resourcesOf(connection, names);
        if (resources.length === 0) continue;
        await keepPaces(tx, id, resources);
        await createNewsTasks(tx, queue, { kind: "reconcile", connection, resources, now });
      }
      return due.length;
    });
    total += claimed;
    if (claimed < largestClaim) return total;
  }
}

/**
 * Pull-to-refresh: requests all resources now, ahead of tasks that nobody waits for.
 * @throws SystoleError USER_NOT_FOUND
 */
export async function refresh({ db, queue }: Store, id: ConnectionId, now: Date): Promise<number> {
  return db.transaction().execute(async (tx) => {
    const connection = await lockChoosing(tx, id);
    if (connection === null) throw new SystoleError("USER_NOT_FOUND", { user_id: id.userId });
    await hastenTasks(tx, queue, id);
    const due = await claimDue(tx, largestClaim, id);
    const names = due.map(({ resource }) => resource);
    const resources = resourcesOf(connection, names);
    if (resources.length > 0)
      await createNewsTasks(tx, queue, { kind: "refresh", connection, resources, now });
    return resources.length;
  });
}

/** Adds resources that became known after people connected, if they granted them. */
export async function coverNewResources({ db }: Pick<Store, "db">): Promise<void> {
  for (const provider of providers) {
    for (const resource of provider.resources.filter(isDiscoverable)) {
      const { api, scope = null } = resource;
      const consents = api === undefined ? [] : consentsOpening(provider, api);
      const isFormer = consents.includes(formerConsent(provider));
      const granted = { provider: provider.slug, api: api ?? null, consents, isFormer, scope };
      await openCoverageOfAll(db, granted, firstInterval(resource));
    }
  }
}

function byConnection(due: Awaited<ReturnType<typeof claimDue>>): { id: ConnectionId; names: string[] }[] {
  const found = new Map<string, { id: ConnectionId; names: string[] }>();
  for (const { environmentId, userId, resource } of due) {
    const known = found.get(userId) ?? { id: { environmentId, userId }, names: [] };
    known.names.push(resource);
    found.set(userId, known);
  }
  return [...found.values()];
}

function resourcesOf(connection: ChoosingConnection, names: readonly string[]): DiscoverableResource[] {
  const provider = providerBySlug(connection.provider);
  const wanted = wantedResources(provider, connection);
  return discoverableFor(provider, connection, wanted).filter(({ name }) => names.includes(name));
}
