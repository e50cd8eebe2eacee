import { addDays } from "../../kit/clock.ts";
import { mean } from "../../kit/random.ts";
import { decimal } from "../decimal.ts";
import type { Athlete } from "./athlete.ts";
import { cardioLoad, heartRateOf } from "./effort.ts";
import type { Local } from "./local-time.ts";
import { sessionOf, sessionSpan } from "./plan.ts";

const STRAIN_DAYS = 7;
const TOLERANCE_DAYS = 28;

const STATUS_BY_RATIO = [
  [0.8, "DETRAINING"],
  [1, "MAINTAINING"],
  [1.3, "PRODUCTIVE"],
  [Number.POSITIVE_INFINITY, "OVERREACHING"],
] as const;

/** Returns the cardio load of a day's sessions. On the day of `until`, sessions that are not over yet do not count. */
export type LoadOf = (date: string) => number;

export function dailyLoads(athlete: Athlete, until: Local): LoadOf {
  const loads = new Map<string, number>();
  return (date) => {
    const load = loads.get(date) ?? loadOf(athlete, date, until);
    loads.set(date, load);
    return load;
  };
}

function loadOf(athlete: Athlete, date: string, until: Local): number {
  const session = sessionOf(athlete, date);
  return session && sessionSpan(session).end <= until
    ? cardioLoad(athlete, heartRateOf(athlete, session))
    : 0;
}

/** Makes a day as `GET /v3/users/cardio-load` returns it. Strain is the mean of 7 days, tolerance of 28. */
export function cardioLoadBody(loadOn: LoadOf, date: string): object {
  const back = (days: number) => Array.from({ length: days }, (_, ago) => loadOn(addDays(date, -ago)));
  const [strain, tolerance] = [mean(back(STRAIN_DAYS)), mean(back(TOLERANCE_DAYS))];
  const ratio = strain / tolerance;
  const level = (share: number) => decimal(tolerance * share, 2);
  return {
    cardio_load_level: {
      very_low: level(0.4),
      low: level(0.8),
      medium: level(1.5),
      high: level(2.4),
      very_high: level(3.5),
    },
    date,
    cardio_load_status: STATUS_BY_RATIO.find(([limit]) => ratio < limit)?.[1] ?? "UNRECOGNIZED",
    cardio_load_ratio: decimal(ratio, 2),
    cardio_load: decimal(loadOn(date), 2),
    strain: decimal(strain, 2),
    tolerance: decimal(tolerance, 2),
  };
}
