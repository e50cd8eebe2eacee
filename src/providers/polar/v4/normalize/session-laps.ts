/**
 * Converts a session's laps. Whether `splitTimeMillis` is where a lap begins or where it ends is not known (POLAR-V4 §5):
 * the laps' own durations show it. Where they fit both or neither, the laps have no times; their values are carried too.
 */
import type { Lap } from "../../../../models/index.ts";
import { formatTimestamp } from "../../../../models/index.ts";
import type { LocalTime } from "../../../kit/iso-time.ts";
import { notNegative, positive } from "../../../kit/values.ts";
import { wordOf } from "../reading.ts";
import type { V4Lap, V4Statistics } from "../resources/training-session/schema.ts";
import type { PlacedExercise } from "./session-samples.ts";

/** Splits and durations are rounded apart from each other. */
const roundingMs = 1_000;
const kmhPerMetrePerSecond = 3.6;

export function sessionLaps(exercises: readonly PlacedExercise[], start: LocalTime): Lap[] {
  return exercises.flatMap((placed) => {
    const { laps, durationMillis } = placed.exercise;
    const wholeMs = durationMillis ?? null;
    return [
      ...lapsOf(laps?.laps ?? [], "MANUAL", { placed, wholeMs, start }),
      ...lapsOf(laps?.autoLaps ?? [], "UNSPECIFIED", { placed, wholeMs, start }),
    ];
  });
}

interface LapContext {
  readonly placed: PlacedExercise;
  readonly wholeMs: number | null;
  readonly start: LocalTime;
}

function lapsOf(laps: readonly V4Lap[], trigger: string, { placed, wholeMs, start }: LapContext): Lap[] {
  if (isWhole(laps, wholeMs)) return [];
  const times = lapTimes(laps);
  const at = (ms: number) => formatTimestamp(start.localMs + placed.afterMs + ms, start.offsetMinutes);
  return laps.map((lap, index) => {
    const time = times?.[index];
    return {
      start_time: time === undefined ? null : at(time.fromMs),
      end_time: time === undefined ? null : at(time.toMs),
      distance_meters: notNegative(lap.distanceMeters),
      avg_hr_bpm: positive(meanOf(lap.statistics, "HEART_RATE")),
      avg_speed_meters_per_second: perSecond(meanOf(lap.statistics, "SPEED")),
      avg_watts: notNegative(meanOf(lap.statistics, "POWER")),
      active_duration_seconds: wholeSeconds(lap.durationMillis),
      trigger_method: trigger,
    };
  });
}

/** A watch closes one lap at the end even when the person pressed nothing. */
const isWhole = ([lap, ...others]: readonly V4Lap[], wholeMs: number | null): boolean =>
  others.length === 0 && wholeMs !== null && (lap?.durationMillis ?? 0) >= wholeMs - roundingMs;

export interface LapTime {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Returns where each lap begins and ends; null where the laps do not tell. They are in order of their splits. */
export function lapTimes(laps: readonly V4Lap[]): LapTime[] | null {
  const given = laps.flatMap(({ splitTimeMillis: split, durationMillis: length }) =>
    typeof split === "number" && typeof length === "number" && length >= 0 ? [{ split, length }] : [],
  );
  if (given.length < laps.length) return null;
  const asStarts = given.map(({ split, length }) => ({ fromMs: split, toMs: split + length }));
  const asEnds = given.map(({ split, length }) => ({ fromMs: split - length, toMs: split }));
  const fitting = [asStarts, asEnds].filter(followEachOther);
  return fitting.length === 1 ? (fitting[0] ?? null) : null;
}

/** Whether the first lap begins with the exercise and none before the one before it has ended. */
function followEachOther(times: readonly LapTime[]): boolean {
  return times.every(({ fromMs }, index) => {
    const former = times[index - 1];
    return former === undefined ? Math.abs(fromMs) <= roundingMs : fromMs >= former.toMs - roundingMs;
  });
}

/** Returns the statistic of a quantity, whose word comes with and without its prefix. */
export const statisticOf = (statistics: V4Statistics, type: string) =>
  statistics?.statistics?.find((one) => wordOf("STATISTICS_TYPE_", one.type) === type);

export const meanOf = (statistics: V4Statistics, type: string): number | null =>
  statisticOf(statistics, type)?.avg ?? null;

const perSecond = (kmh: number | null): number | null =>
  kmh === null || kmh < 0 ? null : kmh / kmhPerMetrePerSecond;

const wholeSeconds = (ms: number | null | undefined): number | null =>
  typeof ms === "number" && ms >= 0 ? Math.round(ms / 1000) : null;
