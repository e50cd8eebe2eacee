/** Activities: as in the search, with all that is known of one, and the workouts that it followed. */
import { Random } from "../../kit/random.ts";
import { inList, listOnly, minimalSplit, splitOnly, type Values } from "./activity-forms.ts";
import { type Day, isoText, numberOf, rounded, spacedText, utcOf, uuidOf } from "./plan.ts";
import type { Recorded } from "./recording.ts";
import { sports } from "./sports.ts";
import { everySport, type Spreads, spreadsOf } from "./spreads.ts";

type Workout = NonNullable<Day["workout"]>;

const ordered = ["minimum", "min", "average", "avg", "maximum", "max"];

/** Draws a value for each name. Of one quantity, the smallest, the mean and the largest are in their order. */
function drawn(spreads: Spreads, random: Random): Record<string, number> {
  const values = Object.fromEntries(
    Object.entries(spreads).map(([name, [low, high, digits]]) => [
      name,
      rounded(random.between(low, high), digits),
    ]),
  );
  const quantities = Map.groupBy(Object.keys(values), (name) =>
    name.replace(/^(min|max|avg)(imum)?|^average/, ""),
  );
  for (const names of quantities.values()) {
    const rank = (name: string) => ordered.findIndex((prefix) => name.startsWith(prefix));
    const inOrder = names.filter((name) => rank(name) >= 0).sort((a, b) => rank(a) - rank(b));
    const sorted = inOrder.map((name) => values[name] ?? 0).sort((a, b) => a - b);
    for (const [index, name] of inOrder.entries()) values[name] = sorted[index] ?? 0;
  }
  return values;
}

/** What `summaryDTO` says, which the search repeats under other names. */
function summaryOf(day: Day, { start, minutes, sport }: Workout): Values {
  const random = new Random(...day.key, "activity");
  const seconds = minutes * 60;
  const pace = sports[sport]?.metresPerMinute ?? null;
  const metres = pace === null ? 0 : rounded(minutes * pace * random.between(0.8, 1.2), 2);
  const speed = rounded(metres / seconds, 6);
  const average = random.int(105, 150);
  return {
    startTimeLocal: isoText(start),
    startTimeGMT: isoText(utcOf(day, start)),
    startTimeGMTDoubleValue: utcOf(day, start),
    startLatitude: 60,
    startLongitude: 25,
    endLatitude: 60,
    endLongitude: 25,
    distance: metres,
    duration: seconds,
    movingDuration: seconds - random.int(0, 30),
    elapsedDuration: seconds + random.int(0, 60),
    averageSpeed: speed,
    averageMovingSpeed: rounded(speed * 1.01, 6),
    maxSpeed: rounded(speed * 1.6, 6),
    calories: minutes * random.int(5, 11),
    bmrCalories: minutes,
    averageHR: average,
    maxHR: average + random.int(10, 30),
    minHR: average - random.int(20, 40),
    recoveryHeartRate: random.int(15, 40),
    moderateIntensityMinutes: random.int(0, 15),
    vigorousIntensityMinutes: random.int(0, minutes - 15),
    steps: sport === "running" || sport === "hiking" ? minutes * 140 : null,
    aerobicTrainingEffectMessage: "MAINTAINING_AEROBIC_BASE_7",
    anaerobicTrainingEffectMessage: "NO_ANAEROBIC_BENEFIT_0",
    trainingEffectLabel: "AEROBIC_BASE",
    ...drawn(everySport, random),
    ...drawn(spreadsOf[sport] ?? {}, random),
    ...(sport === "lap_swimming" && { unitOfPoolLength: { unitKey: "meter" } }),
    ...(sport === "single_gas_diving" && { diveAlert: null, isDecoDive: false, decoDive: false }),
  };
}

const typeOf = (sport: string): object => ({
  typeId: sports[sport]?.typeId ?? 0,
  typeKey: sport,
  parentTypeId: sports[sport]?.parentTypeId ?? 17,
});
const eventType = { typeId: 9, typeKey: "uncategorized" };
const privacy = { typeId: 2, typeKey: "private" };
const units = {
  distanceDisplayMeasure: "kilometer",
  elevationDisplayMeasure: "meter",
  speedDisplayMeasure: "kph",
  verticalSpeedDisplayMeasure: "meters_per_hour",
};

/** The same activity, in the forms of its paths. Text with a space in the search, with a T elsewhere. */
export function activityForms(day: Day, workout: Workout) {
  const summary = summaryOf(day, workout);
  const random = new Random(...day.key, "forms");
  const id = numberOf(day, "activity");
  const recorded = recordedOf(day, workout, id, summary);
  const end = workout.start + (recorded.seconds + recorded.pauseSeconds) * 1_000;
  const named = { activityId: id, activityName: null, description: null };
  const listed = {
    ...named,
    startTimeLocal: spacedText(workout.start),
    startTimeGMT: spacedText(utcOf(day, workout.start)),
    endTimeGMT: spacedText(utcOf(day, end)),
    activityType: typeOf(workout.sport),
    eventType,
    activityUUID: uuidOf(day, "activity"),
    ownerId: day.person,
    privacy,
    beginTimestamp: utcOf(day, workout.start),
    deviceDisplayUnitsDTO: units,
    ...inList(summary),
    ...listOnly(workout.sport, random),
    splitSummaries: [minimalSplit(summary, random)],
  };
  const detailed = {
    ...named,
    activityUUID: { uuid: uuidOf(day, "activity") },
    userProfileId: day.person,
    parentId: null,
    parentName: null,
    isMultiSportParent: false,
    activityTypeDTO: typeOf(workout.sport),
    eventTypeDTO: eventType,
    accessControlRuleDTO: privacy,
    timeZoneUnitDTO: { unitId: 124, unitKey: "Europe/Helsinki", timeZone: "Europe/Helsinki" },
    metadataDTO: metadataOf(day, end),
    summaryDTO: summary,
    locationName: null,
    diveInfo: workout.sport === "single_gas_diving" ? diveInfo : null,
    splitSummaries: [{ ...summary, ...splitOnly(random) }],
    videoGameInfo: { name: null, type: null },
    deviceDisplayUnitsDTO: units,
  };
  return { id, listed, detailed, workouts: [followedOf(day)], recorded };
}

const recordedOf = (day: Day, { start, minutes, sport }: Workout, id: number, summary: Values): Recorded => ({
  id,
  sport,
  start: utcOf(day, start),
  seconds: minutes * 60,
  pauseSeconds: Number(summary.elapsedDuration) - minutes * 60,
  metres: Number(summary.distance),
  averageHeartRate: Number(summary.averageHR),
  key: day.key,
});

function metadataOf(day: Day, end: number): object {
  return {
    isOriginal: true,
    fileFormat: { formatId: 7, formatKey: "fit" },
    lastUpdateDate: isoText(utcOf(day, end)),
    uploadedDate: isoText(utcOf(day, end)),
    videoUrl: null,
    userInfoDto: {
      userProfilePk: day.person,
      displayname: "sandbox-person",
      fullname: null,
      profileImageUrlLarge: null,
      profileImageUrlMedium: null,
      profileImageUrlSmall: null,
      userPro: false,
    },
    childIds: [],
    childActivityTypes: [],
    sensors: [
      {
        manufacturer: "GARMIN",
        serialNumber: null,
        sku: null,
        fitProductNumber: 2_327,
        sourceType: "ANTPLUS",
        antplusDeviceType: "HEART_RATE",
        localDeviceType: null,
        bodyLocation: "CHEST",
        softwareVersion: 6.4,
        batteryStatus: "GOOD",
        bleDeviceType: null,
        productName: "Sandbox strap",
        batteryLevel: 80,
      },
    ],
    activityImages: [
      { url: null, smallUrl: null, mediumUrl: null, expirationTimestamp: utcOf(day, end + 3_600_000) },
    ],
    manufacturer: "GARMIN",
    lapCount: 1,
    eBikeMaxAssistModes: null,
    eBikeBatteryUsage: null,
    eBikeBatteryRemaining: null,
    eBikeAssistModeInfoDTOList: [{ ebikeAssistMode: 0, ebikeAssistModeName: "OFF" }],
    hasRunPowerWindData: false,
    calendarEventInfo: {
      completionTargetValue: null,
      completionTargetUnitType: null,
      customGoalValue: null,
      customGoalUnitType: null,
    },
    isWheelchair: false,
    specializedWorkoutCategories: [],
    hasMultiDayActivities: false,
    personalRecord: false,
    gcj02: false,
    runPowerWindDataEnabled: false,
    trimmed: false,
    manualActivity: false,
    elevationCorrected: false,
    autoCalcCalories: false,
    favorite: false,
  };
}

const bar = { unitKey: "bar" };
const diveInfo = {
  weight: 6,
  weightUnit: { unitKey: "kilogram" },
  exposureSuit: "WET_SUIT",
  suitThickness: 5,
  visibility: 12,
  visibilityUnit: { unitKey: "meter" },
  surfaceCondition: "CALM",
  current: "NONE",
  entryType: "SHORE",
  equipments: null,
  buddy: null,
  diveSettings: {
    name: null,
    model: 0,
    gfLow: 40,
    gfHigh: 85,
    waterType: 1,
    waterDensity: 1_025,
    ccrLowSetpointSwitchMode: null,
    ccrLowSetpoint: null,
    ccrLowSetpointDepth: null,
    ccrHighSetpointSwitchMode: null,
    ccrHighSetpoint: null,
    ccrHighSetpointDepth: null,
  },
  diveGases: [
    {
      heliumContent: 0,
      oxygenContent: 21,
      status: 1,
      gasIndex: 0,
      volume: 2_400,
      volumeUnit: { unitKey: "liter" },
      tankType: "STEEL",
      tankStartingPressure: 200,
      tankStartingPressureUnit: bar,
      tankEndingPressure: 70,
      tankEndingPressureUnit: bar,
      tankSize: 12,
      tankSizeUnit: { unitKey: "liter" },
      sacRate: 14.5,
      gasMode: 0,
    },
  ],
  totalSurfaceTime: 120,
};

const followedOf = (day: Day): object => ({
  index: 0,
  workoutName: "Sandbox intervals",
  timeCreated: isoText(utcOf(day, day.midnight)),
  sport: "GENERIC",
  manufacturer: "GARMIN",
  multisportSet: 0,
  steps: [
    {
      stepIndex: 0,
      name: null,
      intensity: "WARMUP",
      durationType: "TIME",
      durationValue: 600,
      targetType: "OPEN",
      targetValue: null,
      targetValueLow: null,
      targetValueHigh: null,
      notes: null,
      equipmentType: null,
      exerciseCategory: null,
      exerciseName: null,
      exerciseWeightValue: null,
      weightDisplayUnit: "kilogram",
    },
  ],
  workoutPhrase: null,
});
