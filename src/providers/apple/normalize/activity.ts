import {
  type Activity,
  complete,
  type DistanceDetailed,
  type ElevationData,
  UploadType,
} from "../../../models/index.ts";
import { dayMs } from "../../kit/iso-time.ts";
import { largest, smallest } from "../../kit/values.ts";
import type { Normalizer } from "../../provider.ts";
import { activityName } from "../healthkit/activity-types.ts";
import { utcDay } from "../healthkit/growing-parts.ts";
import { totalOf } from "../healthkit/merge.ts";
import type { Share } from "../healthkit/share.ts";
import { type Workout, workoutIdentity } from "../healthkit/workout.ts";
import { activityTypeOf } from "./activity-type.ts";
import { withoutNoise } from "./decimal-shift.ts";
import { devicesOf, isThirdParty } from "./devices.ts";
import { type Clock, localization, timeWriter } from "./local-clock.ts";
import { pausesOf, type Timer, timerOf } from "./pauses.ts";
import { beside, carriedSamples } from "./provider-data.ts";
import { quantityIn } from "./quantity-text.ts";
import { type Measured, rangeOf } from "./readings.ts";
import { dayRefs, isGrowing, needsOf, RecordParts, sampleRefs, settingsRef } from "./record-parts.ts";
import { contextOf } from "./series.ts";
import { toldActivities, toldEvents, toldStatistics, weatherOf } from "./workout-details.ts";
import { lapEvents, lapsOf, poolLength } from "./workout-laps.ts";
import { WorkoutSeries } from "./workout-series.ts";
import { distanceOf, statisticOf, statisticOfAny } from "./workout-statistics.ts";
import {
  carriedOfWorkout,
  workoutDistances,
  workoutReadings,
  workoutSums,
  workoutTypes,
} from "./workout-types.ts";

/** A workout and what its record is made with. */
interface Context {
  readonly workout: Workout;
  readonly clock: Clock;
  readonly timer: Timer;
  readonly series: WorkoutSeries;
  readonly write: (ms: number) => string;
}

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

/** Returns samples with the timer of the workout. */
function timed<Made>(
  { timer, write }: Context,
  samples: readonly Measured[],
  make: (value: number, sample: Measured) => Made,
) {
  return samples.map((sample) => ({
    timestamp: write(sample.startMs),
    timer_duration_seconds: timer.at(sample.startMs),
    ...make(sample.value, sample),
  }));
}

/** Returns sums since the start of the workout, each at the end of the time in which its last value counts. */
function summed<Made>({ timer, write }: Context, shares: readonly Share[], make: (sum: number) => Made) {
  let sum = 0;
  return shares
    .map(({ value, pieces, sample }) => ({ value, endMs: pieces.at(-1)?.endMs ?? sample.endMs }))
    .toSorted((one, other) => one.endMs - other.endMs)
    .map(({ value, endMs }) => {
      sum += value;
      const time = { timestamp: write(endMs), timer_duration_seconds: timer.at(endMs) };
      return { ...time, ...make(withoutNoise(sum)) };
    });
}

function heartRate(context: Context): Activity["heart_rate_data"] {
  const beats = context.series.readings(workoutReadings.heartRate);
  const told = statisticOfAny(context.workout, workoutReadings.heartRate);
  const measured = rangeOf(beats);
  return {
    summary: {
      avg_hr_bpm: told.average ?? measured.average,
      max_hr_bpm: told.maximum ?? measured.maximum,
      min_hr_bpm: told.minimum ?? measured.minimum,
    },
    detailed: {
      hr_samples: timed(context, beats, (bpm, sample) => ({ bpm, context: contextOf(sample.metadata) })),
    },
  };
}

/** Returns a sum as told, else of the samples of the workout's time. */
function sumOf({ workout, series }: Context, type: string): number | null {
  const told = statisticOf(workout, type).sum;
  if (told !== null) return told;
  const shares = series.shares([type]);
  return shares.length === 0 ? null : withoutNoise(totalOf(shares));
}

const wholeSum = (context: Context, type: string): number | null => {
  const sum = sumOf(context, type);
  return sum === null ? null : Math.round(sum);
};

/**
 * Returns the energy. The older attribute is the active energy in Apple's export, and in Health Auto Export, which
 * states the active energy besides, the whole.
 */
function calories(context: Context): Activity["calories_data"] {
  const { workout, series } = context;
  const { totalEnergyKcal } = workout;
  const told = statisticOf(workout, workoutSums.activeEnergy).sum;
  const given = told ?? totalEnergyKcal;
  const active = given === null ? sumOf(context, workoutSums.activeEnergy) : withoutNoise(given);
  const basal = sumOf(context, workoutSums.basalEnergy);
  const isWhole = told !== null && totalEnergyKcal !== null && totalEnergyKcal > told;
  const sum = active === null || basal === null ? null : withoutNoise(active + basal);
  return {
    total_burned_calories: isWhole ? totalEnergyKcal : sum,
    net_activity_calories: active,
    BMR_calories: basal,
    calorie_samples: series.shares([workoutSums.activeEnergy]).map(({ value, pieces, sample }) => ({
      timestamp: context.write(pieces[0]?.startMs ?? sample.startMs),
      timer_duration_seconds: context.timer.at(pieces[0]?.startMs ?? sample.startMs),
      calories: value,
    })),
  };
}

function elevation({ workout: { route, metadata } }: Context): ElevationData {
  const altitudes = route.map(({ altitude }) => altitude).filter((meters) => meters !== null);
  return {
    max_meters: largest(altitudes),
    min_meters: smallest(altitudes),
    gain_actual_meters: quantityIn(metadata.HKElevationAscended, "m"),
    loss_actual_meters: quantityIn(metadata.HKElevationDescended, "m"),
  };
}

function distanceDetails(context: Context, shares: readonly Share[]): DistanceDetailed {
  const { series, workout, write, timer } = context;
  return {
    distance_samples: summed(context, shares, (distance_meters) => ({ distance_meters })),
    step_samples: summed(context, series.shares([workoutSums.steps]), (steps) => ({ steps })),
    floors_climbed_samples: summed(context, series.shares([workoutSums.floors]), (floors_climbed) => ({
      floors_climbed,
    })),
    elevation_samples: workout.route.flatMap(({ atMs, altitude }) =>
      altitude === null
        ? []
        : [{ timestamp: write(atMs), timer_duration_seconds: timer.at(atMs), elev_meters: altitude }],
    ),
  };
}

function distance(context: Context): Activity["distance_data"] {
  const { workout, series } = context;
  const shares = series.shares(workoutDistances);
  const poolMeters = poolLength(workout);
  return {
    summary: {
      distance_meters: distanceOf(workout) ?? (shares.length === 0 ? null : withoutNoise(totalOf(shares))),
      steps: wholeSum(context, workoutSums.steps),
      floors_climbed: wholeSum(context, workoutSums.floors),
      elevation: elevation(context),
      swimming: {
        num_strokes: wholeSum(context, workoutSums.strokes),
        num_laps: poolMeters === null ? null : lapEvents(workout).length,
        pool_length_meters: poolMeters === null ? null : Math.round(poolMeters),
      },
    },
    detailed: distanceDetails(context, shares),
  };
}

/** The route tells the speed where no sensor does. */
function speedSamples(context: Context) {
  const { series, workout, write, timer } = context;
  const measured = series.readings(workoutReadings.speed);
  if (measured.length > 0)
    return timed(context, measured, (speed_meters_per_second) => ({ speed_meters_per_second }));
  return workout.route.flatMap(({ atMs, speed }) =>
    speed === null || speed < 0
      ? []
      : [{ timestamp: write(atMs), timer_duration_seconds: timer.at(atMs), speed_meters_per_second: speed }],
  );
}

function movement(context: Context): Activity["movement_data"] {
  const { workout, series, timer } = context;
  const { metadata } = workout;
  const told = statisticOfAny(workout, workoutReadings.speed);
  const cadence = statisticOfAny(workout, workoutReadings.cadence);
  const cadences = series.readings(workoutReadings.cadence);
  const meters = distanceOf(workout);
  const mean = meters !== null && meters > 0 && timer.activeSeconds > 0 ? meters / timer.activeSeconds : null;
  return {
    avg_speed_meters_per_second: told.average ?? quantityIn(metadata.HKAverageSpeed, "m_per_s") ?? mean,
    max_speed_meters_per_second: told.maximum ?? quantityIn(metadata.HKMaximumSpeed, "m_per_s"),
    avg_cadence_rpm: cadence.average ?? rangeOf(cadences).average,
    max_cadence_rpm: cadence.maximum ?? rangeOf(cadences).maximum,
    speed_samples: speedSamples(context),
    cadence_samples: timed(context, cadences, (cadence_rpm) => ({ cadence_rpm })),
  };
}

function power(context: Context): Activity["power_data"] {
  const watts = context.series.readings(workoutReadings.power);
  const told = statisticOfAny(context.workout, workoutReadings.power);
  return {
    avg_watts: told.average ?? rangeOf(watts).average,
    max_watts: told.maximum ?? rangeOf(watts).maximum,
    power_samples: timed(context, watts, (value) => ({ watts: value })),
  };
}

function position({ workout: { route }, write, timer }: Context): Activity["position_data"] {
  const points = route.map(({ atMs, latitude, longitude }) => ({
    timestamp: write(atMs),
    timer_duration_seconds: timer.at(atMs),
    coords_lat_lng_deg: [latitude, longitude] as [number, number],
  }));
  return {
    start_pos_lat_lng_deg: points[0]?.coords_lat_lng_deg,
    end_pos_lat_lng_deg: points.at(-1)?.coords_lat_lng_deg,
    position_samples: points,
  };
}

function contextFor(workout: Workout, parts: RecordParts): Context {
  const clock = parts.clockOf(workout);
  const write = timeWriter();
  const inOrder = {
    ...workout,
    route: workout.route.toSorted((one, other) => one.atMs - other.atMs),
  };
  return {
    workout: inOrder,
    clock,
    timer: timerOf(workout, pausesOf(workout)),
    series: new WorkoutSeries(workout, parts),
    write: (ms) => write(clock, ms),
  };
}

function normalizeWorkout(key: string, parts: RecordParts): object | null {
  const workout = parts.withoutIgnored(parts.items("workouts")).find((one) => keyOf(one) === key);
  if (workout === undefined) return null;
  const context = contextFor(workout, parts);
  const { series, clock, timer, write } = context;
  const sources = series.readings(workoutReadings.heartRate).map(({ source }) => source);
  const activity = complete("activity", {
    metadata: metadata(context, key),
    device_data: devicesOf([workout.source, ...sources], parts.settings.priority),
    heart_rate_data: heartRate(context),
    calories_data: calories(context),
    active_durations_data: { activity_seconds: timer.activeSeconds },
    MET_data: { avg_level: quantityIn(workout.metadata.HKAverageMETs, "kcal_per_kg_hr") },
    distance_data: distance(context),
    movement_data: movement(context),
    position_data: position(context),
    power_data: power(context),
    lap_data: { laps: lapsOf(workout, write) },
  });
  return beside(activity, {
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
    samples: { samples: carriedSamples(series.carried(carriedOfWorkout), parts.clockOf) },
  });
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
