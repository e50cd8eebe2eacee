/** One connection's share of a notification: fetch what was named, then make the records it takes part in. */
import { endTrouble, noteTrouble } from "../connections/trouble.ts";
import { SystoleError } from "../errors.ts";
import { type Provider, ProviderError, type ResourceRef } from "../providers/provider.ts";
import { type Connection, notePolled } from "../store/connections.ts";
import { type Notification, narrowFetches } from "../store/notifications.ts";
import { storeError } from "../store/store-error.ts";
import type { IngestDeps } from "./deps.ts";
import { noteAnswered } from "./discovery/answered.ts";
import { followUpEvent } from "./discovery/follow-ups.ts";
import { reportGaps } from "./discovery/gaps.ts";
import { orderAlike } from "./discovery/order.ts";
import { type Harvest, harvestAll, isRefusedPerson } from "./harvest.ts";
import { newestFirst } from "./newest-first.ts";
import { affectedRecords, makeRecord } from "./normalize.ts";
import { PostponedError } from "./planner/postponed.ts";
import { noteRefused } from "./refused-content.ts";
import { StoppedError } from "./stopped.ts";

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
  const askedAt = new Date();
  try {
    const harvest = await harvestAll({ deps, provider, connection, notification });
    if (harvest === null) return null;
    const changed = await makeRecords(deps, provider, connection, notification, harvest);
    if (changed === null) return null;
    // Only now that everything is kept and made may anybody believe that it was asked for.
    await noteAnswered(deps, provider, connection, notification, harvest.answered, askedAt);
    reportGaps(deps, provider, connection, notification, harvest.answered);
    await orderLater(deps, connection, notification, harvest.later);
    await noteRefused(deps.store.db, connection, notification, harvest.refused);
    if (harvest.failed.length > 0) await giveUpTo(deps, notification, harvest);
    await notePolled(deps.store.db, id, askedAt);
    if (connection.error_code !== null) await endTrouble(deps.store, connection);
    return { changed, missing: harvest.missing };
  } catch (error) {
    if (error instanceof ProviderError) await noteTrouble(deps.store, id, error.code, notification.trace_id);
    throw error;
  }
}

/**
 * How many changed; null when the connection is gone.
 * @throws the first record's trouble, once all others are made
 */
async function makeRecords(
  deps: IngestDeps,
  provider: Provider,
  connection: Connection,
  notification: Notification,
  { fetched }: Harvest,
): Promise<number | null> {
  const id = { environmentId: connection.environment_id, userId: connection.user_id };
  let changed = 0;
  const parts = newestFirst(
    provider,
    fetched.flatMap((one) => one.parts),
  );
  const troubles: unknown[] = [];
  for (const order of affectedRecords(provider, parts)) {
    try {
      const made = await makeRecord(deps, provider, id, order, fetched, notification.trace_id);
      if (made === "gone") return null;
      if (made === "changed") changed++;
    } catch (error) {
      if (error instanceof StoppedError) throw error;
      if (!(error instanceof SystoleError) && storeError(error) !== null) throw error;
      troubles.push(error);
    }
  }
  if (troubles.length > 0) throw troubles[0];
  return changed;
}

/** Of two failures the one that is worth another try: giving up on one must not give up on the other. */
export function worthMore(one: unknown, other: unknown): unknown {
  return one instanceof ProviderError && one.retry === "never" ? other : one;
}

/** What was answered is not asked for again with what failed. @throws what failed */
async function giveUpTo(
  { store: { db } }: IngestDeps,
  notification: Notification,
  { failed }: Harvest,
): Promise<never> {
  // Only an order of our own is for one connection, and made of independent things.
  const isOurs = notification.origin !== "provider" && notification.user_id !== null;
  if (isOurs && failed.length < notification.fetches.length) {
    await narrowFetches(
      db,
      notification,
      failed.map(({ errand }) => errand),
    );
  }
  const errors = failed.map(({ error }) => error);
  const isPostponed = (error: unknown) => error instanceof PostponedError;
  throw errors.find(isRefusedPerson) ?? errors.find(isPostponed) ?? errors.reduce(worthMore);
}

const fileDelayMs = 60_000;

/** A file that could not be had just now does not keep its exercise waiting. */
async function orderLater(
  { store: { db, queue } }: IngestDeps,
  connection: Connection,
  notification: Notification,
  files: readonly ResourceRef[],
): Promise<void> {
  if (files.length === 0) return;
  const startAfter = new Date(Date.now() + fileDelayMs);
  await db
    .transaction()
    .execute((tx) => orderAlike(tx, queue, connection, notification, followUpEvent, files, startAfter));
}
