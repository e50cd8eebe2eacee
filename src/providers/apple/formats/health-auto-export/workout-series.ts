/** The series inside a workout: version 2 with "include workout metadata", and heart rate in version 1. */
import type { Interval } from "../../healthkit/interval.ts";
import type { Sample } from "../../healthkit/sample.ts";
import type { Granularity } from "./headers.ts";
import { readMetric } from "./metrics.ts";

/** By the series' name, the metric with the same values. */
const series = {
  heartRateData: "heart_rate",
  activeEnergy: "active_energy",
  basalEnergy: "basal_energy_burned",
  stepCount: "step_count",
  walkingAndRunningDistance: "walking_running_distance",
  cyclingDistance: "cycling_distance",
  cyclingCadence: "cycling_cadence",
  cyclingPower: "cycling_power",
  cyclingSpeed: "cycling_speed",
  swimDistance: "swimming_distance",
  swimStroke: "swim_stroke_count",
} as const;

export const seriesNames = Object.keys(series);

export interface ReadSeries {
  readonly samples: readonly Sample[];
  /** Whether the heart rate that was sent is wholly that of the time after the workout. */
  readonly isHeartRateOfRecovery: boolean;
  readonly unreadable: readonly string[];
}

/** Reads what was measured before the end of the workout; later values are those of the recovery. */
export function readSeries(
  told: Readonly<Record<string, unknown>>,
  { endMs }: Interval,
  hint: Granularity | null,
): ReadSeries {
  const samples: Sample[] = [];
  const unreadable: string[] = [];
  let isHeartRateOfRecovery = false;
  for (const [name, metric] of Object.entries(series)) {
    const rows = told[name];
    if (!Array.isArray(rows)) continue;
    const read = readRows(metric, rows, hint);
    const inside = read.samples.filter(({ startMs }) => startMs < endMs);
    if (name === "heartRateData") isHeartRateOfRecovery = read.samples.length > 0 && inside.length === 0;
    samples.push(...inside);
    unreadable.push(...read.unreadable.map((leaf) => leaf.replace(/^data/, name)));
  }
  return { samples, isHeartRateOfRecovery, unreadable };
}

/** Each row names its unit. */
function readRows(metric: string, rows: readonly unknown[], hint: Granularity | null) {
  const byUnits = Map.groupBy(rows, (row) => unitsOf(row));
  const reads = [...byUnits].flatMap(
    ([units, data]) => readMetric({ name: metric, units, data }, hint) ?? [],
  );
  return {
    samples: reads.flatMap((read) => read.samples),
    unreadable: reads.flatMap((read) => read.unreadable),
  };
}

function unitsOf(row: unknown): string {
  const units: unknown = typeof row === "object" && row !== null ? Reflect.get(row, "units") : null;
  return typeof units === "string" ? units : "";
}
