/**
 * The parts whose records a part of samples belongs to as well: the workouts and nights around a heart rate, the nights
 * around a night, and the days of a cycle around a day of it.
 */
import type { Part, PartsRef } from "../../provider.ts";
import { shiftDate } from "./local-clock.ts";
import { longestCycleDays } from "./longest-cycle.ts";
import { dayRefs, sampleRefs, typeOfPart } from "./record-parts.ts";
import { menstrualFlow, nightReadings, sleepAnalysis } from "./type-homes.ts";
import { workoutTypes } from "./workout-types.ts";

const nightTypes: ReadonlySet<string> = new Set(nightReadings);

export function samplesCompanions(part: Pick<Part, "key">): PartsRef[] {
  const type = typeOfPart(part);
  const around = (...days: number[]) => days.map((one) => shiftDate(part.key.slice(0, 10), one));
  if (type === sleepAnalysis) return sampleRefs(around(-2, -1, 1, 2), [sleepAnalysis]);
  if (type === menstrualFlow) return sampleRefs(around(...daysOfCycle), [menstrualFlow]);
  return [
    ...(nightTypes.has(type) ? sampleRefs(around(-1, 0, 1), [sleepAnalysis]) : []),
    ...(workoutTypes.has(type) ? dayRefs(around(-1, 0), "workouts") : []),
  ];
}

/** The days around one, without itself. */
const daysOfCycle = Array.from(
  { length: 2 * longestCycleDays + 1 },
  (_, index) => index - longestCycleDays,
).filter((days) => days !== 0);
