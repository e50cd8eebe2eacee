/**
 * Converts the sample series of an exercise to Terra's sample arrays. Sample i lies at start + i × recording_rate
 * seconds, plus the pauses before it where the series leaves them out (`recorded-time.ts`). A null ("sensor was
 * offline") gives no sample, and neither does a heart rate of 0 (no signal); the samples after it keep their own times.
 * Values are the numbers that Polar sent, float32 noise included.
 */
import type { PositionSample } from "../../../models/index.ts";
import { SampleColumns, type SampleFields, SampleTimes } from "../../../models/index.ts";
import { inOrder } from "../../kit/in-order.ts";
import { type LocalTime, parseDuration } from "../../kit/iso-time.ts";
import { largestOf } from "../../kit/values.ts";
import type { WorkoutSamples } from "../../kit/workout-samples.ts";
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

/** The moments of all series of one rate. */
interface Clock {
  readonly localMs: number[];
  readonly timers: number[];
  readonly times: SampleTimes;
}

function newClock({ offsetMinutes }: LocalTime): Clock {
  const [localMs, timers]: [number[], number[]] = [[], []];
  return { localMs, timers, times: new SampleTimes({ localMs, offsetMinutes }, timers) };
}

/** Returns moments that series of the same rate share, because their text is the longest part of a sample. */
function timeline(
  start: LocalTime,
  { ofSample }: RecordedTime,
): (rateSeconds: number, count: number) => SampleTimes {
  const known = new Map<number, Clock>();
  return (rateSeconds, count) => {
    const clock = known.get(rateSeconds) ?? newClock(start);
    known.set(rateSeconds, clock);
    for (let index = clock.timers.length; index < count; index += 1) {
      clock.localMs.push(start.localMs + ofSample(index * rateSeconds * 1000));
      clock.timers.push(index * rateSeconds);
    }
    return clock.times;
  };
}

type Collect = <Sample extends object>(
  series: Series,
  keep: (value: number | null) => value is number,
  fields: (values: readonly number[]) => SampleFields<Sample>,
) => SampleColumns<Sample>;

function collector(start: LocalTime, recorded: RecordedTime): Collect {
  const timesOf = timeline(start, recorded);
  return ({ values, rateSeconds }, keep, fields) => {
    const times = timesOf(rateSeconds, values.length);
    if (values.every(keep)) return new SampleColumns(times, fields(values));
    const [kept, moments]: [number[], number[]] = [[], []];
    for (let index = 0; index < values.length; index += 1) {
      const value = values[index] ?? null;
      if (!keep(value)) continue;
      kept.push(value);
      moments.push(index);
    }
    return new SampleColumns(times, fields(kept), moments);
  };
}

export function exerciseSamples(
  exercise: PolarExercise,
  start: LocalTime,
  recorded: RecordedTime,
): WorkoutSamples {
  const given = exercise.samples ?? [];
  const collect = collector(start, recorded);
  const series = (type: number) => seriesOf(given, type);
  const cadence = series(SampleType.Cadence);
  return {
    heartRate: collect(series(SampleType.HeartRate), isSignal, (bpm) => ({ bpm, context: null })),
    speed: collect(unlessAllZero(series(SampleType.Speed)), isNotNegative, (kmh) => ({
      speed_meters_per_second: kmh.map((value) => value / kmhPerMetrePerSecond),
    })),
    cadence: collect(
      cadence === noSeries ? series(SampleType.RunningCadence) : cadence,
      isNotNegative,
      (cadence_rpm) => ({ cadence_rpm }),
    ),
    elevation: collect(series(SampleType.Altitude), isNumber, (elev_meters) => ({ elev_meters })),
    power: collect(series(SampleType.Power), isNotNegative, (watts) => ({ watts })),
    distance: collect(unlessAllZero(series(SampleType.Distance)), isNotNegative, (distance_meters) => ({
      distance_meters,
    })),
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
): SampleColumns<PositionSample> {
  const points = route.flatMap((point): Point | Point[] => {
    const { latitude, longitude, time } = point;
    if (typeof time !== "string" || typeof latitude !== "number" || typeof longitude !== "number") return [];
    if (isBeforeFix(point)) return [];
    return { coords_lat_lng_deg: [latitude, longitude], timerMs: parseDuration(time) };
  });
  const lastMs = largestOf(points, "timerMs") ?? 0;
  const ordered = inOrder(points, ({ timerMs }) => timerMs);
  const times = new SampleTimes(
    {
      localMs: ordered.map(({ timerMs }) => start.localMs + ofPoint(timerMs, lastMs)),
      offsetMinutes: start.offsetMinutes,
    },
    ordered.map(({ timerMs }) => timerMs / 1000),
  );
  return new SampleColumns(times, {
    coords_lat_lng_deg: ordered.map(({ coords_lat_lng_deg }) => coords_lat_lng_deg),
  });
}
