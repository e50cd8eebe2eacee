/** The lists of days that repeat a part of their summaries: steps, stress, water. */
import { figuresOf, goals } from "./figures.ts";
import { type Day, endOfDay, isoText, minute } from "./plan.ts";

export function stepsBody(day: Day): object {
  const figures = figuresOf(day);
  return {
    calendarDate: day.date,
    totalSteps: figures.steps,
    totalDistance: figures.metres,
    stepGoal: goals.steps,
  };
}

export function stressBody(day: Day): object {
  const { stress } = figuresOf(day);
  return {
    calendarDate: day.date,
    values: {
      overallStressLevel: stress.average,
      restStressDuration: stress.rest,
      lowStressDuration: stress.low,
      mediumStressDuration: stress.medium,
      highStressDuration: stress.high,
    },
  };
}

export const hydrationBody = (day: Day): object => ({
  userId: day.person,
  calendarDate: day.date,
  valueInML: figuresOf(day).water,
  goalInML: goals.waterMl,
  lastEntryTimestampLocal: isoText(endOfDay(day) - minute),
  sweatLossInML: day.workout === null ? 0 : day.workout.minutes * 9,
  activityIntakeInML: 0,
});
