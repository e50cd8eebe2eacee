/** The times at which a provider is asked again. */
import type { ErrorCode } from "../errors.ts";
import type { FetchTask } from "../store/fetch-tasks.ts";

const firstPauseMs = 5_000;
const longestPauseMs = 8 * 3_600_000;
/** The longest wait that a provider can ask for: its daily limit begins anew within it. */
const longestWindowMs = 24 * 3_600_000;
/** 5 s doubling to 8 h adds up to 24 h after about 15 tries. */
const tries = 16;
/** Data that the provider does not have yet may arrive soon, but rarely after more than an hour. */
const triesWhenMissing = 10;

/** Returns the next try, or null when it is time to give up. `attempt` counts the tries made, from 1. */
export function nextTry(
  attempt: number,
  code: ErrorCode,
  retryAfterMs: number | null,
  now: Date,
): Date | null {
  if (attempt >= (code === "PROVIDER_RESOURCE_MISSING" ? triesWhenMissing : tries)) return null;
  const pause = Math.min(firstPauseMs * 2 ** (attempt - 1), longestPauseMs);
  const jittered = pause * (0.9 + Math.random() * 0.2);
  return new Date(now.getTime() + Math.max(jittered, Math.min(retryAfterMs ?? 0, longestWindowMs)));
}

/** The delays after which a missing companion is looked for: most arrive within moments, some within the hour. */
const lookDelaysMs: readonly [number, ...number[]] = [5_000, 60_000, 3_600_000];

export const firstLook = (now: Date): Date => new Date(now.getTime() + lookDelaysMs[0]);

/** Returns when a missing companion is looked for again; null for a task that does not look again. */
export function nextLook({ kind, attempts }: Pick<FetchTask, "kind" | "attempts">, now: Date): Date | null {
  const delayMs = kind === "second-look" ? lookDelaysMs[attempts + 1] : undefined;
  return delayMs === undefined ? null : new Date(now.getTime() + delayMs);
}

const fileDelayMs = 60_000;

/** Returns the next try of a file that could not be fetched just now. */
export const nextFileTry = (now: Date): Date => new Date(now.getTime() + fileDelayMs);
