/** The summary of a day, in its first version. */
import { batteryEvent, feedback } from "./body-battery.ts";
import { type Figures, figuresOf, goals } from "./figures.ts";
import { type Day, endOfDay, hour, isoText, minute, rounded, utcOf, uuidOf } from "./plan.ts";

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
    dailyStepGoal: goals.steps,
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
    intensityMinutesGoal: goals.intensityMinutes,
    userFloorsAscendedGoal: goals.floors,
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
    hydrationGoalInML: goals.waterMl,
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
