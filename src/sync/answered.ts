/** Notes which days are known after a fetch, and what an index lists that we lack. Called when the records are made. */
import { type IndexEntry, ProviderError } from "../providers/provider.ts";
import { findResource } from "../providers/resource-of.ts";
import { markCovered, noteNoGaps } from "../store/coverage.ts";
import { addDays, earlierDay, utcDay } from "../store/days.ts";
import type { DatabaseTransaction, TaskFetch } from "../store/tables.ts";
import { discoveryOf } from "./discoverable.ts";
import { createFollowOns } from "./follow-on.ts";
import { createDiffering } from "./index-comparison.ts";
import { paceOf } from "./pace.ts";
import { holdConnection, type TaskRun } from "./run.ts";

/** One fetch and its result. */
export interface AnsweredFetch {
  readonly fetch: TaskFetch;
  /** The entries of an index; null for any other resource. */
  readonly entries: readonly IndexEntry[] | null;
  /** New or changed things that were never announced. */
  readonly gaps: number;
  /** Whether there was any data in it. */
  readonly isEmpty: boolean;
}

/**
 * Notes all answers in one transaction: days do not count as known before the tasks for an index's
 * differences exist.
 * @throws ConnectionGone
 */
export async function noteAnswered(
  run: TaskRun,
  answered: readonly AnsweredFetch[],
  askedAt: Date,
): Promise<void> {
  if (!answered.some(({ fetch }) => fetch.covers)) return;
  await run.deps.store.db.transaction().execute(async (tx) => {
    await holdConnection(tx, run.id);
    const missing = new Map<string, number>();
    for (const one of answered) {
      const { covers } = one.fetch;
      if (covers === undefined) continue;
      const count = await noteOne(tx, run, { ...one, covers }, askedAt);
      missing.set(covers.resource, (missing.get(covers.resource) ?? 0) + count);
    }
    if (run.task.kind === "reconcile") await noteQuiet(tx, run, missing);
  });
}

/** Where all answers about a resource told nothing new, the next look comes later. */
async function noteQuiet(
  tx: DatabaseTransaction,
  run: TaskRun,
  missing: ReadonlyMap<string, number>,
): Promise<void> {
  for (const [resource, count] of missing) {
    const discovery = discoveryOf(run, resource);
    if (count > 0) continue;
    await noteNoGaps(tx, run.id, { resource, ...(discovery && { pace: paceOf(discovery) }) });
  }
}

interface CoveringAnswer extends AnsweredFetch {
  readonly covers: NonNullable<TaskFetch["covers"]>;
}

/** Notes the days of one answer; returns how many things it told that were not held or not announced. */
async function noteOne(
  tx: DatabaseTransaction,
  run: TaskRun,
  { covers, entries, gaps, isEmpty }: CoveringAnswer,
  askedAt: Date,
): Promise<number> {
  const missing = entries === null ? 0 : await createDiffering(tx, run, entries);
  const today = utcDay(askedAt);
  const days = { from: covers.from, to: earlierDay(covers.to, today) };
  const until = askedUntil(covers.to, askedAt);
  await markCovered(tx, run.id, {
    resource: covers.resource,
    days: days.from <= days.to ? days : null,
    askedUntil: until,
    foundFrom: isEmpty ? null : covers.from,
    begunAt: askedAt,
  });
  return gaps + missing;
}

/** How far back a day may lie and still count as the newest: a task may have waited past midnight. */
const newestDays = 2;

/**
 * Returns the time up to which everything is known now; null for an older range, which says nothing about new
 * data.
 */
function askedUntil(lastDay: string, askedAt: Date): Date | null {
  const today = utcDay(askedAt);
  if (lastDay >= today) return askedAt;
  return lastDay >= addDays(today, -newestDays) ? new Date(`${addDays(lastDay, 1)}T00:00:00Z`) : null;
}

/**
 * Requests a refused range again so that it ends today: a provider that does not know tomorrow's date refuses
 * the whole range. Returns whether the range could be shortened.
 * @throws ConnectionGone
 */
export async function askUntilToday(run: TaskRun, refused: TaskFetch, now: Date): Promise<boolean> {
  const shorter = untilToday(run, refused, now);
  if (shorter === null || shorter.key === refused.key) return false;
  await run.deps.store.db.transaction().execute(async (tx) => {
    await holdConnection(tx, run.id);
    await createFollowOns(tx, run, [{ kind: run.task.kind, fetches: [shorter] }]);
  });
  return true;
}

function untilToday({ provider }: TaskRun, { covers }: TaskFetch, now: Date): TaskFetch | null {
  const today = utcDay(now);
  const discovery = findResource(provider, covers?.resource)?.discovery;
  if (!covers || !discovery || covers.to <= today || covers.from > today) return null;
  const shorter = { ...covers, to: today };
  return { resource: covers.resource, key: discovery.key(shorter.from, shorter.to), covers: shorter };
}

/**
 * Whether a refusal means that the days lie further back than the provider answers; that is an answer, not a
 * failure.
 */
export function isPastReach(error: unknown, { covers }: TaskFetch, now: Date): boolean {
  const isOutOfReach = error instanceof ProviderError && error.code === "PROVIDER_OUT_OF_REACH";
  // A refusal of recent days is never an answer.
  return isOutOfReach && covers !== undefined && covers.to < addDays(utcDay(now), -1);
}
