/**
 * Converts the sample series of an exercise to Terra's sample arrays. Sample i lies at start + i × recording_rate
 * seconds, plus the pauses before it where the series leaves them out (`recorded-time.ts`). A null ("sensor was
 * offline") gives no sample, and neither does a heart rate of 0 (no signal); the samples after it keep their own times.
 * Values are the numbers that Polar sent, float32 noise included.
 */
import type {
  CadenceSample,
  DistanceSample,
  ElevationSample,
  HeartRateSample,
  PositionSample,
  PowerSample,
  SpeedSample,
} from "../../../models/index.ts";
import { timestampFormatter } from "../../../models/index.ts";
import { inOrder } from "../../kit/in-order.ts";
import { type LocalTime, parseDuration } from "../../kit/iso-time.ts";
import { largestOf } from "../../kit/values.ts";
import type { PolarExercise, PolarRoutePoint, PolarSample } from "../resources/exercise/schema.ts";
import type { RecordedTime } from "./recorded-time.ts";

/**
 * Polar's numbers for the kinds of samples (POLAR-API §2). Kinds without a name here have no field in Terra's Activity.
 */
const SampleType = {
  HeartRate: 0,
  /** km/h. */
  Speed: 1,
  /** Revolutions per minute; in running, of one foot. */
  Cadence: 2,
  Altitude: 3,
  Power: 4,
  RunningCadence: 8,
  /** Metres since the start. */
  Distance: 10,
} as const;

const kmhPerMetrePerSecond = 3.6;

export interface ExerciseSamples {
  readonly heartRate: HeartRateSample[];
  readonly speed: SpeedSample[];
  readonly cadence: CadenceSample[];
  readonly elevation: ElevationSample[];
  readonly power: PowerSample[];
  readonly distance: DistanceSample[];
  readonly position: PositionSample[];
}

type Values = readonly (number | null)[];

interface Series {
  readonly values: Values;
  readonly rateSeconds: number;
}

const noSeries: Series = { values: [], rateSeconds: 1 };

/**
 * Returns the series of a type that has values and a rate: without a rate nobody knows when they were taken. Of
 * several, returns the one with the most measured values: a missing sensor writes nothing but zeros.
 */
function seriesOf(samples: readonly PolarSample[], type: number): Series {
  const placed = samples.filter(
    ({ sample_type, recording_rate, data }) =>
      sample_type === type && (recording_rate ?? 0) > 0 && data?.length,
  );
  const [found] =
    placed.length > 1 ? placed.toSorted((one, other) => measuredIn(other) - measuredIn(one)) : placed;
  return found ? { values: found.data ?? [], rateSeconds: found.recording_rate ?? 1 } : noSeries;
}

/**
 * Returns an empty series where all values are zero: sessions without GPS have such speed and distance series, and
 * nothing was measured.
 */
function unlessAllZero(series: Series): Series {
  return series.values.some(isMeasured) ? series : noSeries;
}

const measuredIn = ({ data }: PolarSample): number => data?.filter(isMeasured).length ?? 0;

const isMeasured = (value: number | null): boolean => value !== null && value !== 0;

function isSignal(value: number | null): value is number {
  return value !== null && value > 0;
}

function isNumber(value: number | null): value is number {
  return value !== null;
}

/** Speed, power and the like are never below zero. */
function isNotNegative(value: number | null): value is number {
  return value !== null && value >= 0;
}

/**
 * Returns timestamps that series of the same rate share, because formatting them is the most expensive part of a
 * sample.
 */
function timeline(
  start: LocalTime,
  { ofSample }: RecordedTime,
): (rateSeconds: number, count: number) => readonly string[] {
  const format = timestampFormatter(start.offsetMinutes);
  const known = new Map<number, string[]>();
  return (rateSeconds, count) => {
    const times = known.get(rateSeconds) ?? [];
    known.set(rateSeconds, times);
    while (times.length < count)
      times.push(format(start.localMs + ofSample(times.length * rateSeconds * 1000)));
    return times;
  };
}

type Build<Sample> = (timestamp: string, timer_duration_seconds: number, value: number) => Sample;

const heartRateSample: Build<HeartRateSample> = (timestamp, timer_duration_seconds, bpm) => ({
  timestamp,
  timer_duration_seconds,
  bpm,
  context: null,
});
const speedSample: Build<SpeedSample> = (timestamp, timer_duration_seconds, kmh) => ({
  timestamp,
  timer_duration_seconds,
  speed_meters_per_second: kmh / kmhPerMetrePerSecond,
});
const cadenceSample: Build<CadenceSample> = (timestamp, timer_duration_seconds, cadence_rpm) => ({
  timestamp,
  timer_duration_seconds,
  cadence_rpm,
});
const elevationSample: Build<ElevationSample> = (timestamp, timer_duration_seconds, elev_meters) => ({
  timestamp,
  timer_duration_seconds,
  elev_meters,
});
const powerSample: Build<PowerSample> = (timestamp, timer_duration_seconds, watts) => ({
  timestamp,
  timer_duration_seconds,
  watts,
});
const distanceSample: Build<DistanceSample> = (timestamp, timer_duration_seconds, distance_meters) => ({
  timestamp,
  timer_duration_seconds,
  distance_meters,
});

type Collect = <Sample>(
  series: Series,
  keep: (value: number | null) => value is number,
  build: Build<Sample>,
) => Sample[];

function collector(start: LocalTime, recorded: RecordedTime): Collect {
  const timesOf = timeline(start, recorded);
  return ({ values, rateSeconds }, keep, build) => {
    const times = timesOf(rateSeconds, values.length);
    const result = [];
    for (let index = 0; index < values.length; index += 1) {
      const value = values[index] ?? null;
      if (keep(value)) result.push(build(times[index] ?? "", index * rateSeconds, value));
    }
    return result;
  };
}

export function exerciseSamples(
  exercise: PolarExercise,
  start: LocalTime,
  recorded: RecordedTime,
): ExerciseSamples {
  const given = exercise.samples ?? [];
  const collect = collector(start, recorded);
  const series = (type: number) => seriesOf(given, type);
  const cadence = series(SampleType.Cadence);
  return {
    heartRate: collect(series(SampleType.HeartRate), isSignal, heartRateSample),
    speed: collect(unlessAllZero(series(SampleType.Speed)), isNotNegative, speedSample),
    cadence: collect(
      cadence === noSeries ? series(SampleType.RunningCadence) : cadence,
      isNotNegative,
      cadenceSample,
    ),
    elevation: collect(series(SampleType.Altitude), isNumber, elevationSample),
    power: collect(series(SampleType.Power), isNotNegative, powerSample),
    distance: collect(unlessAllZero(series(SampleType.Distance)), isNotNegative, distanceSample),
    position: positionSamples(exercise.route ?? [], start, recorded),
  };
}

/** Tells whether a watch had no fix yet. It then says 0/0, which would be a place in the Gulf of Guinea. */
const isBeforeFix = ({ latitude, longitude }: PolarRoutePoint): boolean => latitude === 0 && longitude === 0;

interface Point {
  readonly coords_lat_lng_deg: [number, number];
  readonly timerMs: number;
}

/**
 * Converts a route. A point's time is a duration since the start ("PT210.026S"). Points without a time are left out.
 */
function positionSamples(
  route: readonly PolarRoutePoint[],
  start: LocalTime,
  { ofPoint }: RecordedTime,
): PositionSample[] {
  const format = timestampFormatter(start.offsetMinutes);
  const points = route.flatMap((point): Point | Point[] => {
    const { latitude, longitude, time } = point;
    if (typeof time !== "string" || typeof latitude !== "number" || typeof longitude !== "number") return [];
    if (isBeforeFix(point)) return [];
    return { coords_lat_lng_deg: [latitude, longitude], timerMs: parseDuration(time) };
  });
  const lastMs = largestOf(points, "timerMs") ?? 0;
  return inOrder(points, ({ timerMs }) => timerMs).map(({ coords_lat_lng_deg, timerMs }) => ({
    timestamp: format(start.localMs + ofPoint(timerMs, lastMs)),
    timer_duration_seconds: timerMs / 1000,
    coords_lat_lng_deg,
  }));
}
