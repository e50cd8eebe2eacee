/** How often v4 is asked where no notification comes: often while there is news, rarely while there is none. */
import type { Polling } from "../../provider.ts";

const minuteMs = 60_000;

export const polling: Readonly<
  Record<"sleep" | "sleepWake" | "recharge" | "heartRate" | "ppi" | "activity" | "calendar", Polling>
> = {
  sleep: { everyMs: 20 * minuteMs, quietMs: 120 * minuteMs, rereadDays: 2, weeklyRereadDays: 14 },
  sleepWake: { everyMs: 59 * minuteMs, quietMs: 360 * minuteMs, rereadDays: 7 },
  recharge: { everyMs: 20 * minuteMs, quietMs: 120 * minuteMs, rereadDays: 28 },
  heartRate: { everyMs: 30 * minuteMs, quietMs: 120 * minuteMs, rereadDays: 7, weeklyRereadDays: 28 },
  ppi: { everyMs: 59 * minuteMs, quietMs: 720 * minuteMs, rereadDays: 2 },
  activity: { everyMs: 30 * minuteMs, quietMs: 180 * minuteMs, rereadDays: 3, weeklyRereadDays: 14 },
  // People write notes and weights of some days ago, and the list of days does not tell of a changed one.
  calendar: { everyMs: 720 * minuteMs, quietMs: 1_440 * minuteMs, rereadDays: 2, weeklyRereadDays: 14 },
};
