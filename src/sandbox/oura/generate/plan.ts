/** A person's days: when they sleep, and what they do. Times are wall-clock milliseconds, as if in Greenwich. */
import { Random } from "../../kit/random.ts";

export const minute = 60_000;
export const hour = 60 * minute;

export interface Day {
  readonly date: string;
  readonly offsetMinutes: number;
  readonly key: readonly (string | number)[];
  readonly bedtime: number;
  readonly wakeUp: number;
  /** The start of a workout of so many minutes; null on a day of rest. */
  readonly workout: { readonly start: number; readonly minutes: number; readonly sport: string } | null;
  readonly nap: { readonly start: number; readonly minutes: number } | null;
}

const sports = ["running", "cycling", "strength_training", "walking", "yoga"] as const;

/** Returns the day with the same plan, however many days are asked for. */
export function dayOf(person: string, seed: number, date: string, offsetMinutes: number): Day {
  const key = ["oura", person, seed, date] as const;
  const random = new Random(...key, "plan");
  const midnight = Date.parse(`${date}T00:00:00Z`);
  const minutes = random.int(25, 80);
  const isTraining = random.chance(0.5);
  const start = midnight + random.int(16 * 60, 19 * 60) * minute;
  return {
    date,
    offsetMinutes,
    key,
    bedtime: midnight - random.int(-30, 120) * minute + random.int(0, 59) * 1_000,
    wakeUp: midnight + random.int(6 * 60, 8 * 60) * minute,
    workout: isTraining
      ? { start, minutes, sport: sports[random.int(0, sports.length - 1)] ?? "walking" }
      : null,
    nap: random.chance(0.15) ? { start: midnight + 13 * hour, minutes: random.int(20, 70) } : null,
  };
}

const pad = (value: number): string => String(value).padStart(2, "0");

/** "+02:00" */
export function offsetText(minutes: number): string {
  const distance = Math.abs(minutes);
  return `${minutes < 0 ? "-" : "+"}${pad(Math.floor(distance / 60))}:${pad(distance % 60)}`;
}

/** "2025-05-11T23:00:00+02:00" */
export const written = (wallClock: number, offsetMinutes: number): string =>
  `${new Date(wallClock).toISOString().slice(0, 19)}${offsetText(offsetMinutes)}`;

/** With milliseconds, as the series of a document have it. */
export const writtenPrecisely = (wallClock: number, offsetMinutes: number): string =>
  `${new Date(wallClock).toISOString().slice(0, 23)}${offsetText(offsetMinutes)}`;

export const idOf = (day: Day, what: string): string => new Random(...day.key, what).uuid().toLowerCase();
