/** The lengths of a swim in a pool. */
import { type Activity, ActivityType, type Lap, StrokeType } from "../../models/index.ts";
import { valueAt } from "./carried.ts";
import { fitSeconds, isFitTime, type SampleClock } from "./clock.ts";
import { Message } from "./message.ts";
import { LENGTH } from "./profile.ts";
import type { Timed } from "./series.ts";
import { type FitSport, Sport } from "./sports.ts";

/** Numbers of the profile's type `swim_stroke`; "other" has none. */
export const strokes: Readonly<Record<string, number>> = {
  [StrokeType.Freestyle]: 0,
  [StrokeType.Backstroke]: 1,
  [StrokeType.Breaststroke]: 2,
  [StrokeType.Butterfly]: 3,
};
/** The further strokes that a provider's own file may name. */
const sentStrokes: Readonly<Record<string, number>> = { ...strokes, drill: 4, mixed: 5, im: 6 };
const lengthTypes: Readonly<Record<string, number>> = { idle: 0, active: 1 };

/** A lap with its times. */
export interface TimedLap {
  readonly fromMs: number;
  readonly toMs: number;
  /** Without the pauses. */
  readonly timerSeconds: number;
  readonly lap: Lap;
  readonly trigger: number | null;
}

interface Swim {
  readonly sport: FitSport;
  readonly clock: SampleClock;
}

/** The lengths of one lap. */
interface LengthsOfLap {
  /** The index of the first one; null where the lap's lengths are not known one by one. */
  readonly first: number | null;
  readonly count: number | null;
}

interface Lengths {
  /** Of each lap. */
  readonly ofLaps: readonly LengthsOfLap[];
  /** Each at its end. */
  readonly lengths: Timed[];
}

/**
 * Returns the lengths: those of the provider's own FIT file where the record has them, else one for each lap that is one
 * length of the pool. Of a lap of several lengths only their number is known.
 */
export function lengthsOf(activity: Activity, laps: readonly TimedLap[], swim: Swim): Lengths {
  if (swim.sport.sport !== Sport.Swimming) return { ofLaps: [], lengths: [] };
  const sent = sentLengths(activity, swim.clock);
  return sent.length > 0 ? lengthsAsSent(sent, laps) : lengthsOfLaps(activity, laps);
}

function lengthsOfLaps(activity: Activity, laps: readonly TimedLap[]): Lengths {
  const pool = poolLength(activity);
  const lengths: Timed[] = [];
  const ofLaps = laps.map((lap): LengthsOfLap => {
    const count = pool === null ? null : lengthsIn(lap.lap, pool);
    if (count !== 1) return { first: null, count };
    lengths.push(lengthOf(lap, lengths.length));
    return { first: lengths.length - 1, count };
  });
  return { ofLaps, lengths };
}

/** Returns the pool's length; null for whatever is no swim in a pool. */
function poolLength(activity: Activity): number | null {
  const metres = valueAt(activity, "distance_data.summary.swimming.pool_length_meters");
  const isPool = activity.metadata.type !== ActivityType.OpenWaterSwimming;
  return isPool && typeof metres === "number" && metres > 0 ? metres : null;
}

/** Returns how many lengths of the pool the lap has; null where its distance is missing or no number of lengths. */
function lengthsIn({ distance_meters: metres }: Lap, pool: number): number | null {
  if (typeof metres !== "number" || !(metres > 0)) return null;
  const count = Math.round(metres / pool);
  return Math.abs(metres - count * pool) < 0.5 && count > 0 ? count : null;
}

const LENGTH_EVENT = 28;
const STOP = 1;
const ACTIVE = 1;

interface Times {
  readonly fromMs: number;
  readonly toMs: number;
}

const timesOf = ({ fromMs, toMs }: Times, index: number) => ({
  timestamp: fitSeconds(toMs),
  message_index: index,
  event: LENGTH_EVENT,
  event_type: STOP,
  start_time: fitSeconds(fromMs),
  total_elapsed_time: (toMs - fromMs) / 1000,
});

function lengthOf(timed: TimedLap, index: number): Timed {
  const { stroke_type: stroke, total_strokes, avg_speed_meters_per_second: speed } = timed.lap;
  const message = new Message(LENGTH, {
    ...timesOf(timed, index),
    total_timer_time: timed.timerSeconds,
    total_strokes: total_strokes ?? null,
    avg_speed: speed ?? null,
    swim_stroke: strokes[stroke?.toLowerCase() ?? ""] ?? null,
    length_type: ACTIVE,
  });
  return { second: fitSeconds(timed.toMs), message };
}

type Fields = Readonly<Record<string, unknown>>;

interface SentLength extends Times {
  readonly sent: Fields;
}

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Returns the length messages of the provider's own FIT file, in the order of their ends. `provider_data` has them under
 * the provider and the resource, with the names and the units of the FIT profile.
 */
function sentLengths(activity: Activity, clock: SampleClock): SentLength[] {
  const resources = Object.values(valueAt(activity, "provider_data") ?? {}).flatMap((data: unknown) =>
    isFields(data) ? Object.values(data) : [],
  );
  const sent = resources.flatMap((resource) => (isFields(resource) ? resource.length : []));
  return sent
    .filter(isFields)
    .flatMap((one) => timedLength(one, clock))
    .sort((a, b) => a.toMs - b.toMs || a.fromMs - b.fromMs);
}

/** Devices write a length's message a moment after its end, so the end is the start and the elapsed time. */
function timedLength(sent: Fields, clock: SampleClock): SentLength[] {
  const [start, seconds] = [sent.start_time, sent.total_elapsed_time];
  if (typeof start !== "string" || typeof seconds !== "number" || !(seconds >= 0)) return [];
  const fromMs = clock.ms(start);
  const toMs = fromMs === null ? Number.NaN : fromMs + seconds * 1000;
  return fromMs !== null && isFitTime(fitSeconds(toMs)) ? [{ sent, fromMs, toMs }] : [];
}

function lengthsAsSent(sent: readonly SentLength[], laps: readonly TimedLap[]): Lengths {
  const ofLaps = laps.map(({ fromMs, toMs }): LengthsOfLap => {
    // The middle of a length is in its lap, even where the two clocks are rounded differently.
    const within = sent.map((one) => middle(one) >= fromMs && middle(one) < toMs);
    const count = within.filter(Boolean).length;
    return count > 0 ? { first: within.indexOf(true), count } : { first: null, count: null };
  });
  const lengths = sent.map((one, index) => ({ second: fitSeconds(one.toMs), message: asSent(one, index) }));
  return { ofLaps, lengths };
}

const middle = ({ fromMs, toMs }: Times): number => (fromMs + toMs) / 2;

const numberIn = (value: unknown): number | null => (typeof value === "number" ? value : null);
const wordIn = (words: Readonly<Record<string, number>>, value: unknown): number | null =>
  (typeof value === "string" ? words[value] : null) ?? null;

function asSent({ sent, ...times }: SentLength, index: number): Message {
  return new Message(LENGTH, {
    ...timesOf(times, index),
    total_timer_time: numberIn(sent.total_timer_time),
    total_strokes: numberIn(sent.total_strokes),
    avg_speed: numberIn(sent.avg_speed),
    swim_stroke: wordIn(sentStrokes, sent.swim_stroke),
    avg_swimming_cadence: numberIn(sent.avg_swimming_cadence),
    length_type: wordIn(lengthTypes, sent.length_type),
  });
}
