/** The summary of a day, in its second version: nested, and in milliseconds. */
import { feedback, nightEvent } from "./body-battery.ts";
import { type Figures, figuresOf, goals } from "./figures.ts";
import { type Day, endOfDay, hour, isoText, rounded, utcOf, uuidOf } from "./plan.ts";

export function dayBodyV2(day: Day): object {
  const figures = figuresOf(day);
  const { battery, spo2, breaths, length } = figures;
  const moved = (goal: number, value: number, metres: number) => ({ goal, value, distanceInMeters: metres });
  return {
    uuid: uuidOf(day, "day"),
    userProfilePk: day.person,
    calendarDate: day.date,
    source: "GARMIN",
    includesWellnessData: true,
    includesActivityData: figures.vigorous > 0,
    wellnessChronology: {
      startTimestampGmt: isoText(utcOf(day, day.midnight)),
      startTimestampLocal: isoText(day.midnight),
      endTimestampGmt: isoText(utcOf(day, endOfDay(day))),
      endTimestampLocal: isoText(endOfDay(day)),
      totalDurationInMillis: length,
    },
    movement: {
      steps: moved(goals.steps, figures.steps, figures.metres),
      pushes: moved(0, 0, 0),
      floorsAscended: moved(goals.floors, Math.round(figures.floorsUp), rounded(figures.floorsUp * 3.048, 3)),
      floorsDescended: moved(0, Math.round(figures.floorsDown), rounded(figures.floorsDown * 3.048, 3)),
    },
    calories: {
      burnedResting: figures.bmr,
      burnedActive: figures.active,
      burnedTotal: figures.bmr + figures.active,
      consumedGoal: 2_200,
      consumedValue: figures.consumed,
      consumedRemaining: 2_200 - figures.consumed,
    },
    heartRate: {
      minValue: figures.lowest,
      maxValue: figures.highest,
      restingValue: day.restingHeartRate,
      alertCount: 0,
    },
    intensityMinutes: {
      goal: goals.intensityMinutes,
      moderate: figures.moderate,
      vigorous: figures.vigorous,
    },
    stress: nestedStress(figures),
    bodyBattery: {
      minValue: battery.lowest,
      maxValue: battery.highest,
      chargedValue: battery.charged,
      drainedValue: battery.drained,
      latestValue: battery.latest,
      endOfDayValue: battery.latest,
      featureVersion: "3",
      dynamicFeedbackEvent: feedback(day, endOfDay(day)),
      endOfDayDynamicFeedbackEvent: feedback(day, day.midnight),
      activityEvents: [nestedBatteryEvent(day)],
    },
    hydration: {
      goalInMl: goals.waterMl,
      goalInFractionalMl: goals.waterMl,
      consumedInFractionalMl: figures.water,
      consumedInMl: figures.water,
    },
    respiration: {
      avgValue: breaths,
      maxValue: breaths + 7,
      minValue: breaths - 6,
      latestValue: breaths - 1,
      latestTimestampGmt: isoText(utcOf(day, endOfDay(day))),
      algorithmVersion: 200,
    },
    pulseOx: {
      avgValue: spo2,
      minValue: spo2 - 6,
      latestValue: spo2 + 1,
      latestTimestampGmt: isoText(utcOf(day, day.midnight + 5 * hour)),
      latestTimestampLocal: isoText(day.midnight + 5 * hour),
      avgAltitudeInMeters: 112,
    },
    jetLag: { tripName: null },
  };
}

function nestedStress({ stress }: Figures): object {
  const portion = (part: number) => rounded(stress.percent(part) / 100, 4);
  return {
    avgLevel: stress.average,
    maxLevel: stress.highest,
    restProportion: portion(stress.rest),
    activityProportion: portion(stress.activity),
    uncategorizedProportion: portion(stress.uncategorized),
    lowStressProportion: portion(stress.low),
    mediumStressProportion: portion(stress.medium),
    highStressProportion: portion(stress.high),
    qualifier: "BALANCED",
    totalDurationInMillis: stress.total * 1_000,
    restDurationInMillis: stress.rest * 1_000,
    activityDurationInMillis: stress.activity * 1_000,
    uncategorizedDurationInMillis: stress.uncategorized * 1_000,
    lowStressDurationInMillis: stress.low * 1_000,
    mediumStressDurationInMillis: stress.medium * 1_000,
    highStressDurationInMillis: stress.high * 1_000,
  };
}

const nestedBatteryEvent = (day: Day): object => ({
  ...nightEvent(day),
  eventStartTimeLocal: isoText(day.bedtime),
  durationInMillis: day.wakeUp - day.bedtime,
});
