/**
 * Samples, laps and timer of an activity out of its file. Times in the file are instants; a sample has the time of its
 * record. What lies outside the activity is left out: a file is never edited, so that of a shortened activity has more
 * than the activity, and that of one leg of a triathlon has all legs.
 */
import { type Activity, OxygenSaturationType } from "../../../models/index.ts";
import { fitLaps } from "../../kit/files/fit-laps.ts";
import { roundingMs, type TimedLap } from "../../kit/files/lap.ts";
import { fitSpans, type RecordedSpan } from "../../kit/files/recorded-spans.ts";
import { positive } from "../../kit/values.ts";
import type { GarminActivity } from "../resources/activities.ts";
import type { ActivityFile } from "../resources/activity-file.ts";
import { instantWriter } from "../times.ts";

/** The activity, whose times are those of the search. */
export interface Span {
  readonly startMs: number;
  readonly endMs: number;
  readonly offset: number | null;
}

export interface FileSamples {
  readonly heartRate: Sample<"bpm">[];
  readonly speed: Sample<"speed_meters_per_second">[];
  readonly cadence: Sample<"cadence_rpm">[];
  readonly elevation: Sample<"elev_meters">[];
  readonly power: Sample<"watts">[];
  readonly distance: Sample<"distance_meters">[];
  readonly position: (Timed & { readonly coords_lat_lng_deg: [number, number] })[];
  readonly muscleOxygen: { readonly timestamp: string; readonly percentage: number; readonly type: 1 }[];
}

interface Timed {
  readonly timestamp: string;
  readonly timer_duration_seconds: number;
}
type Sample<Field extends string> = Timed & Readonly<Record<Field, number>>;

type Numbers = readonly (number | null)[] | null | undefined;
type Records = NonNullable<ActivityFile["record"]>;

/** Times are whole seconds, and the activity's may have a fraction. */
const toleranceMs = roundingMs;

/** FIT counts altitudes in fifths of a metre; the parser's sum has a rounding error. */
const fifths = (metres: number): number => Math.round(metres * 5) / 5;

export function samplesOf(file: ActivityFile, span: Span, isOnFoot: boolean): FileSamples {
  const records = file.record ?? { timestamp: [] };
  const moments = momentsOf(records, file, span);
  const of = <Field extends string>(field: Field, values: Numbers, keep: (value: number) => boolean) =>
    moments.flatMap(({ at, ...timed }) => {
      const value = values?.[at] ?? null;
      return value === null || !keep(value) ? [] : [{ ...timed, [field]: value } as Sample<Field>];
    });
  const written = first(records.enhanced_altitude, records.altitude);
  const altitude = file.track_format == null ? written?.map((metres) => metres && fifths(metres)) : written;
  return {
    heartRate: of("bpm", records.heart_rate, (bpm) => bpm > 0),
    speed: of(
      "speed_meters_per_second",
      unlessZero(first(records.enhanced_speed, records.speed)),
      notNegative,
    ),
    cadence: of("cadence_rpm", unlessZero(cadenceOf(records, isOnFoot)), notNegative),
    elevation: of("elev_meters", altitude, () => true),
    power: of("watts", records.power, notNegative),
    distance: of("distance_meters", unlessZero(records.distance), notNegative),
    position: moments.flatMap(({ at, ...timed }) => {
      const place = placeIn(records, at);
      return place === null ? [] : [{ ...timed, coords_lat_lng_deg: place }];
    }),
    muscleOxygen: of("percentage", records.saturated_hemoglobin_percent, (percent) => percent > 0).map(
      ({ timestamp, percentage }) => ({ timestamp, percentage, type: OxygenSaturationType.Muscle }),
    ),
  };
}

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

interface Moment extends Timed {
  /** The index of the record. */
  readonly at: number;
}

/** Returns the records within the activity, each with its time and the timer. */
function momentsOf({ timestamp }: Pick<Records, "timestamp">, file: ActivityFile, span: Span): Moment[] {
  const write = instantWriter(span.offset);
  const timer = timerOf(fitSpans(file), span);
  return timestamp.flatMap((text, at) => {
    const ms = Date.parse(text);
    if (!isWithin(ms, span)) return [];
    return { at, timestamp: write(ms), timer_duration_seconds: timer(ms) / 1_000 };
  });
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
