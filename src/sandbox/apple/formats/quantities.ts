/** How each exporter names a quantity, and in which unit it writes it. */
import { quantity } from "../generate/facts.ts";

interface Written {
  readonly name: string;
  readonly unit: string;
  /** The factor by which the number of the facts is multiplied. */
  readonly factor: number;
}

export interface Quantity {
  readonly type: string;
  /** The unit of the facts; HealthKit's own text, as an export has it on a phone with metric units. */
  readonly unit: string;
  /** Whether the samples of a period add up. */
  readonly isCumulative: boolean;
  readonly healthAutoExport: Written;
  readonly openWearables: Written;
}

interface Row {
  readonly isCumulative?: true;
  /** Health Auto Export's name, and its unit where it is another. */
  readonly hae: string | readonly [name: string, unit: string, factor: number];
  /** The SDK's unit where it is another. */
  readonly sdk?: readonly [unit: string, factor: number];
}

const sum = { isCumulative: true } as const;
const energy = { ...sum, sdk: ["Cal", 1] } as const;
const rate = { sdk: ["bpm", 1] } as const;

/** By the type without its prefix: the unit of the facts, and what other exporters write. */
const rows: Readonly<Record<string, readonly [unit: string, row: Row]>> = {
  BodyMass: ["kg", { hae: "weight_body_mass" }],
  BodyFatPercentage: ["%", { hae: ["body_fat_percentage", "%", 100] }],
  LeanBodyMass: ["kg", { hae: "lean_body_mass" }],
  BodyMassIndex: ["count", { hae: "body_mass_index" }],
  Height: ["cm", { hae: "height", sdk: ["m", 0.01] }],
  HeartRate: ["count/min", { hae: "heart_rate", ...rate }],
  RestingHeartRate: ["count/min", { hae: "resting_heart_rate", ...rate }],
  WalkingHeartRateAverage: ["count/min", { hae: "walking_heart_rate_average", ...rate }],
  HeartRateVariabilitySDNN: ["ms", { hae: "heart_rate_variability" }],
  RespiratoryRate: ["count/min", { hae: "respiratory_rate", sdk: ["breaths/min", 1] }],
  // The SDK multiplies this fraction, and no other one.
  OxygenSaturation: ["%", { hae: ["blood_oxygen_saturation", "%", 100], sdk: ["%", 100] }],
  AppleSleepingWristTemperature: ["degC", { hae: "apple_sleeping_wrist_temperature" }],
  BodyTemperature: ["degC", { hae: "body_temperature" }],
  BloodPressureSystolic: ["mmHg", { hae: "blood_pressure" }],
  BloodPressureDiastolic: ["mmHg", { hae: "blood_pressure" }],
  BloodGlucose: ["mg/dL", { hae: "blood_glucose" }],
  VO2Max: ["mL/min·kg", { hae: ["vo2_max", "ml/(kg·min)", 1], sdk: ["mL/kg/min", 1] }],
  StepCount: ["count", { ...sum, hae: "step_count" }],
  DistanceWalkingRunning: ["km", { ...sum, hae: "walking_running_distance", sdk: ["m", 1_000] }],
  DistanceCycling: ["km", { ...sum, hae: "cycling_distance", sdk: ["m", 1_000] }],
  DistanceSwimming: ["m", { ...sum, hae: "swimming_distance" }],
  SwimmingStrokeCount: ["count", { ...sum, hae: "swim_stroke_count" }],
  FlightsClimbed: ["count", { ...sum, hae: "flights_climbed" }],
  ActiveEnergyBurned: ["kcal", { ...energy, hae: "active_energy" }],
  BasalEnergyBurned: ["kcal", { ...energy, hae: "basal_energy_burned" }],
  AppleExerciseTime: ["min", { ...sum, hae: "apple_exercise_time" }],
  AppleStandTime: ["min", { ...sum, hae: "apple_stand_time" }],
  DietaryEnergyConsumed: ["kcal", { ...energy, hae: "dietary_energy" }],
  DietaryCarbohydrates: ["g", { ...sum, hae: "carbohydrates" }],
  DietaryProtein: ["g", { ...sum, hae: "protein" }],
  DietaryFatTotal: ["g", { ...sum, hae: "total_fat" }],
  DietaryFatSaturated: ["g", { ...sum, hae: "saturated_fat" }],
  DietaryFiber: ["g", { ...sum, hae: "fiber" }],
  DietarySugar: ["g", { ...sum, hae: "dietary_sugar" }],
  DietarySodium: ["mg", { ...sum, hae: "sodium" }],
  DietaryCalcium: ["mg", { ...sum, hae: "calcium" }],
  DietaryIron: ["mg", { ...sum, hae: "iron" }],
  DietaryVitaminC: ["mg", { ...sum, hae: "vitamin_c" }],
  DietaryCholesterol: ["mg", { ...sum, hae: "cholesterol" }],
  DietaryWater: ["mL", { ...sum, hae: "dietary_water", sdk: ["L", 0.001] }],
};

/** By HealthKit's identifier. */
export const quantities: ReadonlyMap<string, Quantity> = new Map(
  Object.entries(rows).map(([name, [unit, { isCumulative = false, hae, sdk = [unit, 1] as const }]]) => {
    const [haeName, haeUnit, haeFactor] = typeof hae === "string" ? ([hae, unit, 1] as const) : hae;
    const type = quantity(name);
    return [
      type,
      {
        type,
        unit,
        isCumulative,
        healthAutoExport: { name: haeName, unit: haeUnit, factor: haeFactor },
        openWearables: { name: type, unit: sdk[0], factor: sdk[1] },
      },
    ];
  }),
);

/** Returns a number without the digits that binary fractions add. */
export const times = (value: number, factor: number): number => Number((value * factor).toPrecision(10));
