/**
 * The retry schedule of a failed delivery: 5 s after the first attempt, then twice as long each time, never
 * more than 8 h; the last step is the rest of 24 h 30 min:
 *
 *   after attempt  1    2    3    4    5        6        7        8         9         10
 *   wait           5 s  10 s 20 s 40 s 1 m 20 s 2 m 40 s 5 m 20 s 10 m 40 s 21 m 20 s 42 m 40 s
 *   after attempt  11          12         13         14   15
 *   wait           1 h 25 m    2 h 51 m   5 h 41 m   8 h  5 h 7 m
 *
 * Sixteen attempts in all. Up to a tenth is added at random, so that deliveries that failed together do not
 * return together. A Retry-After makes a wait longer, up to 8 h, never shorter.
 */
const firstMs = 5_000;
const capMs = 8 * 3_600_000;
const totalMs = 24.5 * 3_600_000;
const jitter = 0.1;

/** The waits without their random part. */
export const retryDelaysMs: readonly number[] = delays();

/** A delivery that was never attempted in this time is given up too. */
export const givenUpAfterMs = totalMs;

export const maxAttempts = retryDelaysMs.length + 1;

function delays(): number[] {
  const made: number[] = [];
  for (let left = totalMs; left > 0; left -= made.at(-1) ?? 0) {
    made.push(Math.min(firstMs * 2 ** made.length, capMs, left));
  }
  return made;
}

/**
 * Returns the wait after this many attempts; null after the last one.
 * @param random from 0 to 1
 */
export function retryDelayMs(
  attempts: number,
  random: number,
  retryAfterMs: number | null = null,
): number | null {
  const base = retryDelaysMs[attempts - 1];
  if (base === undefined) return null;
  return Math.round(Math.min(capMs, Math.max(base * (1 + jitter * random), retryAfterMs ?? 0)));
}
