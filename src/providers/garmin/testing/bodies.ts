/** Bodies in the form of Garmin's Personal API, with invented values. */

const dayMs = 86_400_000;

/** Midnight of 2025-05-12 in UTC+2, as an instant. */
export const midnightMs = Date.UTC(2025, 4, 11, 22);
const hourMs = 3_600_000;
/** A local time in milliseconds, as Garmin sends it: already shifted by the offset. */
export const shifted = (instantMs: number, hours = 2): number => instantMs + hours * hourMs;

export const personId = 4711;

export const day = {
  userProfileId: personId,
  calendarDate: "2025-05-12",
  source: "GARMIN",
  wellnessStartTimeGmt: "2025-05-11T22:00:00.0",
  wellnessStartTimeLocal: "2025-05-12T00:00:00.0",
  wellnessEndTimeGmt: "2025-05-12T22:00:00.0",
  wellnessEndTimeLocal: "2025-05-13T00:00:00.0",
  durationInMilliseconds: dayMs,
  totalKilocalories: 2_310,
  activeKilocalories: 310,
  bmrKilocalories: 2_000,
  consumedKilocalories: null,
  totalSteps: 8_765,
  totalDistanceMeters: 6_543,
  floorsAscended: 4.31299,
  floorsAscendedInMeters: 13.146,
  floorsDescendedInMeters: 9.5,
  highlyActiveSeconds: 600,
  activeSeconds: 4_000,
  sedentarySeconds: 50_000,
  sleepingSeconds: 28_000,
  moderateIntensityMinutes: 12,
  vigorousIntensityMinutes: 5,
  minHeartRate: 47,
  maxHeartRate: 141,
  restingHeartRate: 50,
  averageStressLevel: 27,
  maxStressLevel: 95,
  stressDuration: 20_000,
  restStressDuration: 40_000,
  activityStressDuration: 5_000,
  lowStressDuration: 15_000,
  mediumStressDuration: 4_000,
  highStressDuration: 1_000,
  stressQualifier: "BALANCED",
  averageSpo2: 96,
  bodyBatteryHighestValue: 90,
};

/** A day without a device: its fields are null, also those that the documentation requires. */
export const emptyDay = {
  userProfileId: personId,
  calendarDate: "2025-05-13",
  totalKilocalories: null,
  totalSteps: null,
  averageStressLevel: -1,
  wellnessStartTimeGmt: null,
};

/** 2025-05-12 from midnight to midnight, two hours ahead of UTC. */
const dayBounds = {
  startTimestampGMT: "2025-05-11T22:00:00.0",
  startTimestampLocal: "2025-05-12T00:00:00.0",
  endTimestampGMT: "2025-05-12T22:00:00.0",
  endTimestampLocal: "2025-05-13T00:00:00.0",
};

export const heartRateDay = {
  userProfilePK: personId,
  calendarDate: "2025-05-12",
  ...dayBounds,
  maxHeartRate: 141,
  heartRateValueDescriptors: [
    { key: "timestamp", index: 0 },
    { key: "heartrate", index: 1 },
  ],
  heartRateValues: [
    [midnightMs, 52],
    [midnightMs + 120_000, null],
    [midnightMs + 240_000, 54],
  ],
};

export const batteryDay = {
  date: "2025-05-12",
  charged: 60,
  drained: 55,
  startTimestampGMT: "2025-05-11T22:00:00.0",
  startTimestampLocal: "2025-05-12T00:00:00.0",
  bodyBatteryValuesArray: [
    [midnightMs, 30],
    [midnightMs + hourMs, null],
    [midnightMs + 2 * hourMs, 41],
  ],
  bodyBatteryValueDescriptorDTOList: [
    { bodyBatteryValueDescriptorIndex: 0, bodyBatteryValueDescriptorKey: "timestamp" },
    { bodyBatteryValueDescriptorIndex: 1, bodyBatteryValueDescriptorKey: "bodyBatteryLevel" },
  ],
};

const nightStart = midnightMs + hourMs;
const nightEnd = midnightMs + 8 * hourMs;
const napStart = midnightMs + 15 * hourMs;

export const night = {
  id: nightStart,
  userProfilePK: personId,
  calendarDate: "2025-05-12",
  sleepTimeSeconds: 24_000,
  napTimeSeconds: 1_500,
  sleepStartTimestampGMT: nightStart,
  sleepEndTimestampGMT: nightEnd,
  sleepStartTimestampLocal: shifted(nightStart),
  sleepEndTimestampLocal: shifted(nightEnd),
  unmeasurableSleepSeconds: 0,
  deepSleepSeconds: 5_000,
  lightSleepSeconds: 13_500,
  remSleepSeconds: 5_500,
  awakeSleepSeconds: 1_200,
  awakeCount: 2,
  deviceRemCapable: true,
  sleepFromDevice: true,
  retro: false,
  averageSpO2Value: 95,
  averageRespirationValue: 13,
  lowestRespirationValue: 10,
  highestRespirationValue: 17,
  avgHeartRate: 49,
  sleepScores: { overall: { value: 81, qualifierKey: "GOOD" }, stress: { qualifierKey: "FAIR" } },
  nextSleepNeed: { calendarDate: "2025-05-13", baseline: 470 },
  dailyNapDTOS: [
    {
      calendarDate: "2025-05-12",
      napTimeSec: 1_500,
      napStartTimestampGMT: "2025-05-12T13:00:00.0",
      napEndTimestampGMT: "2025-05-12T13:27:00.0",
      napStartTimeOffset: 120,
      napEndTimeOffset: 120,
      napFeedback: "IDEAL",
    },
  ],
};

export const napKey = `2025-05-12/${napStart}`;

export const noNight = {
  id: null,
  userProfilePK: personId,
  calendarDate: "2025-05-13",
  sleepTimeSeconds: null,
  sleepStartTimestampGMT: null,
  sleepEndTimestampGMT: null,
  sleepStartTimestampLocal: null,
  sleepEndTimestampLocal: null,
};

export const hrvNight = {
  userProfilePk: personId,
  hrvSummary: {
    calendarDate: "2025-05-12",
    weeklyAvg: 44,
    lastNightAvg: 46,
    lastNight5MinHigh: 63,
    baseline: { lowUpper: 36, balancedLow: 39, balancedUpper: 52 },
    status: "BALANCED",
  },
  hrvReadings: [
    { hrvValue: 45, readingTimeGMT: "2025-05-11T23:05:00.0", readingTimeLocal: "2025-05-12T01:05:00.0" },
    { hrvValue: 47, readingTimeGMT: "2025-05-11T23:10:00.0", readingTimeLocal: "2025-05-12T01:10:00.0" },
  ],
};

/** The nights that have HRV, as the range lists them. */
export const hrvNights = {
  hrvSummaries: [{ ...hrvNight.hrvSummary, lastNightAvg: 46, feedbackPhrase: "HRV_BALANCED_2" }],
  userProfilePk: personId,
};

/** Means of two hours of the night; an hour without a reading has null. */
export const spo2Day = {
  userProfilePK: personId,
  calendarDate: "2025-05-12",
  ...dayBounds,
  averageSpO2: 95.5,
  lowestSpO2: 90,
  spO2SingleValuesDescriptorList: [
    { spo2ValueDescriptorIndex: 0, spo2ValueDescriptorKey: "timestamp" },
    { spo2ValueDescriptorIndex: 1, spo2ValueDescriptorKey: "spo2Reading" },
  ],
  spO2SingleValues: [[midnightMs + 12 * hourMs, 98]],
  spO2HourlyAveragesDescriptorList: [
    { spo2ValueDescIndex: 0, spo2ValueDescKey: "startTimestampGmt" },
    { spo2ValueDescIndex: 1, spo2ValueDescKey: "spo2Value" },
  ],
  spO2HourlyAverages: [
    [midnightMs + hourMs, 95],
    [midnightMs + 2 * hourMs, null],
    [midnightMs + 3 * hourMs, 96],
  ],
};

export const activity = {
  activityId: 900_001,
  activityName: "Morning run",
  startTimeLocal: "2025-05-12 08:10:21",
  startTimeGMT: "2025-05-12 06:10:21",
  endTimeGMT: "2025-05-12 06:47:26",
  activityType: { typeId: 6, typeKey: "trail_running", parentTypeId: 1 },
  eventType: { typeId: 9, typeKey: "uncategorized" },
  distance: 4_261.5,
  duration: 2_223.25,
  elapsedDuration: 2_225.5,
  elevationGain: 151,
  averageSpeed: 1.917,
  maxSpeed: 2.762,
  startLatitude: 48.1,
  startLongitude: 11.5,
  ownerId: personId,
  ownerFullName: "A Person",
  calories: 390,
  bmrCalories: 55,
  averageHR: 142,
  maxHR: 162,
  averageRunningCadenceInStepsPerMinute: 151.5,
  steps: 5_310,
  aerobicTrainingEffect: 2.7,
  vO2MaxValue: 45,
  deviceId: 12_345,
  manufacturer: "GARMIN",
  locationName: "Somewhere",
  moderateIntensityMinutes: 1,
  vigorousIntensityMinutes: 35,
  hrTimeInZone_1: 376.5,
  hrTimeInZone_2: 1_601.75,
  manualActivity: false,
};

/** The same activity by itself. Its totals are the search's. */
export const activityDetail = {
  activityId: activity.activityId,
  activityUUID: { uuid: "6c1f0c4e-1111-4222-8333-444455556666" },
  activityName: activity.activityName,
  userProfileId: personId,
  isMultiSportParent: false,
  activityTypeDTO: activity.activityType,
  timeZoneUnitDTO: { unitId: 124, unitKey: "Europe/Paris", factor: 0, timeZone: "Europe/Paris" },
  metadataDTO: {
    isOriginal: true,
    fileFormat: { formatId: 7, formatKey: "fit" },
    uploadedDate: "2025-05-12T06:50:00.0",
    userInfoDto: { userProfilePk: personId, fullname: "A Person" },
    sensors: [
      {
        manufacturer: "GARMIN",
        serialNumber: 1_234_567_890,
        antplusDeviceType: "HEART_RATE",
        softwareVersion: 6.4,
        productName: "A strap",
        batteryLevel: 80,
      },
    ],
    trimmed: true,
  },
  summaryDTO: {
    startTimeGMT: "2025-05-12T06:10:21.0",
    distance: 9_999,
    calories: 9_999,
    averageHR: 99,
    minHR: 88,
    totalWork: 100,
    avgSpo2: 94,
    directWorkoutFeel: 75,
    directWorkoutRpe: 40,
    recoveryHeartRate: 31,
  },
};

export const weighIn = {
  samplePk: 31,
  date: shifted(midnightMs + 7 * hourMs),
  timestampGMT: midnightMs + 7 * hourMs,
  calendarDate: "2025-05-12",
  weight: 70_500,
  bmi: 22.1,
  bodyFat: 18.5,
  bodyWater: 57,
  boneMass: 3_100,
  muscleMass: 31_000,
  visceralFat: null,
  sourceType: "INDEX_SCALE",
};

const emptyWeighIn = { samplePk: null, date: null, timestampGMT: null, weight: null };

export const weights = (...metrics: readonly object[]) => ({
  dailyWeightSummaries:
    metrics.length === 0
      ? []
      : [
          {
            summaryDate: "2025-05-12",
            numOfWeightEntries: metrics.length,
            latestWeight: metrics.at(-1),
            allWeightMetrics: metrics,
          },
        ],
  totalAverage: { weight: null },
  previousDateWeight: emptyWeighIn,
  nextDateWeight: emptyWeighIn,
});

export const foods = {
  mealDate: "2025-05-12",
  dailyNutritionContent: { calories: 202, carbs: 40.5, protein: 5.7, fat: 3.2 },
  mealDetails: [
    {
      meal: { mealId: 1, mealName: "Early", defaultMealName: "BREAKFAST" },
      loggedFoods: [
        {
          logId: "l-1",
          type: "FOOD",
          mealDateTimeWithOffset: "2025-05-12T07:40:00.0+02:00",
          logTimestamp: "2025-05-12T05:41:12.0",
          servingQty: 0.5,
          foodMetaData: { foodId: "42", foodName: "Banana", source: "FATSECRET" },
          nutritionContent: {
            servingUnit: "g",
            numberOfUnits: 120,
            calories: 105,
            carbs: 27,
            sodium: 1,
            vitaminA: 4,
          },
        },
      ],
    },
    { meal: { mealId: 2, mealName: "LUNCH", defaultMealName: "LUNCH" }, loggedFoods: [] },
  ],
};

export const water = { userId: personId, calendarDate: "2025-05-12", valueInML: 1_750, goalInML: 2_800 };

export const cycle = {
  startDate: "2025-05-01",
  dayInCycle: 12,
  periodLength: 5,
  currentPhase: 2,
  lengthOfCurrentPhase: 8,
  daysUntilNextPhase: 2,
  fertileWindowStart: 11,
  lengthOfFertileWindow: 7,
  predictedCycleLength: 28,
  predictedCycle: true,
  pregnancyCycle: false,
  cycleType: "REGULAR",
};

export const cycleView = {
  daySummary: { ...cycle, predictedOvulationDate: "2025-05-16" },
  dayLog: {
    userProfilePk: personId,
    calendarDate: "2025-05-12",
    flow: "HEAVY",
    symptoms: ["CRAMPS"],
    notes: "private",
    reportTimestamp: "2025-05-12T08:00:00.0",
  },
};

export const settings = { displayName: "person", timeZone: "Europe/Berlin", measurementSystem: "metric" };

export const zones = [{ sport: "DEFAULT", trainingMethod: "HR_MAX", maxHeartRateUsed: 190, zone1Floor: 95 }];

export const fitnessAge = {
  chronologicalAge: 40,
  fitnessAge: 36.7,
  achievableFitnessAge: 33.1,
  components: { rhr: { value: 50, targetValue: 48 }, bmi: { value: 22.1, targetValue: 22 } },
  lastUpdated: "2025-05-12T06:00:00.0",
  invalidReason: null,
};

export const goals = {
  userGoals: [{ userGoalCategory: "WEIGHT", startDate: "2025-05-01", goalValue: 69_000 }],
  userGoalRanges: [],
};

const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");

/** A token that ends then, in the form of a JWT. Nobody checks its signature. */
export const jwt = (endsAt: Date, id = "1"): string =>
  `${encoded({ alg: "none" })}.${encoded({ exp: Math.floor(endsAt.getTime() / 1_000), id })}.signature`;

/** Five minutes of breathing, as the watch guided them. */
export const breathing = {
  userProfilePk: personId,
  activityUuid: {
    uuid: "5b0f0c4e-1111-4222-8333-444455556666",
    baseUUID: "5b0f0c4e-1111-4222-8333-444455556666",
    leastSignificantBits: -1,
    mostSignificantBits: 1,
  },
  calendarDate: "2025-05-12",
  rulePK: 2,
  activityName: "Breathe",
  notes: null,
  wellnessActivityType: "BREATHING",
  startTimestampGMT: "2025-05-12T10:00:00.0",
  endTimestampGMT: "2025-05-12T10:05:00.0",
  startTimestampLocal: "2025-05-12T12:00:00.0",
  endTimestampLocal: "2025-05-12T12:05:00.0",
  summaryTypeDataList: [
    { summaryType: "STRESS", minValue: 5, maxValue: 30, avgValue: 12 },
    { summaryType: "HEART_RATE", minValue: 52, maxValue: 70, avgValue: 60 },
  ],
  timeInZoneList: [{ zoneNumber: 1, millisInZone: 240_000, zoneLowBoundary: 95 }],
  deviceMetaData: {
    deviceId: 3_400_000_001,
    deviceTypeId: 40_000,
    deviceVersionId: 1_003_000,
    deviceVersion: "12.27",
    deviceName: "A watch",
  },
};
