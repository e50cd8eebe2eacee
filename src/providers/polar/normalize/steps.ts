import { type StepSample, timestampFormatter } from "../../../models/index.ts";
import { inOrder } from "../../kit/in-order.ts";
import { parseTime } from "../../kit/iso-time.ts";
import type { PolarSteps } from "../resources/activity.ts";

interface Interval {
  readonly steps: number;
  readonly endMs: number;
}

interface Run {
  readonly steps: number;
  readonly startMs: number;
}

/**
 * Expands filtered samples. "Consecutive repeated (same steps count) samples are filtered out from the list" (Polar's
 * OpenAPI, activity-steps): an item holds for every interval until the next one. The last holds for one interval.
 */
function repeated(runs: readonly Run[], intervalMs: number): Interval[] {
  return runs.flatMap(({ steps, startMs }, index) => {
    const nextMs = runs[index + 1]?.startMs ?? startMs + intervalMs;
    const count = Math.max(1, Math.floor((nextMs - startMs) / intervalMs));
    // Standing still becomes one long interval; walking keeps each of its intervals.
    if (steps === 0) return { steps, endMs: startMs + count * intervalMs };
    return Array.from({ length: count }, (_, nth) => ({ steps, endMs: startMs + (nth + 1) * intervalMs }));
  });
}

function asListed(runs: readonly Run[], intervalMs: number): Interval[] {
  return runs.map(({ steps, startMs }) => ({ steps, endMs: startMs + intervalMs }));
}

/** The number of seconds in a day. Nothing counts steps more often, and more intervals would fill the memory. */
const mostIntervals = 86_400;

function forwardMs(runs: readonly Run[]): number {
  return runs.reduce(
    (sum, { startMs }, index) => sum + Math.max(0, (runs[index + 1]?.startMs ?? 0) - startMs),
    0,
  );
}

function totalOf(intervals: readonly Interval[]): number {
  return intervals.reduce((sum, { steps }) => sum + steps, 0);
}

/**
 * Converts steps per interval to Terra's cumulative steps, each at the end of its interval. No real body has been seen.
 * So the documented reading is compared with Polar's own total, then the plain one; where neither adds up there are no
 * samples.
 */
export function stepSamples(polar: PolarSteps | null | undefined, daySteps: number | null): StepSample[] {
  const { interval_ms: intervalMs, samples } = polar ?? {};
  const total = polar?.total_steps ?? daySteps;
  if (!intervalMs || intervalMs < 0 || !samples || total === null) return [];
  const counted = samples.flatMap(({ steps, timestamp }) =>
    typeof steps === "number" ? [{ steps, startMs: parseTime(timestamp).localMs }] : [],
  );
  const runs = inOrder(counted, ({ startMs }) => startMs);
  if (forwardMs(runs) / intervalMs > mostIntervals) return [];
  const readings = [repeated(runs, intervalMs), asListed(runs, intervalMs)];
  return cumulative(readings.find((intervals) => totalOf(intervals) === total) ?? []);
}

function cumulative(intervals: readonly Interval[]): StepSample[] {
  const format = timestampFormatter(null);
  let sum = 0;
  return intervals.map(({ steps, endMs }) => {
    sum += steps;
    return { timestamp: format(endMs), timer_duration_seconds: null, steps: sum };
  });
}
