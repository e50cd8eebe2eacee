/**
 * HealthKit's quantity types: the dimension of each, and whether its samples add up (steps) or are readings (heart
 * rate). Source: HKQuantityTypeIdentifier of Apple's documentation.
 */
import type { Dimension } from "./units.ts";

export interface QuantityType {
  readonly dimension: Dimension;
  /** Whether the samples of a period add up. Otherwise each is a reading of its moment. */
  readonly isCumulative: boolean;
}

export const quantityPrefix = "HKQuantityTypeIdentifier";

type Named = readonly [identifier: string, type: QuantityType];

const named = (names: readonly string[], type: QuantityType): Named[] =>
  names.map((name) => [quantityPrefix + name, type]);
const cumulative = (dimension: Dimension, ...names: string[]): Named[] =>
  named(names, { dimension, isCumulative: true });
const readings = (dimension: Dimension, ...names: string[]): Named[] =>
  named(names, { dimension, isCumulative: false });

/** Dietary nutrients that are weighed; HealthKit counts energy and water in units of their own. */
export const weighedNutrients = [
  "Carbohydrates",
  "Protein",
  "FatTotal",
  "FatSaturated",
  "FatMonounsaturated",
  "FatPolyunsaturated",
  "Fiber",
  "Sugar",
  "Cholesterol",
  "Sodium",
  "Potassium",
  "Calcium",
  "Iron",
  "Magnesium",
  "Phosphorus",
  "Zinc",
  "Copper",
  "Manganese",
  "Chloride",
  "Caffeine",
  "Niacin",
  "PantothenicAcid",
  "Riboflavin",
  "Thiamin",
  "VitaminB6",
  "VitaminC",
  "VitaminE",
  "Biotin",
  "Chromium",
  "Folate",
  "Iodine",
  "Molybdenum",
  "Selenium",
  "VitaminA",
  "VitaminB12",
  "VitaminD",
  "VitaminK",
] as const;

/** By identifier. */
export const quantityTypes: ReadonlyMap<string, QuantityType> = new Map([
  ...cumulative(
    "count",
    "StepCount",
    "FlightsClimbed",
    "PushCount",
    "SwimmingStrokeCount",
    "NumberOfTimesFallen",
    "InhalerUsage",
    "NumberOfAlcoholicBeverages",
  ),
  ...cumulative("kcal", "ActiveEnergyBurned", "BasalEnergyBurned", "DietaryEnergyConsumed"),
  ...cumulative("s", "AppleExerciseTime", "AppleMoveTime", "AppleStandTime", "TimeInDaylight"),
  ...cumulative(
    "m",
    "DistanceWalkingRunning",
    "DistanceCycling",
    "DistanceSwimming",
    "DistanceWheelchair",
    "DistanceDownhillSnowSports",
    "DistanceCrossCountrySkiing",
    "DistancePaddleSports",
    "DistanceRowing",
    "DistanceSkatingSports",
  ),
  ...cumulative("iu", "InsulinDelivery"),
  ...cumulative("kg", ...weighedNutrients.map((name) => `Dietary${name}`)),
  ...cumulative("ml", "DietaryWater"),
  ...readings(
    "per_min",
    "HeartRate",
    "RestingHeartRate",
    "WalkingHeartRateAverage",
    "HeartRateRecoveryOneMinute",
    "RespiratoryRate",
    "CyclingCadence",
  ),
  ...readings("s", "HeartRateVariabilitySDNN", "HeartRateVariabilityRMSSD", "RunningGroundContactTime"),
  ...readings("ml_per_kg_min", "VO2Max"),
  ...readings("kcal_per_kg_hr", "PhysicalEffort"),
  ...readings(
    "fraction",
    "OxygenSaturation",
    "BodyFatPercentage",
    "BloodAlcoholContent",
    "PeripheralPerfusionIndex",
    "AtrialFibrillationBurden",
    "AppleWalkingSteadiness",
    "WalkingAsymmetryPercentage",
    "WalkingDoubleSupportPercentage",
  ),
  ...readings("kg", "BodyMass", "LeanBodyMass"),
  ...readings(
    "m",
    "Height",
    "WaistCircumference",
    "WalkingStepLength",
    "RunningStrideLength",
    "RunningVerticalOscillation",
    "SixMinuteWalkTestDistance",
    "UnderwaterDepth",
  ),
  ...readings(
    "count",
    "BodyMassIndex",
    "UVExposure",
    "AppleSleepingBreathingDisturbances",
    "WorkoutEffortScore",
    "EstimatedWorkoutEffortScore",
  ),
  ...readings(
    "deg_c",
    "BodyTemperature",
    "BasalBodyTemperature",
    "AppleSleepingWristTemperature",
    "WaterTemperature",
  ),
  ...readings("mm_hg", "BloodPressureSystolic", "BloodPressureDiastolic"),
  ...readings("mg_per_dl", "BloodGlucose"),
  ...readings("w", "RunningPower", "CyclingPower", "CyclingFunctionalThresholdPower"),
  ...readings(
    "m_per_s",
    "WalkingSpeed",
    "StairAscentSpeed",
    "StairDescentSpeed",
    "RunningSpeed",
    "CyclingSpeed",
    "RowingSpeed",
    "PaddleSportsSpeed",
    "CrossCountrySkiingSpeed",
  ),
  ...readings("ml", "ForcedVitalCapacity", "ForcedExpiratoryVolume1"),
  ...readings("l_per_min", "PeakExpiratoryFlowRate"),
  ...readings("db", "EnvironmentalAudioExposure", "HeadphoneAudioExposure", "EnvironmentalSoundReduction"),
  ...readings("microsiemens", "ElectrodermalActivity"),
]);
