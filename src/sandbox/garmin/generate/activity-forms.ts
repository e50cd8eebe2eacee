/** The parts of an activity that only its lists, or only its splits, have. */
import type { Random } from "../../kit/random.ts";
import { rounded } from "./plan.ts";

export type Values = Readonly<Record<string, unknown>>;

/** The names that the search shares with `summaryDTO`. */
const shared =
  "distance duration elapsedDuration movingDuration elevationGain elevationLoss averageSpeed maxSpeed startLatitude startLongitude calories bmrCalories averageHR maxHR maxLapAvgRunCadence steps poolLength unitOfPoolLength maxPower anaerobicTrainingEffect leftBalance rightBalance trainingStressScore intensityFactor maxStrokeCadence minTemperature maxTemperature minElevation maxElevation avgElevation maxDepth surfaceInterval startN2 endN2 startCns endCns isDecoDive diveCount avgVerticalSpeed maxVerticalSpeed floorsClimbed floorsDescended bottomTime endLatitude endLongitude flow grit jumpCount caloriesEstimated caloriesConsumed waterEstimated waterConsumed totalSets activeSets totalReps minRespirationRate maxRespirationRate avgRespirationRate trainingEffectLabel activityTrainingLoad avgFlow avgGrit minActivityLapDuration avgStress startStress endStress differenceStress maxStress aerobicTrainingEffectMessage anaerobicTrainingEffectMessage moderateIntensityMinutes vigorousIntensityMinutes maxBottomTime avgGradeAdjustedSpeed avgWheelchairCadence maxWheelchairCadence avgJumpRopeCadence maxJumpRopeCadence differenceBodyBattery beginPackWeight impactLoad longestPoolApneaInterval avgForce maxForce normalizedForce poolApneaBreathHoldDuration carbonOffset packWeightCalories standingTime seatedTime maxStandingPower maxSeatedPower decoDive".split(
    " ",
  );

/** The search's own names, and those of the same in `summaryDTO`. */
const renamed = {
  averageRunningCadenceInStepsPerMinute: "averageRunCadence",
  maxRunningCadenceInStepsPerMinute: "maxRunCadence",
  averageBikingCadenceInRevPerMinute: "averageBikeCadence",
  maxBikingCadenceInRevPerMinute: "maxBikeCadence",
  averageSwimCadenceInStrokesPerMinute: "averageSwimCadence",
  maxSwimCadenceInStrokesPerMinute: "maxSwimCadence",
  averageSwolf: "averageSWOLF",
  activeLengths: "numberOfActiveLengths",
  avgPower: "averagePower",
  aerobicTrainingEffect: "trainingEffect",
  strokes: "totalNumberOfStrokes",
  normPower: "normalizedPower",
  avgLeftBalance: "leftBalance",
  max20MinPower: "maxPowerTwentyMinutes",
  avgVerticalOscillation: "verticalOscillation",
  avgGroundContactTime: "groundContactTime",
  avgStrideLength: "strideLength",
  avgVerticalRatio: "verticalRatio",
  avgGroundContactBalance: "groundContactBalanceLeft",
  lactateThresholdBpm: "lactateThresholdHeartRate",
  getlactateThresholdSpeed: "lactateThresholdSpeed",
  maxFtp: "functionalThresholdPower",
  avgStrokeDistance: "averageStrokeDistance",
  avgStrokeCadence: "averageStrokeCadence",
  avgStrokes: "averageStrokes",
  minStrokes: "minimumStrokes",
  avgDepth: "averageDepth",
  avgStepSpeedLoss: "stepSpeedLoss",
  avgStepSpeedLossPercent: "stepSpeedLossPercent",
  avgStandingPower: "averageStandingPower",
  avgSeatedPower: "averageSeatedPower",
  avgDoubleCadence: "averageRunCadence",
  maxDoubleCadence: "maxRunCadence",
} as const;

/** Returns what the search repeats of a summary. */
export function inList(summary: Values): Values {
  const same = shared.filter((name) => name in summary).map((name) => [name, summary[name]] as const);
  const others = Object.entries(renamed)
    .filter(([, name]) => name in summary)
    .map(([own, name]) => [own, summary[name]] as const);
  return Object.fromEntries([...same, ...others]);
}

const powerSeconds = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1_200, 1_800, 3_600, 7_200, 18_000];
const splitMetres: Readonly<Record<string, readonly number[]>> = {
  running: [1_000, 1_609, 5_000, 10_000, 21_098, 42_195],
  cycling: [40_000],
  lap_swimming: [100, 400, 750, 1_500, 91, 457, 914, 1_508],
};

const numbered = (prefix: string, keys: readonly number[], value: (key: number) => number | null): Values =>
  Object.fromEntries(keys.map((key) => [`${prefix}_${key}`, value(key)]));

const author = {
  userProfilePk: 0,
  displayname: "another-person",
  fullname: null,
  profileImageUrlLarge: null,
  profileImageUrlMedium: null,
  profileImageUrlSmall: null,
  userPro: false,
};

/** What the search says beside the figures. */
export function listOnly(sport: string, random: Random): Values {
  const isPowered = sport === "cycling";
  return {
    ...marks,
    lapCount: 1,
    locationName: null,
    manufacturer: "GARMIN",
    sportTypeId: 1,
    vO2MaxValue: sport === "running" || isPowered ? random.int(42, 52) : null,
    avgFractionalCadence: sport === "running" ? 0.5 : null,
    maxFractionalCadence: sport === "running" ? 0.5 : null,
    ...numbered("hrTimeInZone", [1, 2, 3, 4, 5], () => random.int(30, 900)),
    ...numbered("powerTimeInZone", [1, 2, 3, 4, 5, 6, 7], () => (isPowered ? random.int(0, 600) : null)),
    ...numbered("maxAvgPower", powerSeconds, (seconds) =>
      isPowered && seconds <= 1_200 ? Math.round(520 - 55 * Math.log(seconds + 1) + random.int(0, 9)) : null,
    ),
    ...numbered("fastestSplit", splitMetres[sport] ?? [], (metres) =>
      metres <= 5_000 ? rounded(metres * 0.36, 3) : null,
    ),
    ...(sport === "strength_training" && { summarizedExerciseSets: [exerciseSet(random)] }),
    ...(sport === "single_gas_diving" && {
      summarizedDiveInfo: diveInfo,
      diveNumber: 12,
      qualifyingDive: true,
    }),
  };
}

const exerciseSet = (random: Random): Values => ({
  category: "SQUAT",
  subCategory: "BARBELL_BACK_SQUAT",
  reps: random.int(20, 40),
  volume: random.int(800_000, 2_000_000),
  duration: random.int(60, 200),
  sets: 4,
  maxWeight: 60_000,
  peakPower: null,
  concentricMeanVelocity: null,
});

const diveInfo: Values = {
  weight: 6,
  weightUnit: { unitKey: "kilogram" },
  visibility: 12,
  visibilityUnit: { unitKey: "meter" },
  surfaceCondition: "CALM",
  current: "NONE",
  waterType: 1,
  waterDensity: 1_025,
  summarizedDiveGases: [{ heliumContent: 0, oxygenContent: 21, gasIndex: 0, gasMode: 0 }],
  totalSurfaceTime: 120,
};

/** What Garmin's own pages need. Several are there twice, with and without "is". */
const marks: Values = {
  comments: [
    {
      conversationCommentUuid: null,
      conversationCommentPk: 1,
      conversationUuid: null,
      activityCommentPk: null,
      authorSocProfilePk: null,
      authorDisplayName: null,
      authorFullName: null,
      authorUserProfilePk: null,
      authorImageUrl: null,
      body: "Well done",
      activityId: null,
      activityCommentLikeCount: 0,
      requestorCanEdit: false,
      requestorCanDelete: false,
      authorPro: false,
      createDate: null,
      lastUpdatedDate: null,
      activityCommentLikedByUser: false,
      activityCommentLikeDisplayNames: [],
      activityCommentLikeFullNames: [],
      groupPk: null,
      activityCommentLikeAuthors: [],
    },
  ],
  isFavorite: false,
  favorite: false,
  isPR: false,
  pr: false,
  isAutoCalcCalories: false,
  autoCalcCalories: false,
  isParent: false,
  parent: false,
  parentId: null,
  isElevationCorrected: false,
  elevationCorrected: false,
  isManualActivity: false,
  manualActivity: false,
  hasPolyline: false,
  hasImages: false,
  hasVideo: false,
  hasSeedFirstbeatProfile: false,
  videoUrl: null,
  ownerDisplayName: "sandbox-person",
  ownerFullName: null,
  ownerProfileImageUrlSmall: null,
  ownerProfileImageUrlMedium: null,
  ownerProfileImageUrlLarge: null,
  numberOfActivityLikes: 1,
  numberOfActivityComments: 1,
  likedByUser: false,
  commentedByUser: false,
  activityLikeDisplayNames: [],
  activityLikeFullNames: [],
  activityLikeProfileImageUrls: [],
  activityLikeAuthors: [author],
  requestorRelationship: null,
  excludeFromPowerCurveReports: false,
  gameName: null,
  gameType: null,
  multiDayActivityUUIDs: [],
};

const copied = [
  "duration",
  "distance",
  "averageSpeed",
  "maxSpeed",
  "avgStress",
  "verticalRatio",
  "verticalOscillation",
];

/** The only split of the activity, in the search. */
export function minimalSplit(summary: Values, random: Random): Values {
  return {
    ...Object.fromEntries(copied.map((name) => [name, summary[name] ?? null])),
    ...splitValues(random),
    totalAscent: random.int(0, 80),
    elevationLoss: random.int(0, 80),
    avgStressWin: null,
    avgStressLoss: null,
    avgStressDraw: null,
    gamesWon: null,
    gamesNotWon: null,
    gamesAverageWon: null,
    avgGroundContactBalanceLeft: summary.groundContactBalanceLeft ?? null,
    avgGroundContactTime: summary.groundContactTime ?? null,
  };
}

const splitValues = (random: Random): Values => ({
  noOfSplits: 1,
  splitType: "INTERVAL_ACTIVE",
  numClimbSends: 0,
  numFalls: 0,
  maxGradeValue: { valueKey: "V3", scale: "HUECO" },
  maxElevationGain: random.int(5, 80),
  averageElevationGain: 5,
  maxDistance: random.int(500, 4_000),
  maxDistanceWithPrecision: rounded(random.between(500, 4_000), 2),
  mode: null,
  maxPackWeight: null,
  avgPackWeight: null,
  maxDuration: null,
  avgReactionTime: null,
  minReactionTime: null,
  avgDistanceToMaxSpeed: null,
  avgStepFrequency: null,
  maxStepFrequency: null,
  avgStepLength: null,
  avgStanceTimePercent: null,
});

/** What a split of one activity has beside the names of a summary. */
export const splitOnly = (random: Random): Values => ({
  ...splitValues(random),
  messageIndex: 0,
  averagePowerTarget: null,
  numClimbsAttempted: 0,
  numClimbsCompleted: 0,
  gamesWon: null,
  swimStraightnessScore: null,
  swimStraightnessExtraDistance: null,
  weightedMeanBestFiveMaxSpeedOverTenSeconds: null,
  maxPisteDifficulty: null,
  gctAirTimeRatio: null,
  maxAcceleration: null,
  avgMaxAcceleration: null,
  avgMaxSpeed: null,
  minStanceTime: null,
  avgStanceTime: null,
  maxStepLength: null,
});
