/** The codes of our own, for what no verified code of LOINC says. Together they are one code system. */
import {
  ActivityLevel,
  ActivityType,
  AFibFlag,
  DeviceDataType,
  KetoneSampleType,
  MealType,
  MenstruationFlow,
  MenstruationInterval,
  NutritionUnits,
  SleepLevel,
  SleepUploadType,
  StressLevel,
  TrendArrow,
  UploadType,
} from "../../models/index.ts";

const movement = {
  "adjusted-maximum-speed": "Adjusted maximum speed",
  "activity-name": "Name of the workout",
  "activity-city": "City of the workout",
  "activity-state": "State of the workout",
  "activity-country": "Country of the workout",
  "activity-level": "Intensity of activity",
  "active-energy": "Energy burned by activity, without the basal metabolic rate",
  "basal-energy": "Energy burned at rest (basal metabolic rate)",
  "total-energy": "Energy burned, at rest and by activity",
  "energy-intake-balance": "Energy taken in with food and drink",
  "mechanical-energy": "Energy of the workout",
  "planned-energy": "Energy that was the goal of the workout",
  "activity-duration": "Time active",
  "inactivity-duration": "Time inactive",
  "rest-duration": "Time at rest",
  "low-intensity-duration": "Time of low intensity",
  "moderate-intensity-duration": "Time of moderate intensity",
  "vigorous-intensity-duration": "Time of vigorous intensity",
  "inactive-periods": "Number of uninterrupted inactive periods",
  "standing-duration": "Time standing",
  "standing-hours": "Hours with standing in them",
  met: "Metabolic equivalent of task",
  "met-inactive-duration": "Time inactive, by metabolic equivalents",
  "met-low-duration": "Time of low intensity, by metabolic equivalents",
  "met-moderate-duration": "Time of moderate intensity, by metabolic equivalents",
  "met-high-duration": "Time of high intensity, by metabolic equivalents",
  strain: "Cardiovascular strain on the provider's own scale",
  "cumulative-steps": "Steps since the start of the record",
  "cumulative-floors": "Floors climbed since the start of the record",
  "cumulative-distance": "Distance since the start of the record",
  distance: "Distance",
  elevation: "Height above sea level",
  "elevation-gain": "Sum of all climbs",
  "elevation-gain-planned": "Sum of all climbs that was planned",
  "elevation-loss": "Sum of all descents",
  "swimming-laps": "Number of lengths of the pool",
  strokes: "Number of strokes",
  "pool-length": "Length of the pool",
  lap: "Lap",
  "lap-trigger": "Cause of the lap's end",
  "stroke-type": "Swimming stroke",
  "active-duration": "Time in motion",
  speed: "Speed",
  velocity: "Velocity",
  "normalized-speed": "Normalised speed",
  pace: "Pace",
  cadence: "Cadence",
  torque: "Torque",
  power: "Power",
  work: "Work",
  route: "Route as an encoded polyline",
  position: "Position: latitude, then longitude",
  latitude: "Latitude",
  longitude: "Longitude",
  "start-position": "Position at the start",
  "center-position": "Position of the centre",
  "end-position": "Position at the end",
  "training-stress": "Training stress",
  "training-stress-score": "Training stress score",
  "training-stress-score-planned": "Training stress score that was planned",
  "training-stress-method": "How the training stress score was computed",
  "intensity-factor": "Intensity factor",
  "intensity-factor-planned": "Intensity factor that was planned",
  "normalized-power": "Normalised power",
  "cheat-suspicion": "Whether the provider suspects that the record is not honest",
} as const;

const heart = {
  "maximum-heart-rate-in-general": "The person's maximum heart rate in general",
  "hrv-rmssd": "Heart rate variability: root mean square of successive differences",
  "heart-rate-zone": "Heart rate zone",
  "zone-index": "Index of the zone, counted from zero",
  "zone-start": "Start of the zone, in percent of the maximum heart rate",
  "zone-end": "End of the zone, in percent of the maximum heart rate",
  "zone-name": "Name of the zone",
  "zone-duration": "Time in the zone",
  "rr-interval": "Interval between two heart beats",
  "pulse-wave-velocity": "Pulse wave velocity",
  "afib-classification": "Result of a test for atrial fibrillation",
  "muscle-oxygen-saturation": "Oxygen saturation in muscle",
} as const;

const day = {
  "activity-score": "The provider's score of the day's activity, 0 to 100",
  "recovery-score": "The provider's score of recovery, 0 to 100",
  "sleep-score": "The provider's score of sleep, 0 to 100",
  stress: "Stress on the provider's own scale",
  "stress-rating": "The provider's rating of the day's stress",
  "stress-duration": "Time under stress",
  "stress-activity-duration": "Time of stress by activity",
  "stress-rest-duration": "Time without stress",
  "stress-low-duration": "Time of low stress",
  "stress-medium-duration": "Time of medium stress",
  "stress-high-duration": "Time of high stress",
  "energy-left": "Energy left, on the provider's own scale",
  tag: "Event of the day",
  "tag-notes": "Notes on an event of the day",
} as const;

const night = {
  "sleep-efficiency": "Time asleep over time in bed",
  "rem-episodes": "Number of REM episodes",
  "awake-duration": "Time awake between going to bed and getting up",
  "long-interruptions-duration": "Time awake in interruptions of more than 90 seconds",
  "short-interruptions-duration": "Time awake in interruptions of less than 90 seconds",
  awakenings: "Number of awakenings",
  "out-of-bed": "Number of times out of bed",
  "sleep-latency": "Time from lying down to falling asleep",
  "wake-up-latency": "Time from waking up to getting up",
  "in-bed-duration": "Time in bed",
  "unmeasurable-sleep-duration": "Time in which sleep could not be measured",
  "sleep-stage": "Stage of sleep",
  "is-nap": "Whether the sleep is a nap",
  "breathing-on-demand": "Whether the person asked for the measurement of breathing",
  "snoring-events": "Number of times of snoring",
  "snoring-duration": "Time of snoring",
  "skin-temperature-delta": "Skin temperature above the person's baseline",
  readiness: "The provider's score of readiness, 0 to 100",
  "recovery-level": "Recovery on the provider's own scale",
} as const;

const body = {
  "basal-metabolic-rate": "Basal metabolic rate",
  "resting-metabolic-rate": "Resting metabolic rate",
  "bone-mass": "Mass of bone",
  "muscle-mass": "Mass of skeletal muscle",
  "body-water-percentage": "Water in percent of the body's weight",
  "body-water-mass": "Mass of water in the body",
  "water-consumption": "Water drunk",
  "skin-fold": "Thickness of a fold of skin",
  "fitness-age": "Estimated fitness age",
  "insulin-given": "Insulin given",
  "insulin-type": "Kind of insulin",
  "urine-color": "Colour of urine",
  "measurement-notes": "Notes on the measurement",
  "visceral-fat-level": "Level of visceral fat",
  "visceral-fat-category": "Category of visceral fat",
  "glucose-time-in-range": "Share of time with glucose in range, as the provider counts it",
  "glucose-readings": "Number of readings that the glucose sensor took",
  "glucose-trend": "Direction in which glucose is changing",
  "glucose-hour": "Distribution of glucose at one hour of the day",
  "hour-of-day": "Hour of the day",
  "percentile-5": "5th percentile",
  "percentile-25": "25th percentile",
  "percentile-50": "50th percentile",
  "percentile-75": "75th percentile",
  "percentile-95": "95th percentile",
  ketones: "Ketones",
  "ketone-sample-type": "Fluid or gas in which ketones were measured",
  "ambient-temperature": "Temperature of the surroundings",
  "skin-temperature": "Temperature of the skin",
} as const;

const cycle = {
  "period-length": "Days of bleeding",
  "cycle-length": "Length of the cycle",
  "predicted-cycle-length": "Predicted length of the cycle",
  "day-in-cycle": "Day of the cycle",
  "cycle-phase": "Phase of the cycle",
  "phase-length": "Length of the current phase",
  "days-until-next-phase": "Predicted days until the next phase",
  "is-predicted-cycle": "Whether the cycle is a prediction",
  "cycle-last-logged": "When the person last logged anything of the cycle",
  "menstrual-flow": "Strength of menstrual bleeding",
  "fertility-window-start": "Start of the fertile window",
  "fertility-window-end": "End of the fertile window",
  "ovulation-day": "Predicted day of ovulation",
} as const;

/** Intakes of nutrients: the code is `intake-` and the name. */
const intakes = {
  carbohydrates: "carbohydrates",
  "net-carbohydrates": "carbohydrates without fibre",
  fat: "fat",
  "saturated-fat": "saturated fat",
  "trans-fat": "trans fat",
  protein: "protein",
  fiber: "fibre",
  sugar: "sugar",
  alcohol: "alcohol",
  sodium: "sodium",
  cholesterol: "cholesterol",
  biotin: "biotin",
  caffeine: "caffeine",
  calcium: "calcium",
  chloride: "chloride",
  chromium: "chromium",
  copper: "copper",
  folate: "folate",
  "folic-acid": "folic acid",
  iodine: "iodine",
  iron: "iron",
  magnesium: "magnesium",
  manganese: "manganese",
  molybdenum: "molybdenum",
  niacin: "niacin",
  "pantothenic-acid": "pantothenic acid",
  phosphorus: "phosphorus",
  potassium: "potassium",
  riboflavin: "riboflavin",
  selenium: "selenium",
  thiamin: "thiamin",
  "vitamin-a": "vitamin A",
  "vitamin-b12": "vitamin B12",
  "vitamin-b6": "vitamin B6",
  "vitamin-c": "vitamin C",
  "vitamin-d": "vitamin D",
  "vitamin-d2": "vitamin D2",
  "vitamin-d3": "vitamin D3",
  "vitamin-e": "vitamin E",
  "vitamin-k": "vitamin K",
  zinc: "zinc",
  cystine: "cystine",
  histidine: "histidine",
  isoleucine: "isoleucine",
  leucine: "leucine",
  lysine: "lysine",
  methionine: "methionine",
  phenylalanine: "phenylalanine",
  threonine: "threonine",
  tryptophan: "tryptophan",
  tyrosine: "tyrosine",
  valine: "valine",
  "monounsaturated-fat": "monounsaturated fat",
  "polyunsaturated-fat": "polyunsaturated fat",
  omega3: "omega-3 fatty acids",
  omega6: "omega-6 fatty acids",
  starch: "starch",
  water: "water",
  drinks: "drinks other than water",
} as const;

const food = {
  "food-name": "Name of the food",
  "food-amount": "Amount of the food, in the unit beside it",
  "food-unit": "Unit of the amount",
  "meal-type": "Which meal of the day",
  drink: "Drink",
  "drink-name": "Name of the drink",
  "drink-amount": "Amount of the drink, in the unit beside it",
} as const;

const devices = {
  "hardware-version": "Version of the hardware",
  "software-version": "Version of the software",
  "data-provided": "Data that the device contributed",
} as const;

const named = { ...movement, ...heart, ...day, ...night, ...body, ...cycle, ...food, ...devices };
export type IntakeName = keyof typeof intakes;
export type OwnCode = keyof typeof named | `intake-${IntakeName}`;

const intakeCodes = Object.fromEntries(
  Object.entries(intakes).map(([name, display]) => [`intake-${name}`, `Intake of ${display}`]),
);

/** A number or word of a model's enumeration → our code. */
export type ValueCodes = ReadonlyMap<unknown, string>;

/** `RunningOnSand` is `running-on-sand`. */
const kebab = (name: string): string =>
  name.replace(/(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g, "-").toLowerCase();
const words = (name: string): string => kebab(name).replaceAll("-", " ");

const displays = new Map<string, string>(Object.entries({ ...named, ...intakeCodes }));

/** Adds a code for each member of an enumeration; `prefix` says what the members are. */
function valueCodes(prefix: string, meaning: string, members: Readonly<Record<string, unknown>>): ValueCodes {
  const codes = Object.entries(members).map(([name, value]) => ({
    code: `${prefix}-${kebab(name)}`,
    name,
    value,
  }));
  for (const { code, name } of codes) displays.set(code, `${meaning}: ${words(name)}`);
  return new Map(codes.map(({ code, value }) => [value, code]));
}

export const activityTypes = valueCodes("activity-type", "Kind of workout", ActivityType);
export const activityLevels = valueCodes("activity-level", "Intensity of activity", ActivityLevel);
export const afibResults = valueCodes("afib", "Atrial fibrillation test", AFibFlag);
export const dataProvided = valueCodes("data-provided", "Data of a device", DeviceDataType);
export const ketoneSampleTypes = valueCodes("ketone-sample", "Ketones measured in", KetoneSampleType);
export const mealTypes = valueCodes("meal-type", "Meal", MealType);
export const menstrualFlows = valueCodes("menstrual-flow", "Menstrual bleeding", MenstruationFlow);
export const cyclePhases = valueCodes("cycle-phase", "Phase of the cycle", MenstruationInterval);
export const foodUnits = valueCodes("food-unit", "Unit of food or drink", NutritionUnits);
export const sleepStages = valueCodes("sleep-stage", "Stage of sleep", SleepLevel);
export const stressRatings = valueCodes("stress-rating", "Stress", StressLevel);
export const glucoseTrends = valueCodes("glucose-trend", "Glucose", TrendArrow);
export const uploadTypes = valueCodes("upload-type", "How the data came to the provider", UploadType);
export const sleepUploadTypes = valueCodes(
  "sleep-upload-type",
  "How the night came to the provider",
  SleepUploadType,
);

/** Every code of our own with its display, in the order of their declaration. */
export const ownCodes: ReadonlyMap<string, string> = displays;
