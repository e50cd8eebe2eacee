/** The clock of this process. */
import { setImmediate } from "node:timers/promises";

/** Waits until the clock shows a later millisecond: ids and times of one millisecond have no order. */
export async function nextMillisecond(): Promise<void> {
  const now = Date.now();
  while (Date.now() <= now) await setImmediate();
}
