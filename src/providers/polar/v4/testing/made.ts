/** Invented bodies of v4 for tests, small and with every field that was seen. */

export const nightOf = (sleepDate = "2026-10-06") => ({
  sleepDate,
  sleepResult: {
    hypnogram: {
      sleepStart: `${sleepDate}T00:10:05.500+03:00`,
      sleepEnd: `${sleepDate}T06:10:05.500+03:00`,
      alarmSnoozeTimes: [],
      sleepStateChanges: [
        { offsetFromStart: "0s", newState: "SLEEP_STATE_WAKE" },
        { offsetFromStart: "30s", newState: "SLEEP_STATE_NON_REM1" },
        { offsetFromStart: "90.5s", newState: "SLEEP_STATE_NON_REM2" },
        { offsetFromStart: "3600s", newState: "SLEEP_STATE_NON_REM3" },
        { offsetFromStart: "7200s", newState: "SLEEP_STATE_REM" },
        { offsetFromStart: "10800s", newState: "SLEEP_STATE_DREAMING" },
        { offsetFromStart: "21630s", newState: "SLEEP_STATE_WAKE" },
      ],
      sleepStartOffsetSeconds: 0,
      sleepEndOffsetSeconds: 0,
      sleepRating: "SLEEP_RATING_UNKNOWN",
      sleepGoal: "28800s",
      birthday: "1984-02-03",
      deviceReference: { uuid: "device-a" },
      batteryRanOut: false,
    },
    sleepCycles: [{ secondsFromSleepStart: 64_005, sleepDepthAtCycleStart: 0.5 }],
  },
  sleepScore: { created: "x", lastModified: "y", sleepScore: 81.25, continuityScore: 0, scoreRate: 4 },
  sleepEvaluation: {
    sleepType: "SLEEP_TYPE_SLEEP_PLUS_STAGES",
    sleepSpan: "21600s",
    asleepDuration: "20400.5s",
    age: 42.5,
    analysis: { efficiencyPercent: 94.4, continuityIndex: 3.4, continuityClass: 3, feedback: "11120" },
    interruptions: {
      totalDuration: "1199.5s",
      longDuration: "0s",
      shortDuration: "1199.5s",
      totalCount: 0,
      longCount: 0,
      shortCount: 0,
    },
    phaseDurations: {
      wake: "1199.5s",
      rem: "3600s",
      light: "13200.5s",
      deep: "3600s",
      unknown: "0s",
      remPercentage: 16.6,
      deepPercentage: 16.6,
    },
  },
});

export const rechargeOf = (sleepResultDate = "2026-10-06") => ({
  created: `${sleepResultDate}T04:00:00.000Z`,
  modified: `${sleepResultDate}T04:00:00.000Z`,
  ansStatus: 5.25,
  recoveryIndicator: 4,
  recoveryIndicatorSubLevel: 58,
  ansRate: 2,
  meanNightlyRecoveryRri: 800,
  meanNightlyRecoveryRmssd: 47,
  meanNightlyRecoveryRespirationInterval: 0,
  meanBaselineRri: 0,
  sdBaselineRri: 51,
  meanBaselineRmssd: 0,
  sdBaselineRmssd: 5,
  meanBaselineRespirationInterval: 4_439,
  sdBaselineRespirationInterval: 93,
  exerciseTip: "Go",
  sleepResultDate,
  hrvSamples: [] as object[],
  breathingRateSamples: [] as object[],
});

export const withSamples = (sleepResultDate = "2026-10-06") => ({
  ...rechargeOf(sleepResultDate),
  hrvSamples: [
    { startTime: `${sleepResultDate}T00:40:10`, sampleInterval: "301s", hrvValues: [35.5, 0, null, 44.25] },
  ],
  breathingRateSamples: [
    {
      startTime: `${sleepResultDate}T00:40:10`,
      sampleInterval: "300s",
      breathingRateValues: [15.5, 0, 12.25],
    },
  ],
});

export const heartRateOf = (date = "2026-10-06") => [
  {
    date,
    deviceRef: { deviceId: "watch" },
    state: "?",
    samples: [
      { heartRate: 74, offsetMillis: "168000", triggerType: "TRIGGER_TIMED_247" },
      { heartRate: 61, offsetMillis: 500, triggerType: "TRIGGER_HIGH_247" },
      { heartRate: 0, offsetMillis: 170_000, triggerType: "TRIGGER_TIMED_247" },
      { heartRate: 90, triggerType: "TRIGGER_TIMED_247" },
      { offsetMillis: 171_000, triggerType: "TRIGGER_TIMED_247" },
      { heartRate: 80, offsetMillis: 469_250, triggerType: "TRIGGER_TIMED_247" },
    ],
  },
  {
    date,
    deviceRef: { deviceId: "band" },
    samples: [
      { heartRate: 99, offsetMillis: 168_000, triggerType: "TRIGGER_TIMED_247" },
      { heartRate: 70, offsetMillis: 600_000, triggerType: "TRIGGER_TIMED_247" },
    ],
  },
];

const block = (steps: readonly (number | null)[], startTime = "08:00:00") => ({
  sportInfos: [],
  activityInfos: [
    { activityClass: "ACTIVITY_CLASS_SLEEP", time: "00:00:00", factor: 1 },
    { activityClass: "ACTIVITY_CLASS_CONTINUOUS_MODERATE", time: "08:00:30", factor: 1 },
    { activityClass: "ACTIVITY_CLASS_NON_WEAR", time: "09:00:00", factor: 1 },
  ],
  inactivityInfos: [],
  stepSamples: { startTime, interval: 60_000, steps },
  metSamples: { startTime: "00:00:00", interval: "30000", mets: [0.9, null, 3.5] },
});

export const activityOf = (date = "2026-10-06") => ({
  date,
  target: { minDailyMetGoal: 300 },
  physicalInformation: {
    birthday: "1984-02-03",
    sex: "SEX_MALE",
    height: 180,
    weight: 80,
    sleepGoal: "27000000",
  },
  activitiesPerDevice: [
    { deviceReference: { deviceId: "band" }, activitySamples: [block([10, 0, 20])] },
    {
      deviceReference: { deviceId: "watch" },
      activitySamples: [block([15, null, 30]), block([15, null, 30, 0, 5]), block([7], "20:00:00")],
    },
  ],
});

export const ppiOf = (date = "2026-10-06") => ({
  date,
  modified: `${date}T20:00:00Z`,
  ppiSamplesPerDevice: [
    {
      recordingDevice: { uuid: "watch" },
      ppiSamples: [
        {
          offsetMillis: 2_000,
          ppInterval: 902,
          errorEstimateMillis: 15,
          skinContact: true,
          movement: false,
          offline: false,
        },
        { offsetMillis: 1_098, ppInterval: 866, errorEstimateMillis: 0, skinContact: true, movement: true },
        {
          offsetMillis: 9_000,
          ppInterval: 0,
          errorEstimateMillis: 1,
          skinContact: false,
          movement: true,
          offline: false,
        },
      ],
      recordingTriggerTypeChanges: [{ triggerType: "TRIGGER_TYPE_AUTOMATIC", offsetMillis: 1_098 }],
    },
  ],
});
