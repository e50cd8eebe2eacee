/**
 * Converts the series of a session's exercises to Terra's sample arrays. Value i of an exercise lies at its start + i ×
 * intervalMillis. A gap (null) gives no sample, and neither does a heart rate of 0; the values after it keep their times.
 */
import type { PositionSample } from "../../../../models/index.ts";
import { SampleColumns, type SampleFields } from "../../../../models/index.ts";
import { inOrder } from "../../../kit/in-order.ts";
import type { LocalTime } from "../../../kit/iso-time.ts";
import { timesSince } from "../../../kit/sample-times.ts";
import type { WorkoutSamples } from "../../../kit/workout-samples.ts";
import type { SeriesType, V4Exercise, V4Series } from "../resources/training-session/schema.ts";

const kmhPerMetrePerSecond = 3.6;

/** An exercise, with its start on the session's own clock. */
export interface PlacedExercise {
  readonly exercise: V4Exercise;
  /** Milliseconds since the start of the session. */
  readonly afterMs: number;
}

type Keep = (value: number) => boolean;
const isSignal: Keep = (value) => value > 0;
const isNotNegative: Keep = (value) => value >= 0;
const isAny: Keep = () => true;

/** Values, with the milliseconds of each since the start of the session. */
interface Placed {
  readonly afterMs: number[];
  readonly values: number[];
}

const isMeasured = (value: number | null): boolean => value !== null && value !== 0;
const measuredIn = ({ values }: V4Series): number => values?.filter(isMeasured).length ?? 0;

/** Returns the series of a type with the most measured values; undefined where none can be placed in time. */
function seriesOf({ samples }: V4Exercise, type: SeriesType): V4Series | undefined {
  const placed = (samples?.samples ?? []).filter(
    (one) => one.type === type && (one.intervalMillis ?? 0) > 0 && one.values?.length,
  );
  return placed.length > 1
    ? placed.toSorted((one, other) => measuredIn(other) - measuredIn(one))[0]
    : placed[0];
}

/** Sessions without GPS may have series of nothing but zeros: nothing was measured. */
const notOnlyZeros = new Set<SeriesType>(["SPEED", "DISTANCE"]);

function valuesOf(exercises: readonly PlacedExercise[], type: SeriesType, keep: Keep): Placed {
  const found: Placed = { afterMs: [], values: [] };
  let before = 0;
  for (const { exercise, afterMs } of exercises) {
    const series = seriesOf(exercise, type);
    if (series === undefined || (notOnlyZeros.has(type) && measuredIn(series) === 0)) continue;
    place(series, keep, { afterMs, before: type === "DISTANCE" ? before : 0 }, found);
    before = found.values.at(-1) ?? 0;
  }
  return found;
}

/** Adds the kept values of a series, which continues what was measured before it. */
function place(
  { values, intervalMillis }: V4Series,
  keep: Keep,
  { afterMs, before }: { readonly afterMs: number; readonly before: number },
  found: Placed,
): void {
  for (const [index, value] of (values ?? []).entries()) {
    if (value === null || !keep(value)) continue;
    found.afterMs.push(afterMs + index * (intervalMillis ?? 0));
    found.values.push(value + before);
  }
}

export function sessionSamples(exercises: readonly PlacedExercise[], start: LocalTime): WorkoutSamples {
  const timesOf = timesSince(start);
  const samples = <Sample extends object>(
    type: SeriesType,
    keep: Keep,
    fields: (values: readonly number[]) => SampleFields<Sample>,
  ): SampleColumns<Sample> => {
    const { afterMs, values } = valuesOf(exercises, type, keep);
    return new SampleColumns(timesOf(afterMs), fields(values));
  };
  return {
    heartRate: samples("HEART_RATE", isSignal, (bpm) => ({ bpm, context: null })),
    speed: samples("SPEED", isNotNegative, (kmh) => ({
      speed_meters_per_second: kmh.map((value) => value / kmhPerMetrePerSecond),
    })),
    cadence: samples("CADENCE", isNotNegative, (cadence_rpm) => ({ cadence_rpm })),
    elevation: samples("ALTITUDE", isAny, (elev_meters) => ({ elev_meters })),
    power: samples("POWER", isNotNegative, (watts) => ({ watts })),
    distance: samples("DISTANCE", isNotNegative, (distance_meters) => ({ distance_meters })),
    position: positions(exercises, timesOf),
  };
}

/** Returns the routes of the exercises, one after the other. */
function positions(
  exercises: readonly PlacedExercise[],
  timesOf: ReturnType<typeof timesSince>,
): SampleColumns<PositionSample> {
  const points = exercises.flatMap(pointsOf);
  return new SampleColumns(timesOf(points.map(({ atMs }) => atMs)), {
    coords_lat_lng_deg: points.map(({ coords_lat_lng_deg }) => coords_lat_lng_deg),
  });
}

function pointsOf({ exercise: { routes }, afterMs }: PlacedExercise) {
  const points = (routes?.route?.wayPoints ?? []).flatMap(({ latitude, longitude, elapsedMillis }) => {
    const isKnown = typeof latitude === "number" && typeof longitude === "number";
    // A watch without a fix says 0/0, which would be a place in the Gulf of Guinea.
    if (!isKnown || (latitude === 0 && longitude === 0) || typeof elapsedMillis !== "number") return [];
    return [{ coords_lat_lng_deg: [latitude, longitude] as [number, number], atMs: afterMs + elapsedMillis }];
  });
  return inOrder(points, ({ atMs }) => atMs);
}
