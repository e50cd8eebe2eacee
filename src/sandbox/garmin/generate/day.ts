/** The summaries of a day, in both versions, and the lists that repeat a part of them. */
import { Random } from "../../kit/random.ts";
import { batteryEvent, bodyBatteryOf, feedback } from "./body-battery.ts";
import {
  bounds,
  type Day,
  deviceId,
  endOfDay,
  hour,
  isoText,
  minute,
  numberOf,
  rounded,
  utcOf,
  uuidOf,
} from "./plan.ts";

/** What both versions of a day's summary say. */
function figuresOf(day: Day) {
  const random = new Random(...day.key, "day");
  const length = endOfDay(day) - day.midnight;
  const part = length / (24 * hour);
  const steps = Math.round(random.int(3_000, 14_000) * part);
  const floorsUp = rounded(random.between(1, 15) * part, 5);
  const floorsDown = rounded(random.between(1, 15) * part, 5);
  const stress = stressOf(random, Math.round(length / 1_000));
  const vigorous = day.workout !== null && day.workout.start < day.until ? random.int(5, 20) : 0;
  return {
    random,
    length,
    steps,
    metres: Math.round(steps * 0.78),
    bmr: Math.round(1_620 * part),
    active: Math.round(steps * 0.04 + vigorous * 11),
    consumed: random.int(1_500, 2_600),
    floorsUp,
    floorsDown,
    stress,
    moderate: random.int(0, 30),
    vigorous,
    lowest: day.restingHeartRate - 3,
    highest: random.int(110, 170),
    water: random.int(6, 14) * 250,
    battery: bodyBatteryOf(day),
    spo2: random.int(94, 97),
    breaths: random.int(13, 16),
  };
}

type Figures = ReturnType<typeof figuresOf>;

/** Seconds of stress, which add up to the day, in steps of three minutes. */
function stressOf(random: Random, seconds: number) {
  const share = (portion: number) => Math.floor((seconds * portion) / 180) * 180;
  const [rest, low, medium, high, activity] = [
    share(random.between(0.4, 0.55)),
    share(random.between(0.15, 0.22)),
    share(random.between(0.04, 0.09)),
    share(random.between(0, 0.02)),
    share(random.between(0.03, 0.08)),
  ];
  const total = Math.floor(seconds / 60) * 60;
  const stressed = low + medium + high;
  const uncategorized = Math.max(0, total - rest - stressed - activity);
  return {
    average: random.int(20, 40),
    highest: random.int(80, 99),
    rest,
    low,
    medium,
    high,
    activity,
    stressed,
    uncategorized,
    total,
    percent: (part: number) => (total === 0 ? 0 : rounded((part / total) * 100, 2)),
  };
}

const steps = { goal: 8_000, floors: 10, minutes: 150, water: 2_500 } as const;

/** The first version: flat. */
export function dayBody(day: Day): object {
  const figures = figuresOf(day);
  const { length } = figures;
  const asleep = Math.max(0, Math.round((Math.min(day.wakeUp, day.until) - day.midnight) / 1_000));
  const active = Math.round((length / 1_000) * 0.05);
  const highly = figures.vigorous * 60;
  return {
    userProfileId: day.person,
    displayName: "sandbox-person",
    totalKilocalories: figures.bmr + figures.active,
    activeKilocalories: figures.active,
    bmrKilocalories: figures.bmr,
    consumedKilocalories: figures.consumed,
    remainingKilocalories: figures.bmr + figures.active - figures.consumed,
    totalSteps: figures.steps,
    netCalorieGoal: 2_200,
    totalDistanceMeters: figures.metres,
    wellnessDistanceMeters: figures.metres,
    userDailySummaryId: day.person,
    calendarDate: day.date,
    uuid: uuidOf(day, "day").replaceAll("-", ""),
    dailyStepGoal: steps.goal,
    dailyPushesGoal: 0,
    totalPushDistance: 0,
    totalPushes: 0,
    wellnessStartTimeGmt: isoText(utcOf(day, day.midnight)),
    wellnessStartTimeLocal: isoText(day.midnight),
    wellnessEndTimeGmt: isoText(utcOf(day, endOfDay(day))),
    wellnessEndTimeLocal: isoText(endOfDay(day)),
    durationInMilliseconds: length,
    wellnessDescription: null,
    highlyActiveSeconds: highly,
    activeSeconds: active,
    sedentarySeconds: Math.max(0, Math.round(length / 1_000) - active - highly - asleep),
    sleepingSeconds: asleep,
    includesWellnessData: true,
    includesActivityData: figures.vigorous > 0,
    includesCalorieConsumedData: true,
    moderateIntensityMinutes: figures.moderate,
    vigorousIntensityMinutes: figures.vigorous,
    floorsAscendedInMeters: rounded(figures.floorsUp * 3.048, 3),
    floorsDescendedInMeters: rounded(figures.floorsDown * 3.048, 3),
    floorsAscended: figures.floorsUp,
    floorsDescended: figures.floorsDown,
    intensityMinutesGoal: steps.minutes,
    userFloorsAscendedGoal: steps.floors,
    minHeartRate: figures.lowest,
    maxHeartRate: figures.highest,
    restingHeartRate: day.restingHeartRate,
    lastSevenDaysAvgRestingHeartRate: 51,
    minAvgHeartRate: figures.lowest + 1,
    maxAvgHeartRate: figures.highest - 3,
    abnormalHeartRateAlertsCount: 0,
    source: "GARMIN",
    ...flatStress(figures, asleep),
    lastSyncTimestampGMT: isoText(utcOf(day, endOfDay(day))),
    ...flatBattery(day, figures),
    averageSpo2: figures.spo2,
    lowestSpo2: figures.spo2 - 6,
    latestSpo2: figures.spo2 + 1,
    latestSpo2ReadingTimeGmt: isoText(utcOf(day, day.midnight + 5 * hour)),
    latestSpo2ReadingTimeLocal: isoText(day.midnight + 5 * hour),
    averageMonitoringEnvironmentAltitude: 112,
    isJetLagDay: false,
    jetLagTripName: null,
    hydrationValueInML: figures.water,
    hydrationGoalInML: steps.water,
    avgWakingRespirationValue: figures.breaths,
    highestRespirationValue: figures.breaths + 7,
    lowestRespirationValue: figures.breaths - 6,
    latestRespirationValue: figures.breaths - 1,
    latestRespirationTimeGMT: isoText(utcOf(day, endOfDay(day) - 2 * minute)),
    respirationAlgorithmVersion: 200,
  };
}

function flatStress({ stress }: Figures, asleep: number): object {
  return {
    averageStressLevel: stress.average,
    maxStressLevel: stress.highest,
    stressDuration: stress.stressed,
    restStressDuration: stress.rest,
    activityStressDuration: stress.activity,
    uncategorizedStressDuration: stress.uncategorized,
    totalStressDuration: stress.total,
    lowStressDuration: stress.low,
    mediumStressDuration: stress.medium,
    highStressDuration: stress.high,
    stressPercentage: stress.percent(stress.stressed),
    restStressPercentage: stress.percent(stress.rest),
    activityStressPercentage: stress.percent(stress.activity),
    uncategorizedStressPercentage: stress.percent(stress.uncategorized),
    lowStressPercentage: stress.percent(stress.low),
    mediumStressPercentage: stress.percent(stress.medium),
    highStressPercentage: stress.percent(stress.high),
    stressQualifier: "BALANCED",
    measurableAwakeDuration: Math.max(0, stress.total - asleep),
    measurableAsleepDuration: Math.min(stress.total, asleep),
  };
}

function flatBattery(day: Day, { battery }: Figures): object {
  return {
    bodyBatteryChargedValue: battery.charged,
    bodyBatteryDrainedValue: battery.drained,
    bodyBatteryHighestValue: battery.highest,
    bodyBatteryLowestValue: battery.lowest,
    bodyBatteryMostRecentValue: battery.latest,
    bodyBatteryDuringSleep: battery.charged,
    bodyBatteryAtWakeTime: battery.highest,
    bodyBatteryVersion: 3,
    bodyBatteryDynamicFeedbackEvent: feedback(day, endOfDay(day)),
    endOfDayBodyBatteryDynamicFeedbackEvent: feedback(day, day.midnight),
    bodyBatteryActivityEventList: [batteryEvent(day)],
  };
}

/** The second version: nested, and in milliseconds. */
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
      steps: moved(steps.goal, figures.steps, figures.metres),
      pushes: moved(0, 0, 0),
      floorsAscended: moved(steps.floors, Math.round(figures.floorsUp), rounded(figures.floorsUp * 3.048, 3)),
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
    intensityMinutes: { goal: steps.minutes, moderate: figures.moderate, vigorous: figures.vigorous },
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
      goalInMl: steps.water,
      goalInFractionalMl: steps.water,
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
  eventType: "SLEEP",
  eventStartTimeGmt: isoText(utcOf(day, day.bedtime)),
  eventStartTimeLocal: isoText(day.bedtime),
  bodyBatteryImpact: 55,
  feedbackType: "NONE",
  shortFeedback: "NONE",
  deviceId,
  activityName: null,
  activityType: null,
  activityId: null,
  durationInMillis: day.wakeUp - day.bedtime,
});

export function stepsBody(day: Day): object {
  const figures = figuresOf(day);
  return {
    calendarDate: day.date,
    totalSteps: figures.steps,
    totalDistance: figures.metres,
    stepGoal: steps.goal,
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
  goalInML: steps.water,
  lastEntryTimestampLocal: isoText(endOfDay(day) - minute),
  sweatLossInML: day.workout === null ? 0 : day.workout.minutes * 9,
  activityIntakeInML: 0,
});

/** Breathing or meditation at noon. */
export function wellnessActivityBody(day: Day): object {
  const start = day.midnight + 12 * hour;
  const uuid = uuidOf(day, "breathing");
  return {
    userProfilePk: day.person,
    activityUuid: {
      leastSignificantBits: -numberOf(day, "least"),
      mostSignificantBits: numberOf(day, "most"),
      baseUUID: uuid,
      uuid,
    },
    calendarDate: day.date,
    rulePK: 2,
    activityName: "Breathing",
    notes: null,
    wellnessActivityType: "BREATHING",
    ...bounds(day, start, start + 5 * minute),
    summaryTypeDataList: [{ summaryType: "HEART_RATE", minValue: 52, maxValue: 70, avgValue: 60 }],
    timeInZoneList: [{ zoneNumber: 1, millisInZone: 240_000, zoneLowBoundary: 95 }],
    deviceMetaData: {
      deviceId,
      deviceTypeId: 40_000,
      deviceVersionId: 1_003_000,
      deviceVersion: "12.27",
      deviceName: "Sandbox watch",
    },
  };
}
