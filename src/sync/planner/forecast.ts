/** Forecasts when a window of a provider's limits is used up. Pure. */

export interface WindowUse {
  readonly used: number;
  readonly limit: number;
  readonly lengthMs: number;
  readonly resetSeconds: number;
}

/** Less of a window than this says nothing about its rate. */
const leastShare = 0.1;

/**
 * Returns the seconds until the window's calls are used up, at the rate of the window so far; 0 when they are. Null
 * when the window begins anew before that, and while too little of it has passed.
 */
export function usedUpInSeconds({ used, limit, lengthMs, resetSeconds }: WindowUse): number | null {
  const left = limit - used;
  if (left <= 0) return 0;
  const elapsed = lengthMs / 1_000 - resetSeconds;
  if (used === 0 || elapsed < (lengthMs / 1_000) * leastShare || resetSeconds <= 0) return null;
  const seconds = (left * elapsed) / used;
  return seconds < resetSeconds ? Math.round(seconds) : null;
}
