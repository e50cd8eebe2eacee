/** One try of one notification: whose it is, what to fetch, what became of it. */
import { isAccountInUse } from "../connections/accounts.ts";
import { placeOrder } from "../connections/orders.ts";
import { SystoleError } from "../errors.ts";
import { type Provider, ProviderError, type ResourceRef } from "../providers/provider.ts";
import { providerBySlug } from "../providers/registry.ts";
import { type Connection, findByProviderUser, findConnection } from "../store/connections.ts";
import { openGrants } from "../store/grants.ts";
import { beginTry } from "../store/notification-tries.ts";
import {
  findNotification,
  forgetWhose,
  isBeingTried,
  lockAccounts,
  type Notification,
  type NotificationOutcome,
  settleNotification,
} from "../store/notifications.ts";
import { rankOf } from "../store/ranks.ts";
import { storeError } from "../store/store-error.ts";
import type { DatabaseOrTransaction, DatabaseTransaction } from "../store/tables.ts";
import { nextTry } from "./backoff.ts";
import type { IngestDeps } from "./deps.ts";
import { jittered, PostponedError } from "./planner/postponed.ts";
import { StoppedError } from "./stopped.ts";
import { sync, worthMore } from "./sync.ts";

const done: NotificationOutcome = { state: "done", code: null, details: null, nextAttemptAt: null };
const revokeTimeoutMs = 30_000;
/** After so long a companion that was not there is looked for: most come within moments, some within the hour. */
const lookDelaysMs: readonly [number, ...number[]] = [5_000, 60_000, 3_600_000];
const secondLook = "SECOND_LOOK";

/** Never throws for what a provider did; throws when our own store is in trouble, to be tried again. */
export async function processNotification(
  deps: IngestDeps,
  job: { environmentId: string; notificationId: string },
): Promise<void> {
  const { db, queue } = deps.store;
  const notification = await beginTry(db, job);
  // A job may be handed out twice; what was finished or erased meanwhile needs nothing more.
  if (notification === null) return;
  const startedAt = Date.now();
  const outcome = await attempt(deps, notification);
  const written = await db.transaction().execute(async (tx) => {
    const wanted = (await isTriedByAnother(tx, notification, outcome)) ? refusedForNow : outcome;
    const final = wanted.state === "waiting" ? await waitOrGoOn(tx, notification, wanted) : wanted;
    const settled = await settleNotification(tx, notification, final);
    if (!settled) return null;
    if (notification.event === "REVOKE" && final.nextAttemptAt === null) await forgetWhose(tx, notification);
    if (final.nextAttemptAt !== null) {
      await queue.enqueue(tx, "ingest", [
        { data: job, startAfter: final.nextAttemptAt, priority: notification.priority },
      ]);
    }
    if (outcome.missing?.length) await orderSecondLook(deps, tx, notification, outcome.missing);
    return final;
  });
  // What was finished or erased meanwhile has the outcome that was written then.
  if (written !== null) logOutcome(deps, notification, written, Date.now() - startedAt);
}

interface AttemptOutcome extends NotificationOutcome {
  /** Companions of what was named that the provider does not have, or not yet. */
  readonly missing?: readonly ResourceRef[];
}

async function attempt(deps: IngestDeps, notification: Notification): Promise<AttemptOutcome> {
  const provider = providerBySlug(notification.provider);
  try {
    if (notification.event === "REVOKE") return await giveBack(deps, notification);
    const found = await connectionsOf(deps.store.db, notification);
    const usable = found.filter(isUsable);
    if (usable.length === 0) return waiting(found);
    const served = usable.filter((connection) => !isHeldBack(connection, notification));
    if (served.length === 0) return refusedForNow;
    return await syncAll(deps, provider, served, notification);
  } catch (error) {
    return failure(deps, notification, error);
  }
}

const isUsable = ({ state, active }: Connection): boolean => state === "active" && active;

const refusedForNow: NotificationOutcome = {
  state: "waiting",
  code: "PROVIDER_FORBIDDEN",
  details: null,
  nextAttemptAt: null,
};

/** While the provider refuses everything for a person, one order tries again and the others wait for its news. */
const isHeldBack = ({ error_code }: Connection, { code, origin }: Notification): boolean =>
  error_code === "PROVIDER_FORBIDDEN" && code !== "PROVIDER_FORBIDDEN" && origin !== "reconcile";

/** Of all the orders that were just refused for one person, one is enough to find out when that ends. */
async function isTriedByAnother(
  tx: DatabaseTransaction,
  notification: Notification,
  { state, code }: NotificationOutcome,
): Promise<boolean> {
  if (state !== "accepted" || code !== "PROVIDER_FORBIDDEN") return false;
  const { environment_id: environmentId, provider, provider_user_id: providerUserId } = notification;
  if (providerUserId === null) return false;
  await lockAccounts(tx, [{ environmentId, provider, providerUserId }]);
  return isBeingTried(tx, notification, code);
}

/**
 * The person may have come, the pause or the trouble ended, or another connection replaced this one while we found
 * nobody to fetch for: then there is no waiting. And of those that wait for trouble to end one has to try.
 */
async function waitOrGoOn(
  tx: DatabaseTransaction,
  notification: Notification,
  waits: NotificationOutcome,
): Promise<NotificationOutcome> {
  const { environment_id: environmentId, provider, provider_user_id: providerUserId } = notification;
  if (providerUserId !== null) await lockAccounts(tx, [{ environmentId, provider, providerUserId }]);
  const current = await findNotification(tx, environmentId, notification.notification_id);
  const usable = (await connectionsOf(tx, current ?? notification)).filter(isUsable);
  if (usable.length === 0) return waits;
  const goesOn = { ...waits, state: "accepted", nextAttemptAt: new Date(), isPostponed: true } as const;
  if (usable.some(({ error_code }) => error_code !== refusedForNow.code)) return goesOn;
  const isTried = await isBeingTried(tx, notification, "PROVIDER_FORBIDDEN");
  return isTried ? refusedForNow : { ...goesOn, code: refusedForNow.code };
}

async function connectionsOf(db: DatabaseOrTransaction, notification: Notification): Promise<Connection[]> {
  const { environment_id: environmentId, provider, provider_user_id, user_id } = notification;
  if (user_id === null) {
    return findByProviderUser(db, environmentId, provider, provider_user_id ?? "");
  }
  const connection = await findConnection(db, { environmentId, userId: user_id });
  return connection === null ? [] : [connection];
}

/** Taken up again when the person connects, or the connection is switched on. */
function waiting(found: readonly Connection[]): NotificationOutcome {
  const paused = found.some(({ state }) => state === "active");
  const revoked = found.length > 0 && !paused;
  const code = paused ? "CONNECTION_PAUSED" : revoked ? "PROVIDER_UNAUTHORIZED" : "NOTIFICATION_USER_UNKNOWN";
  return { state: "waiting", code, details: null, nextAttemptAt: null };
}

/** One connection's trouble does not keep the others from their data; the notification is tried again whole. */
async function syncAll(
  deps: IngestDeps,
  provider: Provider,
  connections: readonly Connection[],
  notification: Notification,
): Promise<AttemptOutcome> {
  const results = await Promise.allSettled(
    connections.map((connection) => sync(deps, provider, connection, notification)),
  );
  const reasons = results.flatMap((result) => (result.status === "rejected" ? [result.reason] : []));
  if (reasons.length > 0) throw reasons.reduce(worthMore);
  const synced = results.map((result) => (result.status === "fulfilled" ? result.value : null));
  // A connection that went meanwhile may have been replaced: look again whose notification this is.
  if (synced.includes(null))
    return { state: "accepted", code: null, details: null, nextAttemptAt: new Date() };
  const changed = synced.reduce((sum, one) => sum + (one?.changed ?? 0), 0);
  const missing = synced.flatMap((one) => one?.missing ?? []);
  const next = missing.length > 0 ? nextLook(notification) : null;
  if (next !== null) return { state: "accepted", code: null, details: null, nextAttemptAt: next };
  return { ...done, details: { records_changed: changed, ...shownMissing(missing) }, missing };
}

const mostShown = 20;

/** What the provider says it does not have may be a path that is wrong: it is never passed over in silence. */
function shownMissing(missing: readonly ResourceRef[]): { missing?: readonly string[] } {
  const names = distinct(missing).map(({ resource, key }) => `${resource} ${key}`);
  return names.length === 0 ? {} : { missing: names.slice(0, mostShown) };
}

function nextLook({ event, attempts }: Notification): Date | null {
  const delayMs = event === secondLook ? lookDelaysMs[attempts + 1] : undefined;
  return delayMs === undefined ? null : new Date(Date.now() + delayMs);
}

const distinct = (refs: readonly ResourceRef[]): ResourceRef[] => [
  ...new Map(refs.map((ref) => [`${ref.resource} ${ref.key}`, ref])).values(),
];

/**
 * A night's recharge may be computed after the night was announced, and nothing announces it: it is looked
 * for a few times more. Only what the provider announced is, so that looks do not breed looks.
 */
async function orderSecondLook(
  { store: { queue } }: IngestDeps,
  tx: DatabaseTransaction,
  notification: Notification,
  missing: readonly ResourceRef[],
): Promise<void> {
  if (notification.origin !== "provider") return;
  const { environment_id: environmentId, provider, provider_user_id: providerUserId } = notification;
  const person = { environmentId, provider, providerUserId };
  const startAfter = new Date(Date.now() + lookDelaysMs[0]);
  await placeOrder(
    tx,
    queue,
    { ...person, origin: "request", rank: "notification", event: secondLook, fetches: distinct(missing) },
    startAfter,
  );
}

/** Gives a permission back whose connection was erased while the provider could not be reached. */
async function giveBack(deps: IngestDeps, notification: Notification): Promise<NotificationOutcome> {
  const { environment_id: environmentId, user_id: userId, body, provider } = notification;
  if (userId === null || body === null) return done;
  // Whoever came back meanwhile would lose the new permission with the old one.
  const account = { environmentId, provider, providerUserId: notification.provider_user_id ?? "" };
  if (await isAccountInUse(deps, account, null)) return done;
  const client = await deps.clients.clientFor({ environmentId, provider });
  for (const grant of openGrants(deps.store.keyRing, { environmentId, userId }, body)) {
    const { api } = grant;
    const rank = rankOf(notification.priority);
    await deps.planner.call({ environmentId, provider, api, resource: "revocation", rank }, async () => {
      await client.revoke(grant, AbortSignal.timeout(revokeTimeoutMs));
      return undefined;
    });
  }
  return done;
}

/** @throws when our own store is in trouble, or this process ends: then the job stays and is handed out again. */
function failure({ log }: IngestDeps, notification: Notification, thrown: unknown): NotificationOutcome {
  const store = thrown instanceof SystoleError ? null : storeError(thrown);
  if (store !== null) throw store;
  // The process ends: another one does the job from the beginning.
  if (thrown instanceof StoppedError) throw thrown;
  if (!(thrown instanceof SystoleError))
    log.error({ err: thrown, trace_id: notification.trace_id }, "ingest failed");
  const error =
    thrown instanceof SystoleError ? thrown : new SystoleError("INTERNAL", { reason: String(thrown) });
  const { code, details } = error;
  if (error instanceof PostponedError) {
    const nextAttemptAt = jittered(error.until, notification.priority);
    return { state: "accepted", code, details, nextAttemptAt, isPostponed: true };
  }
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
  if (outcome.code === null || outcome.isPostponed) log.info(line, "notification");
  else log.warn(line, "notification");
}
