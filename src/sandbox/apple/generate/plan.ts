/** The person's plan of a day, before any device measures it. Any day can be asked for, in any order. */
import { addDays } from "../../kit/clock.ts";
import { Random } from "../../kit/random.ts";
import type { Activity } from "./facts.ts";
import { instantAt, MINUTE, SECOND } from "./local-time.ts";
import type { Wearer } from "./person.ts";

export interface Span {
  readonly startMs: number;
  readonly endMs: number;
}

export interface Session extends Span {
  readonly date: string;
  readonly kind: Kind;
  /** The pause in its middle; null for none. */
  readonly pause: Span | null;
}

export interface Kind {
  readonly activity: Activity;
  readonly isIndoor: boolean;
  /** Minutes after midnight, and length in minutes. */
  readonly at: number;
  readonly minutes: number;
  /** The share of the heart-rate reserve in use. */
  readonly effort: number;
  /** m/s; 0 where the person stays in place. */
  readonly speed: number;
  /** Steps a minute; 0 where none are taken. */
  readonly cadence: number;
  readonly distanceType: "DistanceWalkingRunning" | "DistanceCycling" | "DistanceSwimming" | null;
  /** The probability of doing it in a week. */
  readonly chance: number;
}

const named = (number: number, healthKit: string, healthAutoExport: string, openWearables: string) => ({
  number,
  healthKit,
  healthAutoExport,
  openWearables,
});
const running = named(37, "Running", "Outdoor Run", "running");
const walking = named(52, "Walking", "Outdoor Walk", "walking");
const cycling = named(13, "Cycling", "Outdoor Cycling", "cycling");
const swimming = named(46, "Swimming", "Pool Swim", "swimming");
const strength = named(
  50,
  "TraditionalStrengthTraining",
  "Traditional Strength Training",
  "strength_training",
);

const onFoot = { isIndoor: false, distanceType: "DistanceWalkingRunning" } as const;

/** By the day of the week, Sunday first. */
const week: readonly (Kind | null)[] = [
  { activity: running, ...onFoot, at: 575, minutes: 68, effort: 0.62, speed: 2.8, cadence: 164, chance: 0.9 },
  {
    activity: strength,
    isIndoor: true,
    at: 1100,
    minutes: 45,
    effort: 0.4,
    speed: 0,
    cadence: 0,
    distanceType: null,
    chance: 0.85,
  },
  {
    activity: running,
    ...onFoot,
    at: 1070,
    minutes: 42,
    effort: 0.7,
    speed: 3.1,
    cadence: 170,
    chance: 0.95,
  },
  {
    activity: swimming,
    isIndoor: true,
    at: 430,
    minutes: 36,
    effort: 0.55,
    speed: 0.8,
    cadence: 0,
    distanceType: "DistanceSwimming",
    chance: 0.8,
  },
  { activity: walking, ...onFoot, at: 1020, minutes: 38, effort: 0.25, speed: 1.5, cadence: 112, chance: 1 },
  null,
  {
    activity: cycling,
    isIndoor: false,
    at: 620,
    minutes: 84,
    effort: 0.58,
    speed: 6.4,
    cadence: 0,
    distanceType: "DistanceCycling",
    chance: 0.9,
  },
];

export const weekday = (date: string): number => new Date(`${date}T00:00:00Z`).getUTCDay();

/** Returns the session of a day; null where the person did none. */
export function sessionOf(wearer: Wearer, date: string): Session | null {
  const random = new Random(wearer.seed, date, "session");
  const kind = week[weekday(date)] ?? null;
  if (kind === null || !random.chance(kind.chance)) return null;
  const startMs = instantAt(wearer.zone, date, kind.at + random.int(-20, 20)) + random.int(0, 59) * SECOND;
  const minutes = Math.round(kind.minutes * random.between(0.9, 1.12));
  const endMs = startMs + minutes * MINUTE + random.int(0, 59) * SECOND;
  const pausedMs = startMs + Math.floor(minutes / 2) * MINUTE;
  const pause = random.chance(0.4) ? { startMs: pausedMs, endMs: pausedMs + 95 * SECOND } : null;
  return { date, kind, startMs, endMs, pause };
}

/** Returns the night that ends on a date. The person sleeps longer before Saturday and Sunday. */
export function nightOf(wearer: Wearer, date: string): Span {
  const random = new Random(wearer.seed, date, "night");
  const isFree = weekday(date) === 0 || weekday(date) === 6;
  const bedtime = 12 * 60 + wearer.bedtime + (isFree ? 45 : 0) + Math.round(18 * random.normal());
  const startMs = instantAt(wearer.zone, addDays(date, -1), bedtime) + random.int(0, 59) * SECOND;
  // Long enough that nobody is asleep when a session begins.
  const minutes = Math.min(isFree ? 520 : 450, Math.max(350, (isFree ? 480 : 430) + 28 * random.normal()));
  return { startMs, endMs: startMs + Math.round(minutes) * MINUTE };
}

/** Returns the nap of a day: about one Sunday in two. */
export function napOf(wearer: Wearer, date: string): Span | null {
  const random = new Random(wearer.seed, date, "nap");
  if (weekday(date) !== 0 || !random.chance(0.6)) return null;
  const startMs = instantAt(wearer.zone, date, 14 * 60 + random.int(0, 50));
  return { startMs, endMs: startMs + random.int(24, 55) * MINUTE };
}

/** Returns the time of a day in which the person is up: from waking to going to bed, or to midnight. */
export function wakingOf(wearer: Wearer, date: string): Span {
  const midnight = instantAt(wearer.zone, date, 24 * 60);
  const next = nightOf(wearer, addDays(date, 1));
  return { startMs: nightOf(wearer, date).endMs, endMs: Math.min(midnight, next.startMs) };
}

/** Returns the hour in the evening in which the Watch is on its charger. */
export function chargingOf(wearer: Wearer, date: string): Span {
  const random = new Random(wearer.seed, date, "charger");
  const startMs = instantAt(wearer.zone, date, 19 * 60 + random.int(30, 60));
  return { startMs, endMs: startMs + random.int(35, 60) * MINUTE };
}

export const overlaps = (one: Span, other: Span): boolean =>
  one.startMs < other.endMs && other.startMs < one.endMs;

export const isIn = (span: Span | null, ms: number): boolean =>
  span !== null && ms >= span.startMs && ms < span.endMs;
