/** Periodic tasks of every process; each is safe to run in several at once. */

import type { ConnectionsDeps } from "./connections/deps.ts";
import { remindOfKeyEnds } from "./connections/key-ends.ts";
import {
  ensurePersonSubscriptions,
  type PersonSubscriptionDeps,
} from "./connections/person-subscriptions.ts";
import { completeRegistrations } from "./connections/registrations.ts";
import { endExpiredFlows } from "./connections/replacement.ts";
import { ensureSubscriptions } from "./connections/subscriptions.ts";
import { watchWebhooks } from "./connections/webhook-health.ts";
import { removeLeftUploads } from "./ingest/files/left-files.ts";
import { forgetReceivers } from "./receivers/receivers.ts";
import { dropEndedSignIns } from "./store/account-sessions.ts";
import { expireAudit } from "./store/audit-log.ts";
import { removeLeftFiles } from "./store/bodies/left-files.ts";
import { removeDueBodies } from "./store/bodies/removals.ts";
import { noticeFailing } from "./store/destination-health.ts";
import { expireErasures, vacuumErased } from "./store/erasures.ts";
import { dropExpiredPartitions, ensurePartitions } from "./store/partitions.ts";
import { mergeWeeks } from "./store/raw-payload-weeks.ts";
import { applyRetention } from "./store/retention.ts";
import { dropExpiredSessions } from "./store/sessions.ts";
import { dropEndedUploadTokens } from "./store/upload-tokens.ts";

const cleanUpMs = 3_600_000;
const subscriptionMs = 10 * 60_000;
/** Soon after a person has connected. */
const personMs = 5_000;
const noticeMs = 60_000;
const silenceMs = 60_000;
/** An operator should look at a destination that has been failing this long. */
const failingLongMs = 24 * 3_600_000;

/**
 * Starts the tasks; returns a function that stops them. The first webhook check runs at once, so call this
 * when the server listens.
 */
export function startMaintenance(
  deps: PersonSubscriptionDeps,
  { keepsSubscriptions, auditDays }: { readonly keepsSubscriptions: boolean; readonly auditDays: number },
): () => Promise<void> {
  const ending = new AbortController();
  const running = new Map<string, Promise<void>>();
  const run = (name: string, task: () => Promise<void>): void => {
    // A run that takes longer than the interval is not overtaken by the next one.
    if (running.has(name)) return;
    const work = task()
      .catch((err: unknown) => deps.log.error({ err, task: name }, "maintenance"))
      .finally(() => running.delete(name));
    running.set(name, work);
  };
  const subscriptions = (): void =>
    run("subscriptions", () =>
      ensureSubscriptions(deps, AbortSignal.any([ending.signal, AbortSignal.timeout(60_000)])),
    );
  const people = (): void =>
    run("people's subscriptions", () => ensurePersonSubscriptions(deps, ending.signal));
  const timers = [
    setInterval(() => run("housekeeping", () => cleanUp(deps, auditDays)), cleanUpMs),
    setInterval(() => run("failing destinations", () => reportFailing(deps)), noticeMs),
    setInterval(() => run("forgotten receivers", () => forget(deps)), noticeMs),
    setInterval(() => run("registrations", () => completeRegistrations(deps, ending.signal)), noticeMs),
    setInterval(() => run("keys that end", () => remindOfKeyEnds(deps.store, new Date())), noticeMs),
  ];
  const watch = (): Promise<void> => {
    const signal = AbortSignal.any([ending.signal, AbortSignal.timeout(60_000)]);
    return watchWebhooks(deps, keepsSubscriptions, new Date(), signal);
  };
  timers.push(setInterval(() => run("silent webhooks", watch), silenceMs));
  if (keepsSubscriptions) {
    timers.push(setInterval(subscriptions, subscriptionMs), setInterval(people, personMs));
    subscriptions();
  }
  return async () => {
    for (const timer of timers) clearInterval(timer);
    ending.abort();
    await Promise.all(running.values());
  };
}

/** Reports each failure of a destination once, from the first process that notices it. */
export async function reportFailing({
  store: { db },
  log,
}: Pick<ConnectionsDeps, "store" | "log">): Promise<void> {
  for (const { environmentId, destinationId, kind, failingSince } of await noticeFailing(db, failingLongMs)) {
    const about = {
      environment_id: environmentId,
      destination_id: destinationId,
      kind,
      failing_since: failingSince,
    };
    log.error(about, "destination has been failing for a day: its deliveries are given up");
  }
}

async function forget({ store, log }: ConnectionsDeps): Promise<void> {
  for (const { environment_id, receiver_id } of await forgetReceivers(store, new Date())) {
    log.info({ environment_id, receiver_id }, "built-in receiver removed: nobody looked at it for a day");
  }
}

async function cleanUp(deps: ConnectionsDeps, auditDays: number): Promise<void> {
  const { db } = deps.store;
  const now = new Date();
  await ensurePartitions(db, now);
  await endExpiredFlows(deps, now);
  await dropExpiredSessions(db, now);
  await dropEndedSignIns(db);
  await dropEndedUploadTokens(db);
  const auditedFrom = new Date(now.getTime() - auditDays * 24 * 3_600_000);
  await expireAudit(db, auditedFrom);
  await expireErasures(db, auditedFrom);
  const dropped = await dropExpiredPartitions(db, now);
  if (dropped.length > 0) deps.log.info({ dropped }, "partitions past their retention");
  const expired = await applyRetention(db, now);
  if (Object.values(expired).some((count) => count > 0))
    deps.log.info(expired, "past their environment's retention");
  await removeDueBodies(deps.store);
  const merged = await mergeWeeks(db);
  if (merged.length > 0) deps.log.info({ merged }, "weeks of raw payloads merged");
  await removeLeftFiles(deps.store.bodies.incoming, now);
  await removeLeftUploads(deps.store, now);
  await vacuum(deps);
}

/** Vacuums erased rows. Runs last, since it may take long; PostgreSQL itself lets only one process at a time do it. */
export async function vacuum({ store: { db }, log }: Pick<ConnectionsDeps, "store" | "log">): Promise<void> {
  const refused = await vacuumErased(db);
  if (refused.length === 0) return;
  log.warn(
    { tables: refused },
    "erased rows stay in tables that this role may not vacuum: their owner has to",
  );
}
