/** Makes the facts of a person's phone. The same seed, day and person give the same facts, whatever else is asked for. */
import { addDays, datesBetween } from "../../kit/clock.ts";
import { bloodPressure, glucose, height, pressuresOn, scaleFigures, temperature } from "./body.ts";
import { cycle } from "./cycle.ts";
import { ecgsOn } from "./ecg.ts";
import { activeEnergy, basalEnergy, standHours } from "./energy.ts";
import { category, type Day, type Fact, quantity, type Rings, type Sample } from "./facts.ts";
import { type Family, rounded } from "./family.ts";
import { food, mealsOn } from "./food.ts";
import { fitness, heartRates, meanRates, variability } from "./heart.ts";
import { dateAt, instantAt } from "./local-time.ts";
import { movement, otherDistances } from "./movement.ts";
import type { Wearer } from "./person.ts";
import { breathing, sleep } from "./sleep.ts";
import { workoutsOn } from "./workouts.ts";

/** In the order in which an export has their types. */
export const families: readonly Family[] = [
  scaleFigures,
  height,
  heartRates,
  breathing,
  bloodPressure,
  glucose,
  temperature,
  movement,
  basalEnergy,
  activeEnergy,
  otherDistances,
  food,
  fitness,
  meanRates,
  variability,
  standHours,
  sleep,
  cycle,
];

/** Facts of the future are left out. */
export interface Period {
  /** Whole local days before today. */
  readonly days: number;
  readonly now: number;
}

/** Returns the local dates of a period, today included, the oldest first. */
export function datesOf({ zone }: Wearer, { days, now }: Period): string[] {
  const today = dateAt(zone, now);
  return datesBetween(addDays(today, -days), today);
}

/** Returns a type's samples of a period, in order of time. */
export function* samplesOfType(
  wearer: Wearer,
  period: Period,
  family: Family,
  type: string,
): Generator<Sample> {
  for (const date of datesOf(wearer, period)) {
    yield* inOrder(writtenBy(family, wearer, date, period.now).filter((one) => one.type === type));
  }
}

/** Returns all that is known of one local day up to now. */
export function dayOf(wearer: Wearer, date: string, now: number): Day {
  const isPast = until(now);
  const samples = inOrder(families.flatMap((family) => writtenBy(family, wearer, date, now)));
  return {
    date,
    samples,
    workouts: workoutsOn(wearer, date, samples).filter(isPast),
    correlations: [...mealsOn(wearer, date), ...pressuresOn(wearer, date)].filter(isPast),
    ecgs: ecgsOn(wearer, date).filter(isPast),
    rings: ringsOf(wearer, date, samples),
  };
}

export const daysOf = (wearer: Wearer, period: Period): Day[] =>
  datesOf(wearer, period).map((date) => dayOf(wearer, date, period.now));

/** Returns the samples of a date that a family has written by now. */
function writtenBy(family: Family, wearer: Wearer, date: string, now: number): Sample[] {
  if ((family.writtenAt?.(wearer, date) ?? 0) > now) return [];
  return family.samplesOn(wearer, date).filter(until(now));
}

const until =
  (now: number) =>
  ({ endMs }: Fact): boolean =>
    endMs <= now;

const inOrder = (samples: readonly Sample[]): Sample[] =>
  samples.toSorted((one, other) => one.startMs - other.startMs);

/** The rings count what the Watch measured on the local day. */
function ringsOf({ zone }: Wearer, date: string, samples: readonly Sample[]): Rings {
  const [from, to] = [instantAt(zone, date, 0), instantAt(zone, date, 24 * 60)];
  const of = (type: string): Sample[] =>
    samples.filter((one) => one.type === type && one.startMs >= from && one.startMs < to);
  const sum = (type: string): number => of(type).reduce((total, { value }) => total + value, 0);
  return {
    date,
    activeEnergyKcal: rounded(sum(quantity("ActiveEnergyBurned")), 3),
    activeEnergyGoalKcal: 480,
    exerciseMinutes: sum(quantity("AppleExerciseTime")),
    standHours: of(category("AppleStandHour")).filter(({ value }) => value === 0).length,
  };
}
