/** The record of each HealthKit type, for types whose readings become fields and for those that are only carried. */
import { quantityPrefix, weighedNutrients } from "../healthkit/quantity-types.ts";

const categoryPrefix = "HKCategoryTypeIdentifier";

export const quantity = (name: string): string => quantityPrefix + name;
export const category = (name: string): string => categoryPrefix + name;

/** Types of a day's record whose samples add up to a field of Daily. */
export const dailySums = {
  steps: quantity("StepCount"),
  floors: quantity("FlightsClimbed"),
  distance: quantity("DistanceWalkingRunning"),
  activeEnergy: quantity("ActiveEnergyBurned"),
  basalEnergy: quantity("BasalEnergyBurned"),
  exercise: quantity("AppleExerciseTime"),
  standing: quantity("AppleStandTime"),
  strokes: quantity("SwimmingStrokeCount"),
} as const;

/** Types of a day's record whose samples add up, and for which Daily has no field. */
export const carriedSums = [
  "AppleMoveTime",
  "TimeInDaylight",
  "PushCount",
  "DistanceCycling",
  "DistanceSwimming",
  "DistanceWheelchair",
  "DistanceDownhillSnowSports",
  "DistanceCrossCountrySkiing",
  "DistancePaddleSports",
  "DistanceRowing",
  "DistanceSkatingSports",
  "NumberOfTimesFallen",
  "InhalerUsage",
].map(quantity);

export const heartRate = quantity("HeartRate");
export const restingHeartRate = quantity("RestingHeartRate");
export const sdnn = quantity("HeartRateVariabilitySDNN");
export const rmssd = quantity("HeartRateVariabilityRMSSD");
export const oxygenSaturation = quantity("OxygenSaturation");
export const vo2Max = quantity("VO2Max");
export const physicalEffort = quantity("PhysicalEffort");
export const respiratoryRate = quantity("RespiratoryRate");
export const standHour = category("AppleStandHour");

export const dailyReadings = [
  heartRate,
  restingHeartRate,
  sdnn,
  rmssd,
  oxygenSaturation,
  vo2Max,
  physicalEffort,
  standHour,
];

/** Readings of a day for which Daily has no field. */
export const carriedOfDay = [
  ...[
    "WalkingHeartRateAverage",
    "HeartRateRecoveryOneMinute",
    "RespiratoryRate",
    "AtrialFibrillationBurden",
    "AppleWalkingSteadiness",
    "WalkingAsymmetryPercentage",
    "WalkingDoubleSupportPercentage",
    "WalkingStepLength",
    "WalkingSpeed",
    "StairAscentSpeed",
    "StairDescentSpeed",
    "SixMinuteWalkTestDistance",
    "CyclingFunctionalThresholdPower",
    "EnvironmentalAudioExposure",
    "HeadphoneAudioExposure",
    "EnvironmentalSoundReduction",
    "UVExposure",
    "UnderwaterDepth",
    "WaterTemperature",
  ].map(quantity),
  ...[
    "MindfulSession",
    "HighHeartRateEvent",
    "LowHeartRateEvent",
    "IrregularHeartRhythmEvent",
    "LowCardioFitnessEvent",
    "AppleWalkingSteadinessEvent",
    "AudioExposureEvent",
    "EnvironmentalAudioExposureEvent",
    "HeadphoneAudioExposureEvent",
    "HandwashingEvent",
    "ToothbrushingEvent",
    "SleepApneaEvent",
  ].map(category),
];

/** Symptoms, which are tags of a day. */
export const symptoms: ReadonlyMap<string, string> = new Map(
  [
    "AbdominalCramps",
    "Acne",
    "AppetiteChanges",
    "BladderIncontinence",
    "Bloating",
    "BreastPain",
    "ChestTightnessOrPain",
    "Chills",
    "Constipation",
    "Coughing",
    "Diarrhea",
    "Dizziness",
    "DrySkin",
    "Fainting",
    "Fatigue",
    "Fever",
    "GeneralizedBodyAche",
    "HairLoss",
    "Headache",
    "Heartburn",
    "HotFlashes",
    "LossOfSmell",
    "LossOfTaste",
    "LowerBackPain",
    "MemoryLapse",
    "MoodChanges",
    "Nausea",
    "NightSweats",
    "PelvicPain",
    "RapidPoundingOrFlutteringHeartbeat",
    "RunnyNose",
    "ShortnessOfBreath",
    "SinusCongestion",
    "SkippedHeartbeat",
    "SleepChanges",
    "SoreThroat",
    "VaginalDryness",
    "Vomiting",
    "Wheezing",
  ].map((name) => [category(name), name]),
);

export const sleepAnalysis = category("SleepAnalysis");
export const wristTemperature = quantity("AppleSleepingWristTemperature");
export const breathingDisturbances = quantity("AppleSleepingBreathingDisturbances");

/** Types that are read in the time of a night. */
export const nightReadings = [
  heartRate,
  sdnn,
  rmssd,
  oxygenSaturation,
  respiratoryRate,
  wristTemperature,
  breathingDisturbances,
];

export const bodyReadings = {
  weight: quantity("BodyMass"),
  height: quantity("Height"),
  bmi: quantity("BodyMassIndex"),
  fat: quantity("BodyFatPercentage"),
  leanMass: quantity("LeanBodyMass"),
  insulin: quantity("InsulinDelivery"),
  temperature: quantity("BodyTemperature"),
  systolic: quantity("BloodPressureSystolic"),
  diastolic: quantity("BloodPressureDiastolic"),
  glucose: quantity("BloodGlucose"),
} as const;

/** Readings of the body for which Body has no field. */
export const carriedOfBody = [
  "WaistCircumference",
  "BasalBodyTemperature",
  "BloodAlcoholContent",
  "PeripheralPerfusionIndex",
  "ForcedVitalCapacity",
  "ForcedExpiratoryVolume1",
  "PeakExpiratoryFlowRate",
  "ElectrodermalActivity",
].map(quantity);

export const dietaryEnergy = quantity("DietaryEnergyConsumed");
export const dietaryWater = quantity("DietaryWater");
export const alcoholicBeverages = quantity("NumberOfAlcoholicBeverages");
export const nutrients = weighedNutrients.map((name) => quantity(`Dietary${name}`));

export const menstrualFlow = category("MenstrualFlow");

/** Readings of the cycle for which Menstruation has no field. */
export const carriedOfCycle = [
  "IntermenstrualBleeding",
  "OvulationTestResult",
  "PregnancyTestResult",
  "ProgesteroneTestResult",
  "CervicalMucusQuality",
  "Contraceptive",
  "SexualActivity",
  "Pregnancy",
  "Lactation",
  "BleedingDuringPregnancy",
  "BleedingAfterPregnancy",
  "IrregularMenstrualCycles",
  "InfrequentMenstrualCycles",
  "ProlongedMenstrualPeriods",
  "PersistentIntermenstrualBleeding",
].map(category);
