/** Terra's activity types by HealthKit's. Terra publishes no table for Apple; this one is ours. */
import { ActivityType } from "../../../models/index.ts";
import type { Workout } from "../healthkit/workout.ts";
import { numberOf } from "./readings.ts";
import { quantity } from "./type-homes.ts";

const types: ReadonlyMap<number, ActivityType> = new Map([
  [1, ActivityType.AmericanFootball],
  [2, ActivityType.Archery],
  [3, ActivityType.AustralianFootball],
  [4, ActivityType.Badminton],
  [5, ActivityType.Baseball],
  [6, ActivityType.Basketball],
  [8, ActivityType.Boxing],
  [9, ActivityType.RockClimbing],
  [10, ActivityType.Cricket],
  [11, ActivityType.CircuitTraining],
  [12, ActivityType.Curling],
  [13, ActivityType.Biking],
  [14, ActivityType.Dancing],
  [15, ActivityType.Dancing],
  [16, ActivityType.Elliptical],
  [17, ActivityType.HorsebackRiding],
  [18, ActivityType.Fencing],
  [19, ActivityType.Fishing],
  [20, ActivityType.StrengthTraining],
  [21, ActivityType.Golf],
  [22, ActivityType.Gymnastics],
  [23, ActivityType.Handball],
  [24, ActivityType.Hiking],
  [25, ActivityType.Hockey],
  [27, ActivityType.Lacrosse],
  [28, ActivityType.MartialArts],
  [29, ActivityType.Meditation],
  [30, ActivityType.CardioTraining],
  [31, ActivityType.Paddling],
  [33, ActivityType.Stretching],
  [34, ActivityType.Racquetball],
  [35, ActivityType.Rowing],
  [36, ActivityType.Rugby],
  [37, ActivityType.Running],
  [38, ActivityType.Sailing],
  [39, ActivityType.Skating],
  [41, ActivityType.EnglishFootball],
  [42, ActivityType.Softball],
  [43, ActivityType.Squash],
  [44, ActivityType.StairClimbingMachine],
  [45, ActivityType.Surfing],
  [46, ActivityType.Swimming],
  [47, ActivityType.TableTennis],
  [48, ActivityType.Tennis],
  [50, ActivityType.StrengthTraining],
  [51, ActivityType.Volleyball],
  [52, ActivityType.Walking],
  [54, ActivityType.WaterPolo],
  [56, ActivityType.MartialArts],
  [57, ActivityType.Yoga],
  [59, ActivityType.StrengthTraining],
  [60, ActivityType.CrossCountrySkiing],
  [61, ActivityType.DownhillSkiing],
  [62, ActivityType.Stretching],
  [63, ActivityType.Hiit],
  [64, ActivityType.JumpingRope],
  [65, ActivityType.Kickboxing],
  [66, ActivityType.Pilates],
  [67, ActivityType.Snowboarding],
  [68, ActivityType.StairClimbing],
  [69, ActivityType.Aerobics],
  [70, ActivityType.Wheelchair],
  [71, ActivityType.Wheelchair],
  [72, ActivityType.MartialArts],
  [73, ActivityType.CardioTraining],
  [74, ActivityType.HandBiking],
  [75, ActivityType.Frisbee],
  [77, ActivityType.Dancing],
  [78, ActivityType.Dancing],
  [80, ActivityType.Stretching],
  [82, ActivityType.Triathlon],
  [84, ActivityType.ScubaDiving],
]);

/** A treadmill cannot be told from another run indoors. */
const indoors: ReadonlyMap<ActivityType, ActivityType> = new Map([
  [ActivityType.Biking, ActivityType.StationaryBiking],
  [ActivityType.Rowing, ActivityType.RowingMachine],
  [ActivityType.Running, ActivityType.IndoorRunning],
  [ActivityType.Walking, ActivityType.TreadmillWalking],
]);

/** The activity that a distance implies, for a workout whose name is in a language that is not understood. */
const byDistance: readonly (readonly [type: string, activity: ActivityType])[] = [
  [quantity("DistanceCycling"), ActivityType.Biking],
  [quantity("DistanceSwimming"), ActivityType.Swimming],
  [quantity("DistanceWheelchair"), ActivityType.Wheelchair],
  [quantity("DistanceRowing"), ActivityType.Rowing],
  [quantity("DistancePaddleSports"), ActivityType.Paddling],
  [quantity("DistanceSkatingSports"), ActivityType.Skating],
  [quantity("DistanceCrossCountrySkiing"), ActivityType.CrossCountrySkiing],
];

export function activityTypeOf(workout: Workout): ActivityType {
  const { activityType } = workout;
  const type = activityType === null ? guessed(workout) : (types.get(activityType) ?? ActivityType.Other);
  if (type === ActivityType.Swimming) return swimmingOf(workout);
  return isIndoor(workout) ? (indoors.get(type) ?? type) : type;
}

function guessed({ statistics, samples }: Workout): ActivityType {
  const told = new Set([...statistics, ...samples].map(({ type }) => type));
  return byDistance.find(([type]) => told.has(type))?.[1] ?? ActivityType.Other;
}

const isIndoor = ({ isIndoor: told, metadata }: Workout): boolean =>
  told ?? numberOf(metadata.HKIndoorWorkout) === 1;

/** HKSwimmingLocationType: 1 in a pool, 2 in open water. Health Auto Export writes words. */
function swimmingOf({ metadata }: Workout): ActivityType {
  const place = numberOf(metadata.HKSwimmingLocationType) ?? metadata.location;
  if (place === 1 || place === "Pool") return ActivityType.SwimmingInPool;
  return place === 2 || place === "Open Water" ? ActivityType.OpenWaterSwimming : ActivityType.Swimming;
}
