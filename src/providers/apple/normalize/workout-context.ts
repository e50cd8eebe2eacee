/** A workout with its clock, its timer and its series. */
import type { Share } from "../healthkit/share.ts";
import type { Workout } from "../healthkit/workout.ts";
import { type Clock, timeWriter } from "./local-clock.ts";
import { pausesOf, type Timer, timerOf } from "./pauses.ts";
import type { Measured } from "./readings.ts";
import type { RecordParts } from "./record-parts.ts";
import { runningSums } from "./share-sums.ts";
import { WorkoutSeries } from "./workout-series.ts";

/** A workout and what its record is made with. */
export interface Context {
  readonly workout: Workout;
  readonly clock: Clock;
  readonly timer: Timer;
  readonly series: WorkoutSeries;
  readonly write: (ms: number) => string;
}

export function contextFor(workout: Workout, parts: RecordParts): Context {
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

/** Returns samples with the timer of the workout. */
export function timed<Made>(
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
export function summed<Made>(
  { timer, write }: Context,
  shares: readonly Share[],
  make: (sum: number) => Made,
) {
  return runningSums(shares).map(({ endMs, sum }) => ({
    timestamp: write(endMs),
    timer_duration_seconds: timer.at(endMs),
    ...make(sum),
  }));
}
