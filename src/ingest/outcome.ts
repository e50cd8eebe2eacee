/** The possible outcomes of a try of a task. */
import { SystoleError } from "../errors.ts";
import { ProviderError, type ResourceRef } from "../providers/provider.ts";
import { isDistributed } from "../store/citus/dialect.ts";
import type { FetchTask } from "../store/fetch-tasks.ts";
import { storeError } from "../store/store-error.ts";
import type { TaskOutcome } from "../store/task-tries.ts";
import { jittered, PostponedError } from "../sync/planner/postponed.ts";
import { nextTry } from "../sync/schedule.ts";
import type { IngestDeps } from "./deps.ts";
import { RenewalError } from "./renewal-error.ts";
import { StoppedError } from "./stopped.ts";

/** How long a task waits for a node: it comes back, or its standby takes over. */
const nodeAwayMs = 30_000;

export interface TryOutcome extends TaskOutcome {
  /** Announced companions that the provider does not have, or not yet. */
  readonly missing?: readonly ResourceRef[];
}

export const done: TaskOutcome = { state: "done", code: null, details: null, nextAttemptAt: null };

/** Waits while the provider refuses every call for a person. */
export const refusedForNow: TaskOutcome = {
  state: "waiting",
  code: "PROVIDER_FORBIDDEN",
  details: null,
  nextAttemptAt: null,
};

/** Returns the outcome of a task to be tried again without a failure. */
export const again = (at: Date): TaskOutcome => ({
  state: "accepted",
  code: null,
  details: null,
  nextAttemptAt: at,
});

/**
 * Returns the outcome of a failed try.
 * @throws the error itself when our own database fails or this process stops: then the job stays and is
 * handed out again.
 */
export function failure(
  { log, store: { db } }: Pick<IngestDeps, "log" | "store">,
  task: FetchTask,
  thrown: unknown,
): TaskOutcome {
  const store = thrown instanceof SystoleError ? null : storeError(thrown);
  if (store !== null && isDistributed(db)) return whileNodeIsAway(store, task);
  if (store !== null) throw store;
  // The process is stopping: another one repeats the job from the beginning.
  if (thrown instanceof StoppedError) throw thrown;
  if (!(thrown instanceof SystoleError)) log.error({ err: thrown, trace_id: task.trace_id }, "ingest failed");
  const error =
    thrown instanceof SystoleError ? thrown : new SystoleError("INTERNAL", { reason: String(thrown) });
  const { code, details } = error;
  if (error instanceof PostponedError) {
    const nextAttemptAt = jittered(error.until, task.priority);
    return { state: "accepted", code, details, nextAttemptAt, isPostponed: true };
  }
  // The token is no longer valid: the announced data waits until the person connects again.
  if (code === "PROVIDER_UNAUTHORIZED") return { state: "waiting", code, details, nextAttemptAt: null };
  const later = !(error instanceof ProviderError) || error.retry === "later";
  const retryAfterMs = error instanceof ProviderError ? error.retryAfterMs : null;
  const next = later ? nextTry(task.attempts + 1, code, retryAfterMs, new Date()) : null;
  return { state: next === null ? "failed" : "accepted", code, details, nextAttemptAt: next };
}

/**
 * The task waits if it was the node with the person's rows that did not answer: others' tasks go on. Nobody can write that
 * down where it was the coordinator; then the job stays.
 */
function whileNodeIsAway({ code, details }: SystoleError, { priority }: FetchTask): TaskOutcome {
  const nextAttemptAt = jittered(new Date(Date.now() + nodeAwayMs), priority);
  return { state: "accepted", code, details, nextAttemptAt, isPostponed: true };
}

/** Returns the one of two failures that is worth another try: giving up on one must not give up on the other. */
export function moreRetryable(one: unknown, other: unknown): unknown {
  return one instanceof ProviderError && one.retry === "never" ? other : one;
}

/** Whether no call for the person can be made now: the permission was refused, the token not renewed, or a limit reached. */
export const allowsNoCall = (error: unknown): boolean =>
  isRefusedPerson(error) || error instanceof RenewalError || error instanceof PostponedError;

export const isRefusedPerson = (error: unknown): boolean =>
  error instanceof ProviderError &&
  (error.code === "PROVIDER_UNAUTHORIZED" || error.code === "PROVIDER_FORBIDDEN");
