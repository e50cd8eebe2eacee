/**
 * Laps, which the exercise itself does not have: from its FIT file, else from its TCX. Polar's FIT laps have been
 * seen without a distance: where both files have the same laps, the TCX says what the FIT does not. Times are UTC
 * and are given in the exercise's own offset; an exercise that has none leaves them in UTC.
 *
 * One lap that is the whole session is no lap: watches close one at the end whether or not anybody asked for it.
 */
import { formatTimestamp, type Lap } from "../../../models/index.ts";
import { lapsOf, spansOf } from "../files/pauses.ts";
import type { FitFile, FitLap, TcxFile, TcxLap } from "../schema/files.ts";
import { instantMs, minuteMs, parseTime } from "../time.ts";
import { notNegative, positive } from "./values.ts";

/** A lap as its file has it, its times as instants. */
interface TimedLap {
  readonly startMs: number;
  readonly endMs: number;
  readonly said: Omit<Lap, "start_time" | "end_time">;
}

export interface ExerciseFiles {
  readonly fit: FitFile | undefined;
  readonly tcx: TcxFile | undefined;
}

export function exerciseLaps(
  { fit, tcx }: ExerciseFiles,
  exercise: { readonly offsetMinutes: number | null; readonly durationMs: number },
): Lap[] {
  const found = together(fitLaps(fit?.lap ?? []), tcx ? tcxLaps(tcx) : []);
  const { offsetMinutes, durationMs } = exercise;
  if (isWholeSession(found, durationMs)) return [];
  const offset = offsetMinutes ?? 0;
  const written = (ms: number) => formatTimestamp(ms + offset * minuteMs, offset);
  return found.map(({ startMs, endMs, said }) => ({
    start_time: written(startMs),
    end_time: written(endMs),
    ...said,
  }));
}

/** Files count whole seconds, the exercise milliseconds. */
const roundingMs = 2_000;

function isWholeSession([lap, ...others]: readonly TimedLap[], durationMs: number): boolean {
  return lap !== undefined && others.length === 0 && lap.endMs - lap.startMs >= durationMs - roundingMs;
}

/** The same laps are as many, and each begins at the same moment. */
function together(fit: readonly TimedLap[], tcx: readonly TimedLap[]): readonly TimedLap[] {
  if (fit.length === 0) return tcx;
  const starts = (lap: TimedLap, index: number) =>
    Math.abs(lap.startMs - (tcx[index]?.startMs ?? Number.NaN)) <= roundingMs;
  if (fit.length !== tcx.length || !fit.every(starts)) return fit;
  return fit.map((lap, index) => ({ ...lap, said: filled(lap.said, tcx[index]?.said ?? {}) }));
}

function filled(said: TimedLap["said"], other: TimedLap["said"]): TimedLap["said"] {
  const missing = Object.entries(other).filter(([key]) => (said[key as keyof typeof said] ?? null) === null);
  return { ...said, ...Object.fromEntries(missing) };
}

const whole = (seconds: number | null) => (seconds === null ? null : Math.round(seconds));
const wordOf = (value: string | number | null | undefined) => (typeof value === "string" ? value : null);

/** What Terra lists; the FIT profile has the same words in lower case. */
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

function triggerOf(written: string | number | null | undefined): string | null {
  if (written === null || written === undefined) return null;
  const trigger = String(written).toUpperCase();
  return triggers.has(trigger) ? trigger : "UNSPECIFIED";
}

/** A lap's own time is its end: the FIT profile has a message written when the lap is over. */
function fitLaps(laps: readonly FitLap[]): TimedLap[] {
  return laps.flatMap((lap) => {
    const { start_time, timestamp } = lap;
    if (!start_time || !timestamp) return [];
    return {
      startMs: instantMs(parseTime(start_time)),
      endMs: instantMs(parseTime(timestamp)),
      said: {
        distance_meters: notNegative(lap.total_distance),
        calories: notNegative(lap.total_calories),
        avg_hr_bpm: positive(lap.avg_heart_rate),
        avg_speed_meters_per_second: notNegative(lap.enhanced_avg_speed ?? lap.avg_speed),
        avg_watts: positive(lap.avg_power),
        total_strokes: lap.sport === "swimming" ? whole(notNegative(lap.total_cycles)) : null,
        stroke_type: wordOf(lap.swim_stroke),
        active_duration_seconds: whole(notNegative(lap.total_timer_time ?? lap.total_moving_time)),
        trigger_method: triggerOf(lap.lap_trigger),
      },
    };
  });
}

function tcxLaps(file: TcxFile): TimedLap[] {
  const laps = lapsOf(file);
  const isMeasured = laps.some((lap) => (lap.distance_meters ?? 0) > 0);
  const [, ...later] = laps;
  // "All calories on the first lap" (POLAR-API §2): then they are not the lap's.
  const isSpread = laps.length === 1 || later.some((lap) => (lap.calories ?? 0) > 0);
  return laps.map((lap) => {
    const startMs = instantMs(parseTime(lap.start_time));
    return {
      startMs,
      endMs: endOf(lap, startMs),
      said: {
        distance_meters: isMeasured ? notNegative(lap.distance_meters) : null,
        calories: isSpread ? notNegative(lap.calories) : null,
        avg_hr_bpm: positive(lap.average_heart_rate_bpm?.value),
        avg_speed_meters_per_second: notNegative(lap.extensions?.lx?.avg_speed),
        avg_watts: positive(lap.extensions?.lx?.avg_watts),
        total_strokes: null,
        stroke_type: null,
        active_duration_seconds: whole(notNegative(lap.total_time_seconds)),
        trigger_method: triggerOf(lap.trigger_method),
      },
    };
  });
}

/** TCX has no end: a lap lasts its seconds, or until its last point where it was paused. */
function endOf(lap: TcxLap, startMs: number): number {
  const last = spansOf(lap).at(-1)?.lastMs ?? startMs;
  return Math.max(startMs + (notNegative(lap.total_time_seconds) ?? 0) * 1000, last);
}
