/**
 * Samples, laps and timer of an activity out of its file. Times in the file are instants; a sample has the time of its
 * record. What lies outside the activity is left out: a file is never edited, so that of a shortened activity has more
 * than the activity, and that of one leg of a triathlon has all legs.
 */
import {
  type Activity,
  type OxygenSaturationSample,
  OxygenSaturationType,
  type PositionSample,
  SampleColumns,
  type SampleFields,
  SampleTimes,
} from "../../../models/index.ts";
import { fitLaps } from "../../kit/files/fit-laps.ts";
import { roundingMs, type TimedLap } from "../../kit/files/lap.ts";
import { fitSpans, type RecordedSpan } from "../../kit/files/recorded-spans.ts";
import { positive } from "../../kit/values.ts";
import type { WorkoutSamples } from "../../kit/workout-samples.ts";
import type { GarminActivity } from "../resources/activities.ts";
import type { ActivityFile } from "../resources/activity-file.ts";
import { instants, instantWriter } from "../times.ts";

/** The activity, whose times are those of the search. */
export interface Span {
  readonly startMs: number;
  readonly endMs: number;
  readonly offset: number | null;
}

export interface FileSamples extends WorkoutSamples {
  readonly muscleOxygen: SampleColumns<OxygenSaturationSample>;
}

type Numbers = readonly (number | null)[] | null | undefined;
type Records = NonNullable<ActivityFile["record"]>;

/** Times are whole seconds, and the activity's may have a fraction. */
const toleranceMs = roundingMs;

/** FIT counts altitudes in fifths of a metre; the parser's sum has a rounding error. */
const fifths = (metres: number): number => Math.round(metres * 5) / 5;

export function samplesOf(file: ActivityFile, span: Span, isOnFoot: boolean): FileSamples {
  const records = file.record ?? { timestamp: [] };
  const moments = momentsOf(records, file, span);
  const of = <Sample extends object>(
    values: Numbers,
    keep: (value: number) => boolean,
    fields: (kept: readonly number[]) => SampleFields<Sample>,
    times = moments.times,
  ): SampleColumns<Sample> => {
    const { kept, at } = keptOf(moments.records, values, keep);
    return new SampleColumns(times, fields(kept), at);
  };
  const written = first(records.enhanced_altitude, records.altitude);
  const altitude = file.track_format == null ? written?.map((metres) => metres && fifths(metres)) : written;
  const speed = unlessZero(first(records.enhanced_speed, records.speed));
  const cadence = unlessZero(cadenceOf(records, isOnFoot));
  return {
    heartRate: of(records.heart_rate, isAboveZero, (bpm) => ({ bpm })),
    speed: of(speed, notNegative, (metres) => ({ speed_meters_per_second: metres })),
    cadence: of(cadence, notNegative, (cadence_rpm) => ({ cadence_rpm })),
    elevation: of(
      altitude,
      () => true,
      (elev_meters) => ({ elev_meters }),
    ),
    power: of(records.power, notNegative, (watts) => ({ watts })),
    distance: of(unlessZero(records.distance), notNegative, (distance_meters) => ({ distance_meters })),
    position: positionsOf(records, moments),
    muscleOxygen: of(
      records.saturated_hemoglobin_percent,
      isAboveZero,
      (percentage) => ({ percentage, type: OxygenSaturationType.Muscle }),
      moments.untimed,
    ),
  };
}

/** Returns the values to keep of some records, and the place of each among these. */
function keptOf(
  records: readonly number[],
  values: Numbers,
  keep: (value: number) => boolean,
): { readonly kept: number[]; readonly at: number[] } {
  const [kept, at]: [number[], number[]] = [[], []];
  for (const [place, record] of records.entries()) {
    const value = values?.[record] ?? null;
    if (value === null || !keep(value)) continue;
    kept.push(value);
    at.push(place);
  }
  return { kept, at };
}

function positionsOf(records: Records, { records: within, times }: Moments): SampleColumns<PositionSample> {
  const places: [number, number][] = [];
  const at: number[] = [];
  for (const [moment, record] of within.entries()) {
    const place = placeIn(records, record);
    if (place === null) continue;
    places.push(place);
    at.push(moment);
  }
  return new SampleColumns(times, { coords_lat_lng_deg: places }, at);
}

const isAboveZero = (value: number): boolean => value > 0;

const notNegative = (value: number): boolean => value >= 0;

/** Returns the values of the first list, and those of the second where the first has none. */
const first = (one: Numbers, other: Numbers): Numbers =>
  one ? one.map((value, index) => value ?? other?.[index] ?? null) : other;

/** Sessions without the sensor have zeros only, and nothing was measured. */
const unlessZero = (values: Numbers): Numbers =>
  values?.some((value) => value !== null && value !== 0) ? values : null;

const cadenceOf = ({ cadence, fractional_cadence: fraction }: Records, isOnFoot: boolean): Numbers =>
  cadence?.map((value, index) =>
    value === null ? null : (value + (fraction?.[index] ?? 0)) * (isOnFoot ? 2 : 1),
  );

/** A device without a fix writes 0/0, which would be a place in the Gulf of Guinea. */
function placeIn({ position_lat, position_long }: Records, at: number): [number, number] | null {
  const [latitude, longitude] = [position_lat?.[at] ?? null, position_long?.[at] ?? null];
  if (latitude === null || longitude === null || (latitude === 0 && longitude === 0)) return null;
  return [latitude, longitude];
}

/** The records within the activity. */
interface Moments {
  /** The index of each among all records. */
  readonly records: readonly number[];
  readonly times: SampleTimes;
  /** The same without the timer. */
  readonly untimed: SampleTimes;
}

function momentsOf({ timestamp }: Pick<Records, "timestamp">, file: ActivityFile, span: Span): Moments {
  const timer = timerOf(fitSpans(file), span);
  const [records, gmtMs, timers]: [number[], number[], number[]] = [[], [], []];
  for (const [at, text] of timestamp.entries()) {
    const ms = Date.parse(text);
    if (!isWithin(ms, span)) continue;
    records.push(at);
    gmtMs.push(ms);
    timers.push(timer(ms) / 1_000);
  }
  const moments = instants(gmtMs, span.offset);
  return { records, times: new SampleTimes(moments, timers), untimed: new SampleTimes(moments) };
}

const isWithin = (ms: number, { startMs, endMs }: Span): boolean =>
  ms >= startMs - toleranceMs && ms <= endMs + toleranceMs;

/** Returns how long the timer has run at an instant, in ms. Instants come in their order. */
function timerOf(spans: readonly RecordedSpan[], { startMs, endMs }: Span): (ms: number) => number {
  const within = spans.flatMap((one) => {
    const cut = { startMs: Math.max(one.startMs, startMs), endMs: Math.min(one.endMs, endMs) };
    return cut.startMs < cut.endMs ? [cut] : [];
  });
  if (within.length === 0) return (ms) => Math.max(0, ms - startMs);
  let [index, before] = [0, 0];
  return (ms) => {
    let current = within[index] ?? { startMs, endMs };
    while (ms >= current.endMs && index + 1 < within.length) {
      before += current.endMs - current.startMs;
      index += 1;
      current = within[index] ?? current;
    }
    return before + Math.min(Math.max(0, ms - current.startMs), current.endMs - current.startMs);
  };
}

/** Returns the laps within the activity. One that is the whole activity is left out: every watch writes it at the end. */
export function lapsOf(
  file: ActivityFile,
  span: Span,
): NonNullable<NonNullable<Activity["lap_data"]>["laps"]> {
  const write = instantWriter(span.offset);
  const laps = fitLaps(file.lap ?? []).filter(
    ({ startMs, endMs }) => isWithin(startMs, span) && isWithin(endMs, span),
  );
  if (laps.length === 1 && laps.every((lap) => isWhole(lap, span))) return [];
  return laps.map(({ startMs, endMs, said }) => ({
    start_time: write(startMs),
    end_time: write(endMs),
    ...said,
  }));
}

const isWhole = (lap: TimedLap, { startMs, endMs }: Span): boolean =>
  lap.endMs - lap.startMs >= endMs - startMs - toleranceMs;

/** FIT's sports in which a cadence counts the steps of one foot. */
const onFoot: ReadonlySet<unknown> = new Set([
  "running",
  "walking",
  "hiking",
  "snowshoeing",
  "mountaineering",
]);

/** Tells whether the cadence is that of one foot: by the totals' own unit, else by the sports of the file. */
export function isOnFoot(given: GarminActivity, { session = [] }: ActivityFile): boolean {
  if (given.average_biking_cadence_in_rev_per_minute != null) return false;
  if (given.average_running_cadence_in_steps_per_minute != null) return true;
  return session.length > 0 && session.every(({ sport }) => onFoot.has(sport));
}

/** Returns the one session; undefined for a file of several sports, whose totals are not the activity's. */
export const sessionOf = (file: ActivityFile | undefined) =>
  file?.session?.length === 1 ? file.session[0] : undefined;

/** Returns the pool's length in metres, where it is a whole number of them. */
export function poolLength(file: ActivityFile | undefined): number | null {
  const metres = positive(sessionOf(file)?.pool_length);
  return Number.isInteger(metres) ? metres : null;
}
