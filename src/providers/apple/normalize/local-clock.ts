/**
 * Local clocks: which calendar day a reading belongs to, and how its time is written. A reading's own zone comes first,
 * then the offset that its format states as local, then the zone that the person chose, then UTC.
 */
import { TimestampLocalization, timestampFormatter } from "../../../models/index.ts";
import { dayMs, minuteMs } from "../../kit/iso-time.ts";
import { isZone, offsetIn } from "../../kit/zone-offset.ts";
import { dayOfDate } from "../healthkit/time-zone.ts";

/** The clock of a reading, as far as its format tells it. */
export interface ToldClock {
  readonly zone: string | null;
  readonly offsetMinutes: number | null;
}

export const noClock: ToldClock = { zone: null, offsetMinutes: null };

export interface Clock {
  readonly basis: "zone" | "offset" | "setting" | "utc";
  /** The IANA zone; null where only an offset is known. */
  readonly zone: string | null;
  offsetAt(ms: number): number;
  /** Returns the first instant of a local date. */
  startOf(date: string): number;
}

export type ClockOf = (told: ToldClock) => Clock;

/** Offsets change on whole quarters of an hour of UTC. */
const quarterMs = 15 * minuteMs;

/** The quarters of an hour whose offset a clock remembers: two days have as many. */
const mostQuarters = 200;

function zoneClock(zone: string, basis: "zone" | "setting"): Clock {
  let [quarter, offset] = [Number.NaN, 0];
  const offsets = new Map<number, number>();
  const offsetOf = (asked: number, ms: number): number => {
    const known = offsets.get(asked) ?? offsetIn(zone, ms) ?? 0;
    if (offsets.size >= mostQuarters) offsets.clear();
    offsets.set(asked, known);
    return known;
  };
  return {
    basis,
    zone,
    offsetAt(ms) {
      const asked = Math.floor(ms / quarterMs);
      if (asked !== quarter) [quarter, offset] = [asked, offsetOf(asked, ms)];
      return offset;
    },
    startOf: (date) => dayOfDate(zone, date).startMs,
  };
}

const offsetClock = (minutes: number, basis: "offset" | "utc"): Clock => ({
  basis,
  zone: null,
  offsetAt: () => minutes,
  startOf: (date) => midnight(date) - minutes * minuteMs,
});

const midnight = (date: string): number => Date.parse(`${date}T00:00:00Z`);

/** Returns a function that gives each reading its clock. */
export function clocks(chosenZone: string | null): ClockOf {
  const chosen =
    chosenZone !== null && isZone(chosenZone) ? zoneClock(chosenZone, "setting") : offsetClock(0, "utc");
  const known = new Map<string | number, Clock>();
  const once = (key: string | number, make: () => Clock): Clock => {
    const clock = known.get(key) ?? make();
    known.set(key, clock);
    return clock;
  };
  return ({ zone, offsetMinutes }) => {
    if (zone !== null && isZone(zone)) return once(zone, () => zoneClock(zone, "zone"));
    if (offsetMinutes === null) return chosen;
    return once(offsetMinutes, () => offsetClock(offsetMinutes, "offset"));
  };
}

/** Returns the wall clock at an instant, read as if it were UTC. */
export const localMs = (clock: Clock, ms: number): number => ms + clock.offsetAt(ms) * minuteMs;

export const dateAt = (clock: Clock, ms: number): string => isoDate(localMs(clock, ms));

/** The date written last is kept, because a day has thousands of samples. */
let [writtenDay, writtenDate] = [Number.NaN, ""];

function isoDate(ms: number): string {
  const day = Math.floor(ms / dayMs);
  if (day !== writtenDay) [writtenDay, writtenDate] = [day, new Date(ms).toISOString().slice(0, 10)];
  return writtenDate;
}

export const shiftDate = (date: string, days: number): string => isoDate(midnight(date) + days * dayMs);

/** Returns the whole days from one date to another. */
export const daysBetween = (from: string, to: string): number => (midnight(to) - midnight(from)) / dayMs;

export const localization = ({ basis }: Clock): TimestampLocalization =>
  basis === "utc" ? TimestampLocalization.Utc : TimestampLocalization.Local;

/** Returns a function that writes instants. A formatter is kept for each offset, since a day has thousands of times. */
export function timeWriter(): (clock: Clock, ms: number) => string {
  const known = new Map<number, (localMs: number) => string>();
  return (clock, ms) => {
    const offset = clock.offsetAt(ms);
    const format = known.get(offset) ?? timestampFormatter(offset);
    known.set(offset, format);
    return format(ms + offset * minuteMs);
  };
}

const withoutSettings = clocks(null);

/** The furthest that local clocks are from UTC. */
const [mostWestMs, mostEastMs] = [12 * 60 * minuteMs, 14 * 60 * minuteMs];

/** Returns the local dates that a reading can have, without the connection's settings: one where it tells its clock. */
export function possibleDates(told: ToldClock, ms: number): string[] {
  const clock = withoutSettings(told);
  if (clock.basis !== "utc") return [dateAt(clock, ms)];
  return [...new Set([isoDate(ms - mostWestMs), isoDate(ms), isoDate(ms + mostEastMs)])];
}

/** An item with a beginning, and what is told of its clock. */
export interface Reading extends ToldClock {
  readonly startMs: number;
}

/** The readings whose dates were asked last. Several types of records ask for those of the same part. */
let asked: { readonly readings: readonly Reading[]; readonly dates: readonly string[] } | null = null;

/** Returns the dates that the readings of one UTC day can have: of each clock, those of the first and the last. */
export function possibleDatesOf(readings: readonly Reading[]): readonly string[] {
  if (asked?.readings !== readings) asked = { readings, dates: datesAmong(readings) };
  return asked.dates;
}

function datesAmong(readings: readonly Reading[]): string[] {
  const ends = new Map<string, { first: Reading; last: Reading }>();
  let known: { first: Reading; last: Reading } | undefined;
  for (const one of readings) {
    // Nearly all readings of a part have the clock of the one before.
    if (known?.first.zone !== one.zone || known.first.offsetMinutes !== one.offsetMinutes) {
      const key = `${one.zone} ${one.offsetMinutes}`;
      known = ends.get(key) ?? { first: one, last: one };
      ends.set(key, known);
    }
    if (one.startMs < known.first.startMs) known.first = one;
    if (one.startMs > known.last.startMs) known.last = one;
  }
  const found = [...ends.values()].flatMap(({ first, last }) => [first, last]);
  return [...new Set(found.flatMap((one) => possibleDates(one, one.startMs)))];
}

/** Returns the UTC days in which readings of a local date can begin. */
export const utcDaysOf = (date: string): string[] => [shiftDate(date, -1), date, shiftDate(date, 1)];
