/** The sections of a workout's record. */
import type { Activity, DistanceDetailed, ElevationData } from "../../../models/index.ts";
import { largest, smallest } from "../../kit/values.ts";
import type { Share } from "../healthkit/share.ts";
import { withoutNoise } from "./decimal-shift.ts";
import { quantityIn } from "./quantity-text.ts";
import { rangeOf } from "./readings.ts";
import { contextOf } from "./series.ts";
import { sumOfShares } from "./share-sums.ts";
import { type Context, summed, timed } from "./workout-context.ts";
import { lapEvents, poolLength } from "./workout-laps.ts";
import { distanceOf, statisticOf, statisticOfAny } from "./workout-statistics.ts";
import { workoutDistances, workoutReadings, workoutSums } from "./workout-types.ts";

export function heartRate(context: Context): Activity["heart_rate_data"] {
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
  return statisticOf(workout, type).sum ?? sumOfShares(series.shares([type]));
}

const wholeSum = (context: Context, type: string): number | null => {
  const sum = sumOf(context, type);
  return sum === null ? null : Math.round(sum);
};

/**
 * Returns the energy. The older attribute totalEnergyBurned is the active energy in Apple's export. In Health Auto
 * Export, which states the active energy separately, it is active and basal energy together.
 */
export function calories(context: Context): Activity["calories_data"] {
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

export function distance(context: Context): Activity["distance_data"] {
  const { workout, series } = context;
  const shares = series.shares(workoutDistances);
  const poolMeters = poolLength(workout);
  return {
    summary: {
      distance_meters: distanceOf(workout) ?? sumOfShares(shares),
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

/** Returns the speeds that a sensor measured; where none did, those of the route's points. */
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

export function movement(context: Context): Activity["movement_data"] {
  const { workout, series, timer } = context;
  const { metadata } = workout;
  const told = statisticOfAny(workout, workoutReadings.speed);
  const cadence = statisticOfAny(workout, workoutReadings.cadence);
  const cadences = series.readings(workoutReadings.cadence);
  const measured = rangeOf(cadences);
  const meters = distanceOf(workout);
  const mean = meters !== null && meters > 0 && timer.activeSeconds > 0 ? meters / timer.activeSeconds : null;
  return {
    avg_speed_meters_per_second: told.average ?? quantityIn(metadata.HKAverageSpeed, "m_per_s") ?? mean,
    max_speed_meters_per_second: told.maximum ?? quantityIn(metadata.HKMaximumSpeed, "m_per_s"),
    avg_cadence_rpm: cadence.average ?? measured.average,
    max_cadence_rpm: cadence.maximum ?? measured.maximum,
    speed_samples: speedSamples(context),
    cadence_samples: timed(context, cadences, (cadence_rpm) => ({ cadence_rpm })),
  };
}

export function power(context: Context): Activity["power_data"] {
  const watts = context.series.readings(workoutReadings.power);
  const told = statisticOfAny(context.workout, workoutReadings.power);
  const measured = rangeOf(watts);
  return {
    avg_watts: told.average ?? measured.average,
    max_watts: told.maximum ?? measured.maximum,
    power_samples: timed(context, watts, (value) => ({ watts: value })),
  };
}

export function position({ workout: { route }, write, timer }: Context): Activity["position_data"] {
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
