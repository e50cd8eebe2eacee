/** A person's days: when they sleep, and what they do. Times are wall-clock milliseconds, as if in Greenwich. */
import { Random } from "../../kit/random.ts";
import { sportNames } from "./sports.ts";

export const minute = 60_000;
export const hour = 60 * minute;

export interface Day {
  readonly person: number;
  readonly date: string;
  readonly offsetMinutes: number;
  readonly isPregnant: boolean;
  readonly key: readonly (string | number)[];
  readonly midnight: number;
  /** The wall-clock time up to which there is data. */
  readonly until: number;
  readonly bedtime: number;
  readonly wakeUp: number;
  /** Null on a day of rest. */
  readonly workout: { readonly start: number; readonly minutes: number; readonly sport: string } | null;
  readonly nap: { readonly start: number; readonly minutes: number } | null;
  readonly restingHeartRate: number;
}

/** Returns the day with the same plan, however many days are asked for. */
export function dayOf(
  whose: Pick<Day, "person" | "offsetMinutes" | "isPregnant">,
  { seed, date, until }: { readonly seed: number; readonly date: string; readonly until: number },
): Day {
  const key = ["garmin", seed, date] as const;
  const random = new Random(...key, "plan");
  const midnight = Date.parse(`${date}T00:00:00Z`);
  const bedtime = midnight - random.int(-30, 110) * minute;
  const minutes = random.int(20, 75);
  const sport = sportNames[random.int(0, sportNames.length - 1)] ?? "running";
  return {
    ...whose,
    date,
    key,
    midnight,
    until,
    bedtime,
    wakeUp: midnight + random.int(6 * 60, 8 * 60) * minute,
    workout: random.chance(0.6)
      ? { start: midnight + random.int(10 * 60, 18 * 60) * minute, minutes, sport }
      : null,
    nap: random.chance(0.15) ? { start: midnight + 14 * hour, minutes: random.int(20, 60) } : null,
    restingHeartRate: random.int(46, 56),
  };
}

export const utcOf = ({ offsetMinutes }: Day, wallClock: number): number =>
  wallClock - offsetMinutes * minute;

/** "2025-06-14T07:12:00.0": neither an offset nor a Z, whichever zone it is in. */
export const isoText = (time: number): string => `${new Date(time).toISOString().slice(0, 19)}.0`;

/** "2025-06-14 07:12:00", as lists of activities have it. */
export const spacedText = (time: number): string =>
  new Date(time).toISOString().slice(0, 19).replace("T", " ");

/** The four times that many bodies begin with. */
export const bounds = (day: Day, start: number, end: number): object => ({
  startTimestampGMT: isoText(utcOf(day, start)),
  endTimestampGMT: isoText(utcOf(day, end)),
  startTimestampLocal: isoText(start),
  endTimestampLocal: isoText(end),
});

export const endOfDay = (day: Day): number => Math.min(day.midnight + 24 * hour, day.until);

export const deviceId = 3_400_000_001;

/** A UUID in small letters. Two people's things of the same day have different ones, as with Garmin. */
export const uuidOf = (day: Day, what: string): string =>
  new Random(...day.key, day.person, what).uuid().toLowerCase();

/** A whole number that stands for a thing of the day, whoever's it is. */
export const numberOf = (day: Day, what: string): number =>
  new Random(...day.key, day.person, what).int(10_000_000_000, 99_000_000_000);

/** Rounds to so many digits. */
export const rounded = (value: number, digits: number): number =>
  Math.round(value * 10 ** digits) / 10 ** digits;
