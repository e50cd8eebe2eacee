/**
 * The cycle of a day, from the flows that the person noted. A cycle begins on a day that HealthKit marks as the start of
 * one; nothing is predicted.
 */
import { MenstruationFlow } from "../../../models/index.ts";
import type { Sample } from "../healthkit/sample.ts";
import { type ClockOf, dateAt, daysBetween, shiftDate } from "./local-clock.ts";
import { longestCycleDays } from "./longest-cycle.ts";

/** HKCategoryValueMenstrualFlow, which shares its numbers with vaginal bleeding: 1 is bleeding of unknown strength. */
const flows: ReadonlyMap<number, MenstruationFlow> = new Map([
  [1, MenstruationFlow.Had],
  [2, MenstruationFlow.Light],
  [3, MenstruationFlow.Medium],
  [4, MenstruationFlow.Heavy],
  [5, MenstruationFlow.None],
]);

export const flowOf = ({ value }: Sample): MenstruationFlow =>
  flows.get(value ?? 0) ?? MenstruationFlow.Unknown;

function isBleeding(sample: Sample): boolean {
  const flow = flowOf(sample);
  return flow !== MenstruationFlow.None && flow !== MenstruationFlow.Unknown;
}

/** Formats write the mark as a number, a digit or a word. */
const isCycleStart = ({ metadata: { HKMenstrualCycleStart: mark } }: Sample): boolean =>
  mark === 1 || mark === "1" || mark === "true" || mark === "YES";

export interface Cycle {
  readonly startDate: string;
  readonly dayInCycle: number;
  /** Days of bleeding, one after the other from the start. */
  readonly periodDays: number;
  /** Days to the next start; null while none is noted. */
  readonly lengthDays: number | null;
  readonly isInPeriod: boolean;
}

/** Returns the cycle in which a date lies; null where no start before it is known. */
export function cycleOn(date: string, flowSamples: readonly Sample[], clockOf: ClockOf): Cycle | null {
  const dateOf = (sample: Sample): string => dateAt(clockOf(sample), sample.startMs);
  const starts = [...new Set(flowSamples.filter(isCycleStart).map(dateOf))].toSorted();
  const startDate = starts.findLast((start) => start <= date);
  if (startDate === undefined || daysBetween(startDate, date) >= longestCycleDays) return null;
  const next = starts.find((start) => start > date) ?? null;
  const lengthDays = next === null ? null : daysBetween(startDate, next);
  const bleeding = new Set(flowSamples.filter(isBleeding).map(dateOf));
  const periodDays = runFrom(startDate, bleeding, next);
  return {
    startDate,
    dayInCycle: daysBetween(startDate, date) + 1,
    periodDays,
    lengthDays: lengthDays !== null && lengthDays <= longestCycleDays ? lengthDays : null,
    isInPeriod: daysBetween(startDate, date) < periodDays,
  };
}

/** Returns the days in a row from a date, before the next cycle. */
function runFrom(startDate: string, days: ReadonlySet<string>, next: string | null): number {
  let count = 0;
  for (let day = startDate; days.has(day) && day !== next; day = shiftDate(day, 1)) count += 1;
  return count;
}
