/**
 * Computes when an exercise's samples were taken, if it was paused. Polar's series have no times: sample i lies i ×
 * recording_rate seconds after the start, and Polar does not say whether pauses count. Where a file shows pauses, the
 * longest series decides. If it has as many samples as seconds were recorded, it leaves the pauses out; if it has as
 * many as seconds went by, it includes them.
 */

import { zoneErrorMs } from "../../kit/files/file-clock.ts";
import { fitSpans, type RecordedSpan, tcxSpans } from "../../kit/files/recorded-spans.ts";
import { instantMs, type LocalTime } from "../../kit/iso-time.ts";
import type { PolarExercise } from "../resources/exercise/schema.ts";
import { exerciseFit } from "../resources/exercise-fit.ts";
import { exerciseTcx } from "../resources/exercise-tcx.ts";
import type { ExerciseFiles } from "./laps.ts";

/** The finding, reported beside the record. */
export interface SampleClock {
  /** The time that the samples count: recorded, or elapsed; unclear when their number matches neither. */
  readonly basis: "recorded" | "elapsed" | "unclear";
  /** The file that shows the pauses. */
  readonly file: string;
  readonly paused_seconds: number;
}

/** Conversions to milliseconds since the start of the exercise. */
export interface RecordedTime {
  /** The finding; null where no file shows a pause, or there are no samples. */
  readonly clock: SampleClock | null;
  /** Returns the time of the sample at this position of the series. */
  ofSample(countedMs: number): number;
  /** Returns the time of a point of a route, whose last point says that it was taken at `lastMs`. */
  ofPoint(pointMs: number, lastMs: number): number;
  /** Returns the time at which the exercise ends, from its duration. */
  ofEnd(durationMs: number): number;
}

const asSaid = (clock: SampleClock | null): RecordedTime => ({
  clock,
  ofSample: (ms) => ms,
  ofPoint: (ms) => ms,
  ofEnd: (ms) => ms,
});

export function recordedTime(exercise: PolarExercise, files: ExerciseFiles, start: LocalTime): RecordedTime {
  const counted = longestSeries(exercise);
  if (counted === null) return asSaid(null);
  const startMs = instantMs(start);
  const found = [
    judged(exerciseFit.name, sinceStart(files.fit ? fitSpans(files.fit) : [], startMs), counted),
    judged(exerciseTcx.name, sinceStart(files.tcx ? tcxSpans(files.tcx) : [], startMs), counted),
  ].filter((time) => time !== null);
  const says = (basis: SampleClock["basis"]) => found.find(({ clock }) => clock?.basis === basis);
  return says("recorded") ?? says("elapsed") ?? says("unclear") ?? asSaid(null);
}

interface Counted {
  readonly ms: number;
  readonly rateMs: number;
}

/** Returns the longest series; null when there is none. RR intervals have no rate, and so no length. */
function longestSeries({ samples }: PolarExercise): Counted | null {
  const series = (samples ?? []).map(({ recording_rate, data }) => {
    const rateMs = Math.max(0, recording_rate ?? 0) * 1000;
    return { ms: rateMs * (data?.length ?? 0), rateMs };
  });
  const longest = series.reduce((most, other) => (other.ms > most.ms ? other : most), { ms: 0, rateMs: 0 });
  return longest.ms > 0 ? longest : null;
}

/**
 * Returns the spans relative to the exercise's start; empty when the file's clock cannot be compared with the
 * exercise's.
 */
function sinceStart(spans: readonly RecordedSpan[], exerciseMs: number): readonly RecordedSpan[] {
  const [first] = spans;
  const errorMs = first && zoneErrorMs(first.startMs, exerciseMs);
  if (errorMs === undefined || errorMs === null) return [];
  const byMs = errorMs - exerciseMs;
  return spans.map(({ startMs, endMs }) => ({ startMs: startMs + byMs, endMs: endMs + byMs }));
}

/**
 * Returns how much the times may differ. Each pause is rounded to seconds twice, and a file may begin some seconds
 * after its exercise.
 */
function toleranceMs(spans: readonly RecordedSpan[], { rateMs }: Counted): number {
  return Math.max(2_000, rateMs) + (spans.length - 1) * 1_000 + Math.abs(spans[0]?.startMs ?? 0);
}

function judged(file: string, spans: readonly RecordedSpan[], counted: Counted): RecordedTime | null {
  const [first, last] = [spans[0], spans.at(-1)];
  if (first === undefined || last === undefined || spans.length < 2) return null;
  const recordedMs = spans.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0);
  const elapsedMs = last.endMs - first.startMs;
  const fromRecorded = Math.abs(counted.ms - recordedMs);
  const fromElapsed = Math.abs(counted.ms - elapsedMs);
  const within = toleranceMs(spans, counted);
  const clock = { file, paused_seconds: (elapsedMs - recordedMs) / 1000 };
  if (Math.min(fromRecorded, fromElapsed) > within) return asSaid({ basis: "unclear", ...clock });
  if (fromElapsed <= fromRecorded) return asSaid({ basis: "elapsed", ...clock });
  const ofSample = (ms: number) => elapsedOf(spans, ms);
  return {
    clock: { basis: "recorded", ...clock },
    ofSample,
    ofPoint: (ms, lastMs) => (Math.abs(lastMs - recordedMs) <= within ? ofSample(ms) : ms),
    ofEnd: (ms) => (Math.abs(ms - recordedMs) < Math.abs(ms - elapsedMs) ? ofSample(ms) : ms),
  };
}

/**
 * Converts recorded time to elapsed time. The first span begins with the exercise, each other one at the file's time.
 */
function elapsedOf(spans: readonly RecordedSpan[], countedMs: number): number {
  let before = 0;
  for (const [index, { startMs, endMs }] of spans.entries()) {
    const isLast = index === spans.length - 1;
    if (isLast || countedMs < before + endMs - startMs)
      return countedMs - before + (index === 0 ? 0 : startMs);
    before += endMs - startMs;
  }
  return countedMs;
}
