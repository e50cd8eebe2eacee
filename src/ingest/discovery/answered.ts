/** After what was fetched is kept and made into records: which days are known now, and what an index lacks. */
import { type IndexEntry, type Provider, ProviderError } from "../../providers/provider.ts";
import { type Connection, lockConnection } from "../../store/connections.ts";
import { markCovered, noteNoGaps } from "../../store/coverage.ts";
import { addDays, earlierDay, utcDay } from "../../store/days.ts";
import type { Errand, Notification } from "../../store/notifications.ts";
import type { DatabaseTransaction } from "../../store/tables.ts";
import type { IngestDeps } from "../deps.ts";
import { orderDifferences } from "./index-comparison.ts";
import { orderAlike } from "./order.ts";

/** One thing that was asked for, and what came of it. */
export interface Answered {
  readonly errand: Errand;
  /** What an index listed; null for anything else. */
  readonly entries: readonly IndexEntry[] | null;
  /** New or changed things that nobody had told us of. */
  readonly gaps: number;
}

/** All in one transaction: days are not known before what an index lacks has been ordered. */
export async function noteAnswered(
  deps: IngestDeps,
  provider: Provider,
  connection: Connection,
  notification: Notification,
  answered: readonly Answered[],
  askedAt: Date,
): Promise<void> {
  if (!answered.some(({ errand }) => errand.covers)) return;
  const id = { environmentId: connection.environment_id, userId: connection.user_id };
  await deps.store.db.transaction().execute(async (tx) => {
    if ((await lockConnection(tx, id)) === null) return;
    for (const one of answered) await noteOne(tx, deps, provider, connection, notification, one, askedAt);
  });
}

async function noteOne(
  tx: DatabaseTransaction,
  { store: { queue } }: IngestDeps,
  provider: Provider,
  connection: Connection,
  notification: Notification,
  { errand: { covers }, entries, gaps }: Answered,
  askedAt: Date,
): Promise<void> {
  if (covers === undefined) return;
  const id = { environmentId: connection.environment_id, userId: connection.user_id };
  const missing =
    entries === null ? 0 : await orderDifferences(tx, queue, provider, connection, notification, entries);
  const today = utcDay(askedAt);
  const days = { from: covers.from, to: earlierDay(covers.to, today) };
  const until = askedUntil(covers.to, askedAt);
  await markCovered(tx, id, covers.resource, days.from <= days.to ? days : null, until);
  if (notification.origin === "reconcile" && gaps + missing === 0) await noteNoGaps(tx, id, covers.resource);
}

/** How far back a day may be that still counts as the newest: an order may have waited over midnight. */
const newestDays = 2;

/** Until when all is known now; null for an older stretch, which says nothing of what is new. */
function askedUntil(lastDay: string, askedAt: Date): Date | null {
  const today = utcDay(askedAt);
  if (lastDay >= today) return askedAt;
  return lastDay >= addDays(today, -newestDays) ? new Date(`${addDays(lastDay, 1)}T00:00:00Z`) : null;
}

/** A provider that takes no day of tomorrow's refuses the whole range: then it is asked up to today. */
export async function askUntilToday(
  deps: IngestDeps,
  provider: Provider,
  connection: Connection,
  notification: Notification,
  errand: Errand,
  now: Date,
): Promise<boolean> {
  const { covers } = errand;
  const today = utcDay(now);
  const discovery = provider.resources.find(({ name }) => name === covers?.resource)?.discovery;
  if (!covers || !discovery || covers.to <= today || covers.from > today) return false;
  const shorter = { ...covers, to: today };
  const key = discovery.key(shorter.from, shorter.to);
  if (key === errand.key || notification.origin === "provider") return false;
  const fetches = [{ resource: covers.resource, key, covers: shorter }];
  const { event } = notification;
  await deps.store.db
    .transaction()
    .execute((tx) =>
      orderAlike(tx, deps.store.queue, connection, notification, event ?? "BACKFILL", fetches),
    );
  return true;
}

/** Some days are further back than the provider answers: where it says so that is an answer, and no failure. */
export function isPastReach(error: unknown, { covers }: Errand, now: Date): boolean {
  const isSaid = error instanceof ProviderError && error.code === "PROVIDER_OUT_OF_REACH";
  // Of what is new a refusal is never an answer.
  return isSaid && covers !== undefined && covers.to < addDays(utcDay(now), -1);
}
