import { type Activity, complete, UploadType } from "../../../models/index.ts";
import { dayMs } from "../../kit/iso-time.ts";
import type { Normalizer } from "../../provider.ts";
import { activityName } from "../healthkit/activity-types.ts";
import { utcDay } from "../healthkit/growing-parts.ts";
import { type Workout, workoutIdentity } from "../healthkit/workout.ts";
import { calories, distance, heartRate, movement, position, power } from "./activity-sections.ts";
import { activityTypeOf } from "./activity-type.ts";
import { devicesOf, isThirdParty } from "./devices.ts";
import { type ClockOf, localization } from "./local-clock.ts";
import { pausesOf } from "./pauses.ts";
import { beside, carriedSamples } from "./provider-data.ts";
import { quantityIn } from "./quantity-text.ts";
import { dayRefs, isGrowing, needsOf, RecordParts, sampleRefs, settingsRef } from "./record-parts.ts";
import { type Context, contextFor } from "./workout-context.ts";
import { toldActivities, toldEvents, toldStatistics, weatherOf } from "./workout-details.ts";
import { lapsOf } from "./workout-laps.ts";
import { carriedOfWorkout, workoutReadings, workoutTypes } from "./workout-types.ts";

function metadata({ workout, clock, write }: Context, key: string): Activity["metadata"] {
  return {
    summary_id: key,
    start_time: write(workout.startMs),
    end_time: write(workout.endMs),
    type: activityTypeOf(workout),
    upload_type: uploadType(workout),
    name: nameOf(workout),
    timestamp_localization: localization(clock),
  };
}

function uploadType({ isUserEntered, source }: Workout): UploadType {
  if (isUserEntered) return UploadType.Manual;
  return isThirdParty(source) ? UploadType.ThirdParty : UploadType.Automatic;
}

/** A name that is not HealthKit's own is what the person sees: `Outdoor Run`. */
function nameOf({ activityType, activityName: written, metadata: { HKWorkoutBrandName: brand } }: Workout) {
  if (typeof brand === "string" && brand !== "") return brand;
  const ofType = activityType === null ? null : activityName(activityType);
  return written === null || isCode.test(written) ? (ofType ?? written) : written;
}

/** `HKWorkoutActivityTypeRunning`, `strength_training`. */
const isCode = /^(HKWorkoutActivityType\w+|[a-z_]+)$/;

/** Returns the facts that Activity has no field for. */
function told({ workout, clock, series, write }: Context, clockOf: ClockOf) {
  return {
    clock: { basis: clock.basis, zone: clock.zone },
    pauses: pausesOf(workout).map(({ startMs, endMs }) => ({
      start_time: write(startMs),
      end_time: write(endMs),
    })),
    events: toldEvents(workout, write),
    activities: toldActivities(workout, write),
    statistics: toldStatistics(workout),
    weather: weatherOf(workout),
    metadata: workout.metadata,
    samples: { samples: carriedSamples(series.carried(carriedOfWorkout), clockOf) },
  };
}

function normalizeWorkout(key: string, parts: RecordParts): object | null {
  const workout = parts.withoutIgnored(parts.items("workouts")).find((one) => keyOf(one) === key);
  if (workout === undefined) return null;
  const context = contextFor(workout, parts);
  const sources = context.series.readings(workoutReadings.heartRate).map(({ source }) => source);
  const activity = complete("activity", {
    metadata: metadata(context, key),
    device_data: devicesOf([workout.source, ...sources], parts.settings.priority),
    heart_rate_data: heartRate(context),
    calories_data: calories(context),
    active_durations_data: { activity_seconds: context.timer.activeSeconds },
    MET_data: { avg_level: quantityIn(workout.metadata.HKAverageMETs, "kcal_per_kg_hr") },
    distance_data: distance(context),
    movement_data: movement(context),
    position_data: position(context),
    power_data: power(context),
    lap_data: { laps: lapsOf(workout, context.write) },
  });
  return beside(activity, told(context, parts.clockOf));
}

const keyOf = (workout: Pick<Workout, "startMs" | "endMs">): string =>
  `${utcDay(workout.startMs)}/${workoutIdentity(workout)}`;

/** Returns the UTC days of a workout, by its key. No workout lasts longer than three. */
function daysOf(key: string): string[] {
  const [start = 0, end = 0] = key
    .slice(key.indexOf("/") + 1)
    .split("-")
    .map((seconds) => Number(seconds) * 1_000);
  const last = Math.min(end, start + 2 * dayMs);
  const days = [start, start + dayMs, last].filter((ms) => ms <= last).map(utcDay);
  return [...new Set(days)];
}

export const activityNormalizer: Normalizer = {
  type: "activity",
  needs: needsOf("workouts", "samples"),
  affects: (part) =>
    isGrowing("workouts", part)
      ? part.value.map((workout) => ({ type: "activity", naturalKey: keyOf(workout) }))
      : [],
  partsOf: (key) => [
    settingsRef,
    ...dayRefs([key.slice(0, 10)], "workouts"),
    ...sampleRefs(daysOf(key), workoutTypes),
  ],
  normalize: (parts, key) => normalizeWorkout(key, new RecordParts(parts)),
};
