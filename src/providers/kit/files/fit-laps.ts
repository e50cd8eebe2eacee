/** Reads the laps of a FIT file, in the order of time. */

import { instantMs, parseTime } from "../iso-time.ts";
import { notNegative, positive } from "../values.ts";
import type { FitLap } from "./fit-schema.ts";
import { type TimedLap, triggerOf, whole } from "./lap.ts";

export function fitLaps(laps: readonly FitLap[]): TimedLap[] {
  const timed = laps.map((lap) => ({ lap, ...timesOf(lap) })).sort((one, other) => one.endMs - other.endMs);
  return timed.flatMap(({ lap, startMs, endMs }, index) => {
    const began = startMs ?? timed[index - 1]?.endMs ?? Number.NaN;
    return Number.isFinite(began) && Number.isFinite(endMs) ? [timedLap(lap, began, endMs)] : [];
  });
}

/** "Below this value it is the number of seconds since the device was switched on" (FIT profile, `date_time`). */
const firstDateTimeMs = Date.UTC(1989, 11, 31) + 0x10000000 * 1000;

function absoluteMs(written: string | null | undefined): number | null {
  const ms = written ? instantMs(parseTime(written)) : null;
  return ms !== null && ms >= firstDateTimeMs ? ms : null;
}

/**
 * Returns the start and end of a lap. A lap's own time is its end: the FIT profile has its message written when the lap
 * is over. A start that is missing or impossible is computed from the end and the elapsed time; null where that is
 * missing too.
 */
function timesOf({ start_time, timestamp, total_elapsed_time, total_timer_time }: FitLap) {
  const endMs = absoluteMs(timestamp);
  const elapsedMs = secondsMs(notNegative(total_elapsed_time) ?? notNegative(total_timer_time));
  const written = absoluteMs(start_time);
  const startMs = endMs !== null && written !== null && written > endMs ? null : written;
  return {
    startMs: startMs ?? sumOf(endMs, elapsedMs === null ? null : -elapsedMs),
    endMs: endMs ?? sumOf(startMs, elapsedMs) ?? Number.NaN,
  };
}

const secondsMs = (seconds: number | null) => (seconds === null ? null : seconds * 1000);
const sumOf = (one: number | null, other: number | null) =>
  one === null || other === null ? null : one + other;
const wordOf = (value: string | number | null | undefined) => (typeof value === "string" ? value : null);

function timedLap(lap: FitLap, startMs: number, endMs: number): TimedLap {
  const activeSeconds = notNegative(lap.total_timer_time ?? lap.total_moving_time);
  return {
    startMs,
    endMs,
    activeSeconds,
    said: {
      distance_meters: notNegative(lap.total_distance),
      calories: notNegative(lap.total_calories),
      avg_hr_bpm: positive(lap.avg_heart_rate),
      avg_speed_meters_per_second: notNegative(lap.enhanced_avg_speed ?? lap.avg_speed),
      avg_watts: positive(lap.avg_power),
      total_strokes: lap.sport === "swimming" ? whole(notNegative(lap.total_cycles)) : null,
      stroke_type: wordOf(lap.swim_stroke),
      active_duration_seconds: whole(activeSeconds),
      trigger_method: triggerOf(lap.lap_trigger),
    },
  };
}
