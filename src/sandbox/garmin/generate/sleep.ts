/** The night of a day with its naps, and its heart rate variability. */
import { clamp, mean, Random } from "../../kit/random.ts";
import { type Day, deviceId, isoText, minute, utcOf } from "./plan.ts";

/** Totals of the stages, which add up to the night. */
function stagesOf(day: Day, random: Random) {
  const night = Math.round((day.wakeUp - day.bedtime) / 1_000);
  const share = (low: number, high: number) => Math.floor((night * random.between(low, high)) / 60) * 60;
  const [deep, rem, awake] = [share(0.14, 0.22), share(0.18, 0.26), share(0.02, 0.06)];
  return { deep, rem, awake, light: night - deep - rem - awake, asleep: night - awake };
}

const score = (qualifierKey: string, optimalStart: number, optimalEnd: number): object => ({
  qualifierKey,
  optimalStart,
  optimalEnd,
});

function scoresOf(random: Random, asleep: number): object {
  const portion = (value: number, start: number, end: number) => ({
    value,
    ...score("GOOD", start, end),
    idealStartInSeconds: (asleep * start) / 100,
    idealEndInSeconds: (asleep * end) / 100,
  });
  return {
    overall: { value: random.int(60, 95), qualifierKey: "GOOD" },
    totalDuration: score("FAIR", 28_000, 28_000),
    stress: score("GOOD", 0, 15),
    awakeCount: score("GOOD", 0, 1),
    restlessness: score("GOOD", 0, 5),
    remPercentage: portion(random.int(18, 26), 21, 31),
    lightPercentage: portion(random.int(50, 62), 30, 64),
    deepPercentage: portion(random.int(14, 22), 16, 33),
  };
}

const need = (day: Day, calendarDate: string): object => ({
  userProfilePk: day.person,
  calendarDate,
  deviceId,
  timestampGmt: isoText(utcOf(day, day.wakeUp)),
  baseline: 470,
  actual: 480,
  feedback: "NO_CHANGE_NO_ADJUSTMENTS",
  trainingFeedback: "NO_CHANGE",
  sleepHistoryAdjustment: "NO_CHANGE",
  hrvAdjustment: "NO_CHANGE",
  napAdjustment: "NO_CHANGE",
  displayedForTheDay: true,
  recommendedBedtimeStartMins: 1_340,
  recommendedBedtimeEndMins: 1_400,
  preferredActivityTracker: true,
});

/** Times are epoch milliseconds; the local ones are already shifted by the offset. */
export function sleepBody(day: Day): object {
  const random = new Random(...day.key, "sleep");
  const stages = stagesOf(day, random);
  const naps =
    day.nap !== null && day.nap.start + day.nap.minutes * minute <= day.until ? [napOf(day, day.nap)] : [];
  const breaths = random.int(12, 15);
  return {
    id: utcOf(day, day.bedtime),
    userProfilePK: day.person,
    calendarDate: day.date,
    sleepTimeSeconds: stages.asleep,
    napTimeSeconds: naps.length === 0 ? 0 : (day.nap?.minutes ?? 0) * 60,
    sleepWindowConfirmed: true,
    sleepWindowConfirmationType: "enhanced_confirmed_final",
    sleepStartTimestampGMT: utcOf(day, day.bedtime),
    sleepEndTimestampGMT: utcOf(day, day.wakeUp),
    sleepStartTimestampLocal: day.bedtime,
    sleepEndTimestampLocal: day.wakeUp,
    autoSleepStartTimestampGMT: null,
    autoSleepEndTimestampGMT: null,
    sleepQualityTypePK: null,
    sleepResultTypePK: null,
    unmeasurableSleepSeconds: 0,
    deepSleepSeconds: stages.deep,
    lightSleepSeconds: stages.light,
    remSleepSeconds: stages.rem,
    awakeSleepSeconds: stages.awake,
    deviceRemCapable: true,
    retro: false,
    sleepFromDevice: true,
    averageSpO2Value: random.int(93, 97),
    lowestSpO2Value: random.int(84, 90),
    highestSpO2Value: 100,
    numberOfEventsBelowThreshold: 0,
    averageSpO2HRSleep: day.restingHeartRate + 3,
    spo2Threshold: 88,
    averageRespirationValue: breaths,
    lowestRespirationValue: breaths - 4,
    highestRespirationValue: breaths + 5,
    awakeCount: random.int(0, 3),
    avgSleepStress: random.int(9, 24),
    ageGroup: "ADULT",
    avgHeartRate: day.restingHeartRate + 4,
    sleepScoreFeedback: "POSITIVE_DEEP",
    sleepScoreInsight: "NONE",
    sleepScorePersonalizedInsight: "NONE",
    sleepScores: scoresOf(random, stages.asleep),
    userNote: null,
    kidSleepNote: null,
    sleepVersion: 2,
    sleepNeed: need(day, day.date),
    // Its day is not the night's.
    nextSleepNeed: need(day, new Date(day.midnight + 86_400_000).toISOString().slice(0, 10)),
    dailyNapDTOS: naps,
    breathingDisruptionSeverity: "NONE",
    sleepAlignment: {
      userId: day.person,
      calendarDate: day.date,
      deviceId,
      isPreferredActivityTracker: true,
      sleepNeedBaselineMins: 470,
      optimalSleepWindowStartMins: 1_380,
      optimalSleepWindowEndMins: 420,
      status: "ALIGNED",
      optimalSleepWindowMidpointMins: 180,
      lastSleepMidpointMins: 190,
    },
  };
}

/** Returns the naps that a body of `sleepBody` has. */
export const napsIn = (body: unknown): readonly object[] =>
  (body as { readonly dailyNapDTOS: readonly object[] }).dailyNapDTOS;

function napOf(day: Day, { start, minutes }: { readonly start: number; readonly minutes: number }): object {
  const end = start + minutes * minute;
  return {
    userProfilePK: day.person,
    deviceId,
    calendarDate: day.date,
    napTimeSec: minutes * 60,
    napStartTimestampGMT: isoText(utcOf(day, start)),
    napEndTimestampGMT: isoText(utcOf(day, end)),
    napFeedback: "IDEAL_TIMING_IDEAL_DURATION",
    napSource: 1,
    napStartTimeOffset: day.offsetMinutes,
    napEndTimeOffset: day.offsetMinutes,
    createTimestampGMT: isoText(utcOf(day, end)),
    updateTimestampGMT: isoText(utcOf(day, end)),
  };
}

/** A reading each five minutes of the night. */
export function hrvBody(day: Day): object {
  const random = new Random(...day.key, "hrv");
  const readings: { hrvValue: number; readingTimeGMT: string; readingTimeLocal: string }[] = [];
  for (let at = day.bedtime + 10 * minute; at < day.wakeUp; at += 5 * minute)
    readings.push({
      hrvValue: Math.round(clamp(46 + random.normal() * 9, 15, 110)),
      readingTimeGMT: isoText(utcOf(day, at)),
      readingTimeLocal: isoText(at),
    });
  const values = readings.map(({ hrvValue }) => hrvValue);
  return {
    userProfilePk: day.person,
    hrvSummary: {
      calendarDate: day.date,
      weeklyAvg: random.int(42, 48),
      lastNightAvg: Math.round(mean(values)),
      lastNight5MinHigh: Math.max(...values),
      baseline: { lowUpper: 36, balancedLow: 40, balancedUpper: 54, markerValue: 0.45 },
      status: "BALANCED",
      feedbackPhrase: "HRV_BALANCED_5",
      createTimeStamp: isoText(utcOf(day, day.wakeUp)),
    },
    hrvReadings: readings,
    startTimestampGMT: isoText(utcOf(day, day.bedtime)),
    endTimestampGMT: isoText(utcOf(day, day.wakeUp)),
    startTimestampLocal: isoText(day.bedtime),
    endTimestampLocal: isoText(day.wakeUp),
    sleepStartTimestampGMT: isoText(utcOf(day, day.bedtime)),
    sleepEndTimestampGMT: isoText(utcOf(day, day.wakeUp)),
    sleepStartTimestampLocal: isoText(day.bedtime),
    sleepEndTimestampLocal: isoText(day.wakeUp),
  };
}
