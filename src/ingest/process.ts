/** One try of one notification: whose it is, what to fetch, what became of it. */
import { endTrouble, noteTrouble } from "../connections/trouble.ts";
import { SystoleError } from "../errors.ts";
import { type Provider, ProviderError, type ResourceRef } from "../providers/provider.ts";
import { providerBySlug } from "../providers/registry.ts";
import {
  type Connection,
  findByProviderUser,
  findConnection,
  openGrant,
  updateConnection,
} from "../store/connections.ts";
import { storeError } from "../store/database.ts";
import {
  findNotification,
  type Notification,
  type NotificationOutcome,
  settleNotification,
} from "../store/notifications.ts";
import { nextTry } from "./backoff.ts";
import type { IngestDeps } from "./deps.ts";
import { type FetchedParts, fetchResource } from "./fetch.ts";
import { affectedRecords, makeRecord } from "./normalize.ts";

const done: NotificationOutcome = { state: "done", code: null, details: null, nextAttemptAt: null };
const revokeTimeoutMs = 30_000;

/** Never throws for what a provider did; throws when our own store is in trouble, to be tried again. */
export async function processNotification(
  deps: IngestDeps,
  job: { environmentId: string; notificationId: string },
): Promise<void> {
  const { db, queue } = deps.store;
  const notification = await findNotification(db, job.environmentId, job.notificationId);
  // A job may be handed out twice; what was finished or erased meanwhile needs nothing more.
  if (notification === null || notification.state !== "accepted") return;
  const startedAt = Date.now();
  const outcome = await attempt(deps, notification);
  await db.transaction().execute(async (tx) => {
    const settled = await settleNotification(tx, notification, outcome);
    if (!settled || outcome.nextAttemptAt === null) return;
    await queue.enqueue(tx, "ingest", [{ data: job, startAfter: outcome.nextAttemptAt }]);
  });
  logOutcome(deps, notification, outcome, Date.now() - startedAt);
}

async function attempt(deps: IngestDeps, notification: Notification): Promise<NotificationOutcome> {
  const provider = providerBySlug(notification.provider);
  try {
    if (notification.event === "REVOKE") return await giveBack(deps, notification);
    const connections = await connectionsOf(deps, notification);
    if (connections.length === 0) {
      return { state: "waiting", code: "NOTIFICATION_USER_UNKNOWN", details: null, nextAttemptAt: null };
    }
    return await syncAll(deps, provider, connections, notification);
  } catch (error) {
    return failure(deps, notification, error);
  }
}

/** One connection's trouble does not keep the others from their data; the notification is tried again whole. */
async function syncAll(
  deps: IngestDeps,
  provider: Provider,
  connections: readonly Connection[],
  notification: Notification,
): Promise<NotificationOutcome> {
  const results = await Promise.allSettled(
    connections.map((connection) => sync(deps, provider, connection, notification)),
  );
  const failed = results.find((result) => result.status === "rejected");
  if (failed) throw failed.reason;
  const changed = results.reduce(
    (sum, result) => sum + (result.status === "fulfilled" ? result.value : 0),
    0,
  );
  return { ...done, details: { records_changed: changed } };
}

async function connectionsOf(deps: IngestDeps, notification: Notification): Promise<Connection[]> {
  const { environment_id: environmentId, provider, provider_user_id, user_id } = notification;
  const found =
    user_id === null
      ? await findByProviderUser(deps.store.db, environmentId, provider, provider_user_id ?? "")
      : [await findConnection(deps.store.db, { environmentId, userId: user_id })];
  return found.filter((connection) => connection?.state === "active" && connection.active) as Connection[];
}

/** Fetches everything that was named for one connection, then makes the records; answers how many changed. */
async function sync(
  deps: IngestDeps,
  provider: Provider,
  connection: Connection,
  notification: Notification,
): Promise<number> {
  const id = { environmentId: connection.environment_id, userId: connection.user_id };
  try {
    const fetched = await fetchAll(deps, provider, connection, notification);
    await updateConnection(deps.store.db, id, { last_polled_at: new Date() });
    if (connection.error_code !== null) await endTrouble(deps.store, id);
    let changed = 0;
    for (const order of affectedRecords(provider, fetched)) {
      if (await makeRecord(deps, provider, id, order, fetched, notification.trace_id)) changed++;
    }
    return changed;
  } catch (error) {
    if (error instanceof ProviderError) await noteTrouble(deps.store, id, error.code, notification.trace_id);
    throw error;
  }
}

/** The first fetch is what was named; the others are its companions, and may well not be there. */
async function fetchAll(
  deps: IngestDeps,
  provider: Provider,
  connection: Connection,
  { fetches, notification_id, origin }: Notification,
): Promise<FetchedParts[]> {
  const fetched: FetchedParts[] = [];
  for (const [index, ref] of fetches.entries()) {
    const mayBeMissing = index > 0 || origin !== "provider";
    const parts = await fetchOne(deps, provider, connection, ref, notification_id, mayBeMissing);
    if (parts !== null) fetched.push(parts);
  }
  return fetched;
}

async function fetchOne(
  deps: IngestDeps,
  provider: Provider,
  connection: Connection,
  ref: ResourceRef,
  notificationId: string,
  mayBeMissing: boolean,
): Promise<FetchedParts | null> {
  try {
    return await fetchResource(deps, provider, connection, ref, notificationId);
  } catch (error) {
    const missing = error instanceof ProviderError && error.code === "PROVIDER_RESOURCE_MISSING";
    if (missing && mayBeMissing) return null;
    throw error;
  }
}

/** Gives a permission back whose connection was erased while the provider could not be reached. */
async function giveBack(deps: IngestDeps, notification: Notification): Promise<NotificationOutcome> {
  const { environment_id: environmentId, user_id: userId, body, provider } = notification;
  if (userId === null || body === null) return done;
  const client = await deps.clients.clientFor({ environmentId, provider });
  const grant = openGrant(deps.store.keyRing, { environmentId, userId }, body);
  await client.revoke(grant, AbortSignal.timeout(revokeTimeoutMs));
  return done;
}

/** @throws when our own store is in trouble: then the job stays and is handed out again. */
function failure({ log }: IngestDeps, notification: Notification, thrown: unknown): NotificationOutcome {
  const store = thrown instanceof SystoleError ? null : storeError(thrown);
  if (store !== null) throw store;
  if (!(thrown instanceof SystoleError))
    log.error({ err: thrown, trace_id: notification.trace_id }, "ingest failed");
  const error =
    thrown instanceof SystoleError ? thrown : new SystoleError("INTERNAL", { reason: String(thrown) });
  const { code, details } = error;
  // The token is no good any more: what was announced waits until the person connects again.
  if (code === "PROVIDER_UNAUTHORIZED") return { state: "waiting", code, details, nextAttemptAt: null };
  const later = !(error instanceof ProviderError) || error.retry === "later";
  const retryAfterMs = error instanceof ProviderError ? error.retryAfterMs : null;
  const next = later ? nextTry(notification.attempts + 1, code, retryAfterMs, new Date()) : null;
  return { state: next === null ? "failed" : "accepted", code, details, nextAttemptAt: next };
}

function logOutcome(
  { log }: IngestDeps,
  notification: Notification,
  outcome: NotificationOutcome,
  durationMs: number,
): void {
  const line = {
    trace_id: notification.trace_id,
    notification_id: notification.notification_id,
    provider: notification.provider,
    event: notification.event,
    state: outcome.state,
    code: outcome.code,
    next_attempt_at: outcome.nextAttemptAt,
    attempt: notification.attempts + 1,
    duration_ms: durationMs,
    ...outcome.details,
  };
  if (outcome.code === null) log.info(line, "notification");
  else log.warn(line, "notification");
}
