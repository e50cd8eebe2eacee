/** Carries out a task that fetches data, or was given them, for each of its connections. */
import { OneAtATime } from "../one-at-a-time.ts";
import type { ResourceRef } from "../providers/provider.ts";
import { providerBySlug } from "../providers/registry.ts";
import { assertHomeAnswers } from "../store/citus/home.ts";
import { type Connection, connectionIdOf } from "../store/connections.ts";
import type { ChoosingConnection } from "../store/data-choices.ts";
import type { FetchTask } from "../store/fetch-tasks.ts";
import type { TaskOutcome } from "../store/task-tries.ts";
import { ConnectionGone } from "../sync/run.ts";
import { nextLook } from "../sync/schedule.ts";
import type { IngestDeps, IngestRun } from "./deps.ts";
import { type Ingested, ingestFor } from "./ingest-for.ts";
import { ingestGiven } from "./ingest-given.ts";
import { again, done, moreRetryable, refusedForNow, type TryOutcome } from "./outcome.ts";
import { connectionsOf, isHeldBack, isUsable } from "./task-connections.ts";

/** Carries out one connection's share of a task. */
type Ingesting = (run: IngestRun) => Promise<Ingested>;

/** @throws ProviderError; or any other error of one connection's share */
export const fetchTask = (deps: IngestDeps, task: FetchTask): Promise<TryOutcome> =>
  workForAll(deps, task, ingestFor);

/** @throws ProviderError; or any other error of one connection's share */
export const givenTask = (deps: IngestDeps, task: FetchTask): Promise<TryOutcome> =>
  workForAll(deps, task, ingestGiven);

async function workForAll(deps: IngestDeps, task: FetchTask, ingest: Ingesting): Promise<TryOutcome> {
  const found = await connectionsOf(deps.store.db, task);
  const usable = found.filter(isUsable);
  if (usable.length === 0) return waiting(found);
  const served = usable.filter((connection) => !isHeldBack(connection, task));
  if (served.length === 0) return refusedForNow;
  const ingested = await ingestForAll(deps, task, served, ingest);
  // A connection that is gone may have been replaced: find the task's connections again.
  return ingested === null ? again(new Date()) : outcomeOf(task, ingested);
}

/**
 * Returns the outcome of a task without an active connection: it is resumed when the person connects, or the
 * connection is activated.
 */
function waiting(found: readonly Connection[]): TaskOutcome {
  const paused = found.some(({ state }) => state === "active");
  const revoked = found.length > 0 && !paused;
  const code = paused ? "CONNECTION_PAUSED" : revoked ? "PROVIDER_UNAUTHORIZED" : "NOTIFICATION_USER_UNKNOWN";
  return { state: "waiting", code, details: null, nextAttemptAt: null };
}

/**
 * Carries out the task for all connections. A failure of one does not stop the others; the whole task is tried
 * again. Returns null when a connection is gone.
 */
async function ingestForAll(
  deps: IngestDeps,
  task: FetchTask,
  connections: readonly ChoosingConnection[],
  ingest: Ingesting,
): Promise<Ingested[] | null> {
  const provider = providerBySlug(task.provider);
  const results = await Promise.allSettled(
    connections.map(async (connection) => {
      const id = connectionIdOf(connection);
      await assertHomeAnswers(deps.store.db, id);
      return ingest({ deps, provider, connection, id, task, keeping: new OneAtATime() });
    }),
  );
  const reasons = results.flatMap((result) => (result.status === "rejected" ? [result.reason] : []));
  const failures = reasons.filter((reason) => !(reason instanceof ConnectionGone));
  if (failures.length > 0) throw failures.reduce(moreRetryable);
  if (reasons.length > 0) return null;
  return results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
}

function outcomeOf(task: FetchTask, ingested: readonly Ingested[]): TryOutcome {
  const missing = distinct(ingested.flatMap((one) => one.missing));
  const next = missing.length > 0 ? nextLook(task, new Date()) : null;
  if (next !== null) return again(next);
  const changed = ingested.reduce((sum, one) => sum + one.changed, 0);
  return { ...done, details: { records_changed: changed, ...shownMissing(missing) }, missing };
}

const distinct = (refs: readonly ResourceRef[]): ResourceRef[] => [
  ...new Map(refs.map((ref) => [`${ref.resource} ${ref.key}`, ref])).values(),
];

const maxShown = 20;

/** Lists what the provider says it does not have; the cause may be a wrong path, so it is always shown. */
function shownMissing(missing: readonly ResourceRef[]): { missing?: readonly string[] } {
  const names = missing.map(({ resource, key }) => `${resource} ${key}`);
  return names.length === 0 ? {} : { missing: names.slice(0, maxShown) };
}
