import { addDays } from "../../kit/clock.ts";
import { Random } from "../../kit/random.ts";
import type { Athlete } from "./athlete.ts";
import { HOUR, type Local, MINUTE, startOfDay } from "./local-time.ts";

export type SessionKind = "easy run" | "interval run" | "long run" | "ride" | "swim" | "strength" | "walk";

export interface Session {
  id: string;
  kind: SessionKind;
  start: Local;
  /** Milliseconds; not a whole number of seconds, like a watch's. */
  length: number;
  /** The planned intensity; 1 is the usual. */
  intensity: number;
}

export interface Night {
  /** The day on which it ends. */
  date: string;
  start: Local;
  /** The number of half-minutes. */
  epochs: number;
}

export interface Span {
  start: Local;
  end: Local;
}

const WEEK: { kind: SessionKind; minute: number; minutes: number; skipped: number }[] = [
  { kind: "long run", minute: 9 * 60 + 30, minutes: 92, skipped: 0 },
  { kind: "strength", minute: 18 * 60 + 20, minutes: 47, skipped: 0.15 },
  { kind: "interval run", minute: 17 * 60 + 50, minutes: 52, skipped: 0.05 },
  { kind: "swim", minute: 7 * 60 + 45, minutes: 38, skipped: 0.2 },
  { kind: "easy run", minute: 17 * 60 + 35, minutes: 44, skipped: 0.05 },
  { kind: "walk", minute: 17 * 60, minutes: 36, skipped: 0 },
  { kind: "ride", minute: 10 * 60 + 15, minutes: 96, skipped: 0.1 },
];

const weekday = (date: string) => new Date(startOfDay(date)).getUTCDay();

/** Returns the session of a day, if it was not skipped. It exists for any day, so that loads have a history. */
export function sessionOf(athlete: Athlete, date: string): Session | undefined {
  const random = new Random(athlete.seed, date, "session");
  const planned = WEEK[weekday(date)];
  if (!planned || random.chance(planned.skipped)) return undefined;
  const start = startOfDay(date) + (planned.minute + random.int(-20, 20)) * MINUTE + random.int(0, 59) * 1000;
  return {
    id: new Random(athlete.userId, athlete.seed, date, "id").id(),
    kind: planned.kind,
    start,
    length: Math.round(planned.minutes * random.between(0.88, 1.14) * MINUTE),
    intensity: random.between(0.93, 1.07),
  };
}

/** Returns the night that ends on this day. The person goes to bed later before Saturday and Sunday. */
export function nightOf(athlete: Athlete, date: string): Night {
  const random = new Random(athlete.seed, date, "night");
  const free = weekday(date) === 0 || weekday(date) === 6;
  const noonBefore = startOfDay(addDays(date, -1)) + 12 * HOUR;
  const bedtime = athlete.bedtime + (free ? 50 : 0) + random.normal() * 22;
  const start = noonBefore + Math.round(bedtime * MINUTE) + random.int(0, 999);
  const minutes = Math.min(580, Math.max(330, (free ? 485 : 440) + random.normal() * 32));
  return { date, start, epochs: Math.round(minutes * 2) };
}

export const nightEnd = (night: Night): Local => night.start + night.epochs * 30_000;

/** Returns the times without the watch: a shower in the morning, sometimes an hour on the charger. */
export function nonWearOf(athlete: Athlete, date: string): Span[] {
  const random = new Random(athlete.seed, date, "wear");
  const shower = nightEnd(nightOf(athlete, date)) + random.int(12, 25) * MINUTE;
  const spans = [{ start: shower, end: shower + random.int(8, 18) * MINUTE }];
  if (random.chance(0.3)) {
    const charger = startOfDay(date) + random.int(20 * 60, 21 * 60) * MINUTE;
    spans.push({ start: charger, end: charger + random.int(40, 75) * MINUTE });
  }
  return spans;
}

export const covers = (span: Span, time: Local) => time >= span.start && time < span.end;

export const sessionSpan = (session: Session): Span => ({
  start: session.start,
  end: session.start + session.length,
});
