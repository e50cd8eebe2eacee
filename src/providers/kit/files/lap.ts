/** A lap as read from its file. */
import type { Lap } from "../../../models/index.ts";

/** The lap with its times as instants. */
export interface TimedLap {
  readonly startMs: number;
  readonly endMs: number;
  /** The seconds without pauses; null where the file does not say. */
  readonly activeSeconds: number | null;
  readonly said: Omit<Lap, "start_time" | "end_time">;
}

export const whole = (seconds: number | null) => (seconds === null ? null : Math.round(seconds));

/** The triggers that Terra lists; the FIT profile has the same words in lower case. */
const triggers = new Set([
  "MANUAL",
  "TIME",
  "DISTANCE",
  "POSITION_START",
  "POSITION_LAP",
  "POSITION_WAYPOINT",
  "POSITION_MARKED",
  "SESSION_END",
  "FITNESS_EQUIPMENT",
]);

export function triggerOf(written: string | number | null | undefined): string | null {
  if (written === null || written === undefined) return null;
  const trigger = String(written).toUpperCase();
  return triggers.has(trigger) ? trigger : "UNSPECIFIED";
}

/** The difference that rounding can make: files count whole seconds, the exercise milliseconds. */
export const roundingMs = 2_000;
