/** When a provider is asked again. */
import type { ErrorCode } from "../errors.ts";
import type { FetchTask } from "../store/fetch-tasks.ts";

const firstPauseMs = 5_000;
const longestPauseMs = 8 * 3_600_000;
/** The longest wait that a provider can ask for: its daily limit starts anew within it. */
const longestWindowMs = 24 * 3_600_000;
/** 5 s doubling to 8 h adds up to 24 h after 15 tries or so. */
const tries = 16;
/** What a provider says it does not have may be about to arrive, but rarely after an hour. */
const triesWhenMissing = 10;

/** The next try, or null when it is time to give up. `attempt` counts the tries made, from 1. */
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

/** After so long a companion that was not there is looked for: most come within moments, some within the hour. */
const lookDelaysMs: readonly [number, ...number[]] = [5_000, 60_000, 3_600_000];

export const firstLook = (now: Date): Date => new Date(now.getTime() + lookDelaysMs[0]);

/** When something missing is looked for once more; null for a task that does not look again, or no more. */
export function nextLook({ kind, attempts }: Pick<FetchTask, "kind" | "attempts">, now: Date): Date | null {
  const delayMs = kind === "second-look" ? lookDelaysMs[attempts + 1] : undefined;
  return delayMs === undefined ? null : new Date(now.getTime() + delayMs);
}

const fileDelayMs = 60_000;

/** When a file is tried again that could not be had just now. */
export const nextFileTry = (now: Date): Date => new Date(now.getTime() + fileDelayMs);
