/** Reads the laps of a TCX file, in the order of time. */

import { instantMs, parseTime } from "../iso-time.ts";
import { notNegative, positive } from "../values.ts";
import { roundingMs, type TimedLap, triggerOf, whole } from "./lap.ts";
import { spansOf } from "./pauses.ts";
import type { TcxFile, TcxLap } from "./tcx-schema.ts";

/** Returns the laps of every activity in the file. */
export function tcxLaps({ training_center_database: { activities } }: TcxFile): TimedLap[] {
  const laps = (activities?.activity ?? []).flatMap(({ lap }) => lapsOfActivity(lap));
  return oneAfterAnother(
    laps.toSorted((one, other) => one.startMs - other.startMs || one.endMs - other.endMs),
  );
}

function lapsOfActivity(written: readonly TcxLap[]): TimedLap[] {
  const laps = placed(written);
  const isMeasured = laps.some(({ lap }) => (lap.distance_meters ?? 0) > 0);
  const [, ...later] = laps;
  // Some files put all calories of the activity on its first lap; then they are not the lap's. A null was unreadable.
  const isSpread =
    laps.length === 1 || later.some(({ lap: { calories } }) => calories === null || (calories ?? 0) > 0);
  return laps.map(({ lap, startMs }) => {
    const activeSeconds = notNegative(lap.total_time_seconds);
    return {
      startMs,
      endMs: endOf(lap, startMs),
      activeSeconds,
      said: {
        distance_meters: isMeasured ? notNegative(lap.distance_meters) : null,
        calories: isSpread ? notNegative(lap.calories) : null,
        avg_hr_bpm: positive(lap.average_heart_rate_bpm?.value),
        avg_speed_meters_per_second: notNegative(lap.extensions?.lx?.avg_speed),
        avg_watts: positive(lap.extensions?.lx?.avg_watts),
        total_strokes: null,
        stroke_type: null,
        active_duration_seconds: whole(activeSeconds),
        trigger_method: triggerOf(lap.trigger_method),
      },
    };
  });
}

interface PlacedLap {
  readonly lap: TcxLap;
  readonly startMs: number;
}

/**
 * Returns the laps sorted by their starts. A lap without a start begins at its first point, else where the lap written
 * before it ended. The first lap of a file begins its own seconds before the next one.
 */
function placed(laps: readonly TcxLap[]): PlacedLap[] {
  const found: PlacedLap[] = [];
  for (const [index, lap] of laps.entries()) {
    const former = found.at(-1);
    const startMs =
      ownStart(lap) ?? (former && endOf(former.lap, former.startMs)) ?? startBefore(lap, laps[index + 1]);
    if (startMs !== null) found.push({ lap, startMs });
  }
  return found.sort(
    (one, other) =>
      one.startMs - other.startMs || endOf(one.lap, one.startMs) - endOf(other.lap, other.startMs),
  );
}

function ownStart(lap: TcxLap): number | null {
  return lap.start_time ? instantMs(parseTime(lap.start_time)) : (spansOf(lap)[0]?.firstMs ?? null);
}

function startBefore(lap: TcxLap, next: TcxLap | undefined): number | null {
  const nextMs = next ? ownStart(next) : null;
  const seconds = notNegative(lap.total_time_seconds);
  return nextMs === null || seconds === null ? null : nextMs - seconds * 1000;
}

/**
 * Returns the end of a lap, which TCX does not give: a lap lasts its seconds, or until its last point where it was
 * paused.
 */
function endOf(lap: TcxLap, startMs: number): number {
  const last = spansOf(lap).at(-1)?.lastMs ?? startMs;
  return Math.max(startMs + (notNegative(lap.total_time_seconds) ?? 0) * 1000, last);
}

/**
 * Moves laps that begin before the lap before them has ended. Some files count a lap's `StartTime` without the pauses
 * before it, but its points with them. Such a lap begins where the one before it ended, and lasts its seconds, or until
 * its last point.
 */
function oneAfterAnother(laps: readonly TimedLap[]): TimedLap[] {
  const result: TimedLap[] = [];
  for (const lap of laps) {
    const former = result.at(-1);
    const overlapMs = former ? former.endMs - lap.startMs : 0;
    if (former && overlapMs > 0 && overlapMs <= roundingMs)
      result[result.length - 1] = { ...former, endMs: lap.startMs };
    result.push(former && overlapMs > roundingMs ? begunAt(lap, former.endMs) : lap);
  }
  return result;
}

function begunAt(lap: TimedLap, startMs: number): TimedLap {
  const lastsMs = (lap.activeSeconds ?? 0) * 1000;
  return { ...lap, startMs, endMs: Math.max(startMs + lastsMs, lap.endMs) };
}
