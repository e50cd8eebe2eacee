/** The time of one attempt: a fixed part, and more for its events and bytes. Each kind may declare its own. */

export interface AttemptTime {
  /** Time for the look-up, the connection and the answer. */
  readonly baseMs: number;
  /** Added for each event of the attempt, for databases that work on each. */
  readonly perEventMs: number;
  /** The slowest connection over which a body of any size still arrives in time. */
  readonly bytesPerSecond: number;
}

/** The time of kinds that declare none. */
export const usualTime: AttemptTime = { baseMs: 8_000, perEventMs: 0, bytesPerSecond: 256 * 1_024 };

/** The time of kinds that write a whole batch in one transaction or command. */
export const batchTime: AttemptTime = { baseMs: 10_000, perEventMs: 100, bytesPerSecond: 256 * 1_024 };

export function attemptMs(time: AttemptTime, events: number, bytes: number): number {
  return time.baseMs + events * time.perEventMs + Math.ceil((bytes / time.bytesPerSecond) * 1_000);
}
