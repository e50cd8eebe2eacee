/** The types that are joined to a workout from the samples of its time. */
import { quantity } from "./type-homes.ts";

/** Types whose samples add up over a workout. */
export const workoutSums = {
  steps: quantity("StepCount"),
  activeEnergy: quantity("ActiveEnergyBurned"),
  basalEnergy: quantity("BasalEnergyBurned"),
  floors: quantity("FlightsClimbed"),
  strokes: quantity("SwimmingStrokeCount"),
} as const;

/** The distances, by what the person did. A workout has one of them. */
export const workoutDistances = [
  "DistanceWalkingRunning",
  "DistanceCycling",
  "DistanceSwimming",
  "DistanceWheelchair",
  "DistanceDownhillSnowSports",
  "DistanceCrossCountrySkiing",
  "DistancePaddleSports",
  "DistanceRowing",
  "DistanceSkatingSports",
].map(quantity);

export const workoutReadings = {
  heartRate: [quantity("HeartRate")],
  power: [quantity("RunningPower"), quantity("CyclingPower")],
  speed: [
    "RunningSpeed",
    "CyclingSpeed",
    "RowingSpeed",
    "PaddleSportsSpeed",
    "CrossCountrySkiingSpeed",
    "WalkingSpeed",
  ].map(quantity),
  cadence: [quantity("CyclingCadence")],
} as const;

/** Readings of a workout for which Activity has no field. */
export const carriedOfWorkout = [
  "RunningStrideLength",
  "RunningVerticalOscillation",
  "RunningGroundContactTime",
  "WorkoutEffortScore",
  "EstimatedWorkoutEffortScore",
].map(quantity);

export const workoutTypes: ReadonlySet<string> = new Set([
  ...Object.values(workoutSums),
  ...workoutDistances,
  ...Object.values(workoutReadings).flat(),
  ...carriedOfWorkout,
]);
