/** A day's steps, energy and activity classes of each device; those of one device count. */
import {
  ActivityLevel,
  type ActivityLevelSample,
  type MetSample,
  type StepSample,
  timestampFormatter,
} from "../../../../models/index.ts";
import { inOrder } from "../../../kit/in-order.ts";
import { parseDayTime, wordOf } from "../reading.ts";
import type { V4ActivityDay, V4ActivitySamples } from "../resources/activity.ts";

/** What one device counted. */
export interface DeviceDay {
  readonly device: string | null;
  readonly blocks: readonly V4ActivitySamples[];
  /** The sum of its steps; null where it has no step samples. */
  readonly steps: number | null;
}

type Device = NonNullable<V4ActivityDay["activitiesPerDevice"]>[number];

/** Returns what each device of a day counted. A device that occurs twice is one. */
export function devicesOf(days: readonly V4ActivityDay[], midnightMs: number): readonly DeviceDay[] {
  const devices = days.flatMap(({ activitiesPerDevice }) => activitiesPerDevice ?? []);
  const byId = Map.groupBy(devices, ({ deviceReference }: Device) => deviceReference?.deviceId ?? null);
  return [...byId].map(([device, same]) => {
    const blocks = same.flatMap(({ activitySamples }) => activitySamples ?? []);
    const runs = runsOf(
      blocks.map(({ stepSamples }) => stepSamples && { ...stepSamples, values: stepSamples.steps }),
      midnightMs,
    );
    return { device, blocks, steps: runs.length > 0 ? sumOf(runs) : null };
  });
}

/**
 * Returns the device that counts: the one with the most steps, and of equal ones that whose id comes first. Two devices
 * count the same steps, so they are never added.
 */
export function largestDevice(devices: readonly DeviceDay[]): DeviceDay | null {
  let found: DeviceDay | null = null;
  for (const one of devices) if (found === null || isBefore(one, found)) found = one;
  return found;
}

function isBefore(one: DeviceDay, other: DeviceDay): boolean {
  const [steps, otherSteps] = [one.steps ?? -1, other.steps ?? -1];
  return steps > otherSteps || (steps === otherSteps && (one.device ?? "") < (other.device ?? ""));
}

interface Series {
  readonly startTime: string;
  readonly interval: number;
  readonly values: readonly (number | null)[] | null | undefined;
}

interface Run {
  readonly startMs: number;
  readonly intervalMs: number;
  readonly values: readonly (number | null)[];
}

/**
 * Returns the series of a device in the order of time. Of several with the same start the longest counts: the others are
 * earlier states of it, not further steps.
 */
function runsOf(series: readonly (Series | null | undefined)[], midnightMs: number): readonly Run[] {
  const byStart = new Map<number, Run>();
  for (const one of series) {
    if (!one?.values || one.values.length === 0) continue;
    const run = {
      startMs: parseDayTime(one.startTime, midnightMs),
      intervalMs: one.interval,
      values: one.values,
    };
    const known = byStart.get(run.startMs);
    if (known === undefined || isFuller(run, known)) byStart.set(run.startMs, run);
  }
  return inOrder([...byStart.values()], ({ startMs }) => startMs);
}

/** Tells which of two series with one start counts, whatever their order: the longer one, then the larger one. */
function isFuller(one: Run, other: Run): boolean {
  const [length, otherLength] = [one.values.length * one.intervalMs, other.values.length * other.intervalMs];
  if (length !== otherLength) return length > otherLength;
  return sumOf([one]) > sumOf([other]);
}

const sumOf = (runs: readonly Run[]): number =>
  runs.reduce(
    (sum, { values }) => values.reduce<number>((all, value) => all + Math.max(0, value ?? 0), sum),
    0,
  );

/** Returns Terra's cumulative steps, each at the end of its interval. A null gives no sample. */
export function stepSamples({ blocks }: DeviceDay, midnightMs: number): StepSample[] {
  const series = blocks.map(({ stepSamples: one }) => one && { ...one, values: one.steps });
  const format = timestampFormatter(null);
  let sum = 0;
  return runsOf(series, midnightMs).flatMap(({ startMs, intervalMs, values }) =>
    values.flatMap((value, place) => {
      if (value === null || value < 0) return [];
      sum += value;
      return {
        timestamp: format(startMs + (place + 1) * intervalMs),
        timer_duration_seconds: null,
        steps: sum,
      };
    }),
  );
}

/** Returns the METs, each at the beginning of its interval. */
export function metSamples({ blocks }: DeviceDay, midnightMs: number): MetSample[] {
  const series = blocks.map(({ metSamples: one }) => one && { ...one, values: one.mets });
  const format = timestampFormatter(null);
  return runsOf(series, midnightMs).flatMap(({ startMs, intervalMs, values }) =>
    values.flatMap((level, place) =>
      level === null || level < 0 ? [] : { timestamp: format(startMs + place * intervalMs), level },
    ),
  );
}

/** v3's zones by v4's classes, which change at the same instants [R]. */
const levels: ReadonlyMap<string, ActivityLevel> = new Map([
  ["SLEEP", ActivityLevel.Rest],
  ["SEDENTARY", ActivityLevel.Inactive],
  ["LIGHT", ActivityLevel.LowIntensity],
  ["CONTINUOUS_MODERATE", ActivityLevel.MediumIntensity],
  ["INTERMITTENT_MODERATE", ActivityLevel.MediumIntensity],
  ["CONTINUOUS_VIGOROUS", ActivityLevel.HighIntensity],
  ["INTERMITTENT_VIGOROUS", ActivityLevel.HighIntensity],
]);

/** Returns the changes of activity, each once. */
export function levelSamples({ blocks }: DeviceDay, midnightMs: number): ActivityLevelSample[] {
  const changes = new Map<string, { atMs: number; activity_level: ActivityLevel }>();
  for (const { activityInfos } of blocks) {
    for (const { time, activityClass } of activityInfos ?? []) {
      const atMs = parseDayTime(time, midnightMs);
      const activity_level =
        levels.get(wordOf("ACTIVITY_CLASS_", activityClass) ?? "") ?? ActivityLevel.Unknown;
      changes.set(`${atMs} ${activity_level}`, { atMs, activity_level });
    }
  }
  const format = timestampFormatter(null);
  return inOrder([...changes.values()], ({ atMs }) => atMs).map(({ atMs, activity_level }) => ({
    timestamp: format(atMs),
    timer_duration_seconds: null,
    activity_level,
  }));
}
