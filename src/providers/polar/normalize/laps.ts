/**
 * Finds the laps, which the exercise itself does not contain: in its FIT file, else in its TCX. Polar's FIT laps have
 * been seen without a distance: where both files have the same laps, the TCX fills the FIT's gaps. Times are UTC and
 * are written in the exercise's own offset.
 *
 * A single lap that is the whole session does not count: watches close one at the end even when the person pressed
 * nothing.
 */
import { formatTimestamp, type Lap } from "../../../models/index.ts";
import { fitLaps } from "../../kit/files/fit-laps.ts";
import type { FitFile } from "../../kit/files/fit-schema.ts";
import { roundingMs, type TimedLap } from "../../kit/files/lap.ts";
import { placedIn } from "../../kit/files/lap-place.ts";
import { withPlausibleSpeeds } from "../../kit/files/lap-speed.ts";
import { tcxLaps } from "../../kit/files/tcx-laps.ts";
import type { TcxFile } from "../../kit/files/tcx-schema.ts";
import { instantMs, type LocalTime, minuteMs } from "../../kit/iso-time.ts";
import { exerciseFit } from "../resources/exercise-fit.ts";
import { exerciseTcx } from "../resources/exercise-tcx.ts";

export interface ExerciseFiles {
  readonly fit: FitFile | undefined;
  readonly tcx: TcxFile | undefined;
}

export interface Laps {
  readonly laps: Lap[];
  /** The corrections to each file's laps, by the file's resource. A file without a fault has none. */
  readonly corrected: Readonly<Record<string, LapCorrection>>;
}

/** A correction, reported beside the record. */
export interface LapCorrection {
  /** Minutes by which the times were moved; null when the laps do not belong to the exercise and were left out. */
  readonly moved_minutes?: number | null;
  readonly speed_unit?: "km/h";
}

export function exerciseLaps({ fit, tcx }: ExerciseFiles, start: LocalTime, durationMs: number): Laps {
  const exercise = { startMs: instantMs(start), durationMs };
  const ofFit = corrected(fitLaps(fit?.lap ?? []), exercise);
  const ofTcx = corrected(tcx ? tcxLaps(tcx) : [], exercise);
  const found = together(ofFit.laps, ofTcx.laps);
  return {
    laps: found.map((lap) => written(lap, start)),
    corrected: Object.fromEntries(
      Object.entries({ [exerciseFit.name]: ofFit.correction, [exerciseTcx.name]: ofTcx.correction }).filter(
        ([, correction]) => Object.keys(correction).length > 0,
      ),
    ),
  };
}

function corrected(found: readonly TimedLap[], exercise: { startMs: number; durationMs: number }) {
  const { laps, movedMs } = placedIn(exercise, found);
  const speeds = withPlausibleSpeeds(laps);
  const correction: LapCorrection = {
    ...(movedMs !== 0 && { moved_minutes: movedMs && movedMs / minuteMs }),
    ...(speeds.unit === "km/h" && { speed_unit: speeds.unit }),
  };
  return { laps: isWholeSession(laps, exercise.durationMs) ? [] : speeds.laps, correction };
}

function written({ startMs, endMs, said }: TimedLap, { offsetMinutes }: LocalTime): Lap {
  const at = (ms: number) => formatTimestamp(ms + (offsetMinutes ?? 0) * minuteMs, offsetMinutes);
  return { start_time: at(startMs), end_time: at(endMs), ...said };
}

function isWholeSession([lap, ...others]: readonly TimedLap[], durationMs: number): boolean {
  return lap !== undefined && others.length === 0 && lap.endMs - lap.startMs >= durationMs - roundingMs;
}

/** Joins the laps of both files where they are the same: equally many, each beginning at the same moment. */
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
