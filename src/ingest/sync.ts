/** One connection's share of a notification: fetch what was named, then make the records it takes part in. */
import { endTrouble, noteTrouble } from "../connections/trouble.ts";
import { type Provider, ProviderError, type ResourceRef } from "../providers/provider.ts";
import { type Connection, updateConnection } from "../store/connections.ts";
import type { Notification } from "../store/notifications.ts";
import type { IngestDeps } from "./deps.ts";
import { type FetchedParts, fetchResource } from "./fetch.ts";
import { affectedRecords, makeRecord } from "./normalize.ts";

export interface Synced {
  /** How many records changed. */
  readonly changed: number;
  /** Companions that the provider does not have, or not yet. */
  readonly missing: readonly ResourceRef[];
}

/** Null when the connection is gone. @throws ProviderError */
export async function sync(
  deps: IngestDeps,
  provider: Provider,
  connection: Connection,
  notification: Notification,
): Promise<Synced | null> {
  const id = { environmentId: connection.environment_id, userId: connection.user_id };
  try {
    const harvest = await fetchAll(deps, provider, connection, notification);
    if (harvest === null) return null;
    let changed = 0;
    const parts = harvest.fetched.flatMap((fetched) => fetched.parts);
    for (const order of affectedRecords(provider, parts)) {
      const made = await makeRecord(deps, provider, id, order, harvest.fetched, notification.trace_id);
      if (made === "gone") return null;
      if (made === "changed") changed++;
    }
    if (harvest.failed !== null) throw harvest.failed;
    await updateConnection(deps.store.db, id, { last_polled_at: new Date() });
    if (connection.error_code !== null) await endTrouble(deps.store, id);
    return { changed, missing: harvest.missing };
  } catch (error) {
    if (error instanceof ProviderError) await noteTrouble(deps.store, id, error.code, notification.trace_id);
    throw error;
  }
}

/** Of two failures the one that is worth another try: giving up on one must not give up on the other. */
export function worthMore(one: unknown, other: unknown): unknown {
  return one instanceof ProviderError && one.retry === "never" ? other : one;
}

interface Harvest {
  readonly fetched: readonly FetchedParts[];
  readonly missing: readonly ResourceRef[];
  /** The first failure among independent things; null when all is well. */
  readonly failed: unknown;
}

/**
 * A provider's notification names one thing and its companions, which may well not be there; they are made
 * into records together or not at all. What we ask for on our own are independent things: one that fails
 * does not keep the others back. Null when the connection is gone.
 */
async function fetchAll(
  deps: IngestDeps,
  provider: Provider,
  connection: Connection,
  { fetches, notification_id, origin }: Notification,
): Promise<Harvest | null> {
  const harvest: Gathered = { fetched: [], missing: [], failures: [] };
  for (const [index, ref] of fetches.entries()) {
    const parts = await attemptFetch(() => fetchResource(deps, provider, connection, ref, notification_id));
    if (parts === null) return null;
    const isNamed = origin === "provider" && index === 0;
    if ("error" in parts) gatherFailure(harvest, ref, parts.error, isNamed, origin === "provider");
    else gather(harvest, parts);
  }
  const { fetched, missing, failures } = harvest;
  return { fetched, missing, failed: failures.length > 0 ? failures.reduce(worthMore) : null };
}

interface Gathered {
  readonly fetched: FetchedParts[];
  readonly missing: ResourceRef[];
  readonly failures: unknown[];
}

function gather({ fetched, failures }: Gathered, parts: FetchedParts): void {
  fetched.push(parts);
  if (parts.failed !== null) failures.push(parts.failed);
}

/** @throws the error itself where everything was to be there together */
function gatherFailure(
  { missing, failures }: Gathered,
  ref: ResourceRef,
  error: unknown,
  isNamed: boolean,
  isTogether: boolean,
): void {
  if (isMissing(error) && !isNamed) missing.push(ref);
  else if (isTogether) throw error;
  else failures.push(error);
}

const isMissing = (error: unknown): boolean =>
  error instanceof ProviderError && error.code === "PROVIDER_RESOURCE_MISSING";

async function attemptFetch<Parts>(fetching: () => Promise<Parts>): Promise<Parts | { error: unknown }> {
  try {
    return await fetching();
  } catch (error) {
    return { error };
  }
}
