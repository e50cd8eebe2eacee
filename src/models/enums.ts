import { z } from "zod";

/** How an activity or a day came to the provider. Sleep numbers 1 and 2 the other way round: see SleepUploadType. */
export const UploadType = {
  Unknown: 0,
  Automatic: 1,
  Manual: 2,
  Update: 3,
  Delete: 4,
  Pending: 5,
  ThirdParty: 6,
} as const;
export type UploadType = (typeof UploadType)[keyof typeof UploadType];
export const uploadTypeSchema = z.enum(UploadType);

/** How a night came to the provider. 1 is manual and 2 automatic, the reverse of UploadType. */
export const SleepUploadType = {
  Unknown: 0,
  Manual: 1,
  Automatic: 2,
  Tentative: 3,
  Indeterminate: 4,
} as const;
export type SleepUploadType = (typeof SleepUploadType)[keyof typeof SleepUploadType];
export const sleepUploadTypeSchema = z.enum(SleepUploadType);

/** Whether a record's timestamps are UTC or the person's local time. */
export const TimestampLocalization = { Utc: 0, Local: 1 } as const;
export type TimestampLocalization = (typeof TimestampLocalization)[keyof typeof TimestampLocalization];
export const timestampLocalizationSchema = z.enum(TimestampLocalization);

/** Sleep stage at an instant. `Sleeping` is for devices that cannot tell the stages apart. */
export const SleepLevel = {
  Unknown: 0,
  Awake: 1,
  Sleeping: 2,
  OutOfBed: 3,
  Light: 4,
  Deep: 5,
  Rem: 6,
} as const;
export type SleepLevel = (typeof SleepLevel)[keyof typeof SleepLevel];
export const sleepLevelSchema = z.enum(SleepLevel);

/** Intensity of activity at an instant. */
export const ActivityLevel = {
  Unknown: 0,
  Rest: 1,
  Inactive: 2,
  LowIntensity: 3,
  MediumIntensity: 4,
  HighIntensity: 5,
} as const;
export type ActivityLevel = (typeof ActivityLevel)[keyof typeof ActivityLevel];
export const activityLevelSchema = z.enum(ActivityLevel);

/** The person's activity while the heart rate was taken. */
export const HeartRateContext = { NotSet: 0, Active: 1, NotActive: 2 } as const;
export type HeartRateContext = (typeof HeartRateContext)[keyof typeof HeartRateContext];
export const heartRateContextSchema = z.enum(HeartRateContext);

/** The provider's rating of a day's stress. */
export const StressLevel = { Unknown: 0, Rest: 1, Low: 2, Medium: 3, High: 4 } as const;
export type StressLevel = (typeof StressLevel)[keyof typeof StressLevel];
export const stressLevelSchema = z.enum(StressLevel);

/** The place at which oxygen saturation was measured: blood is SpO2, muscle SmO2. */
export const OxygenSaturationType = { Blood: 0, Muscle: 1 } as const;
export type OxygenSaturationType = (typeof OxygenSaturationType)[keyof typeof OxygenSaturationType];
export const oxygenSaturationTypeSchema = z.enum(OxygenSaturationType);

/** Result of an atrial fibrillation test. */
export const AFibFlag = { Negative: 0, Positive: 1, Inconclusive: 2 } as const;
export type AFibFlag = (typeof AFibFlag)[keyof typeof AFibFlag];
export const afibFlagSchema = z.enum(AFibFlag);

/** A glucose reading against the person's range. */
export const GlucoseFlag = { Normal: 0, High: 1, Low: 2 } as const;
export type GlucoseFlag = (typeof GlucoseFlag)[keyof typeof GlucoseFlag];
export const glucoseFlagSchema = z.enum(GlucoseFlag);

/** The direction in which glucose is changing. */
export const TrendArrow = {
  Unknown: 0,
  FallingQuickly: 1,
  Falling: 2,
  Flat: 3,
  Rising: 4,
  RisingQuickly: 5,
} as const;
export type TrendArrow = (typeof TrendArrow)[keyof typeof TrendArrow];
export const trendArrowSchema = z.enum(TrendArrow);

/** The fluid or gas in which ketones were measured. */
export const KetoneSampleType = { Unknown: 0, Blood: 1, Urine: 2, Breath: 3 } as const;
export type KetoneSampleType = (typeof KetoneSampleType)[keyof typeof KetoneSampleType];
export const ketoneSampleTypeSchema = z.enum(KetoneSampleType);

/** Phase of the cycle, or trimester of a pregnancy. */
export const MenstruationInterval = {
  Unknown: 0,
  Period: 1,
  Follicular: 2,
  FertileWindow: 3,
  Ovulation: 4,
  Luteal: 5,
  Pms: 6,
  FirstTrimester: 7,
  SecondTrimester: 8,
  ThirdTrimester: 9,
} as const;
export type MenstruationInterval = (typeof MenstruationInterval)[keyof typeof MenstruationInterval];
export const menstruationIntervalSchema = z.enum(MenstruationInterval);

/** Strength of bleeding; `Had` when there was some, of unknown strength. */
export const MenstruationFlow = { Unknown: 0, None: 1, Light: 2, Medium: 3, Heavy: 4, Had: 5 } as const;
export type MenstruationFlow = (typeof MenstruationFlow)[keyof typeof MenstruationFlow];
export const menstruationFlowSchema = z.enum(MenstruationFlow);

/** Which meal of the day. */
export const MealType = {
  Unknown: 0,
  Breakfast: 1,
  MorningSnack: 2,
  Lunch: 3,
  AfternoonSnack: 4,
  Dinner: 5,
  Snack: 6,
} as const;
export type MealType = (typeof MealType)[keyof typeof MealType];
export const mealTypeSchema = z.enum(MealType);

/** Unit of a food's or a drink's quantity. */
export const NutritionUnits = {
  Unknown: 0,
  Gram: 1,
  Teaspoon: 2,
  Tablespoon: 3,
  Cup: 4,
  MediumEgg: 5,
  LargeEgg: 6,
  SmallEgg: 7,
  Milliliter: 8,
  Ounce: 9,
  Count: 10,
  Scoop: 11,
  FluidOunce: 12,
} as const;
export type NutritionUnits = (typeof NutritionUnits)[keyof typeof NutritionUnits];
export const nutritionUnitsSchema = z.enum(NutritionUnits);

/** A device's contribution to a record. */
export const DeviceDataType = {
  Steps: "STEPS",
  ActiveMinutes: "ACTIVE_MINUTES",
  Bmr: "BMR",
  Calories: "CALORIES",
  Distance: "DISTANCE",
  HeartRate: "HEART_RATE",
  OxygenSaturation: "OXYGEN_SATURATION",
  SleepType: "SLEEP_TYPE",
  Speed: "SPEED",
  Cadence: "CADENCE",
} as const;
export type DeviceDataType = (typeof DeviceDataType)[keyof typeof DeviceDataType];
export const deviceDataTypeSchema = z.enum(DeviceDataType);

/**
 * Swimming stroke of a lap. Terra's contract types `stroke_type` as any string, so there is no schema: these
 * are the words its own sources use.
 */
export const StrokeType = {
  Other: "other",
  Freestyle: "freestyle",
  Backstroke: "backstroke",
  Breaststroke: "breaststroke",
  Butterfly: "butterfly",
} as const;
export type StrokeType = (typeof StrokeType)[keyof typeof StrokeType];
