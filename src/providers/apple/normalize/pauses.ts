/** The pauses of a workout, and its timer, which stands still in them. */
import { firstEndingAfter, type Interval, lengthMs, united } from "../healthkit/interval.ts";
import { type Workout, type WorkoutEvent, WorkoutEventType } from "../healthkit/workout.ts";

const { Pause, Resume, MotionPaused, MotionResumed } = WorkoutEventType;

/** Returns the pauses, those of activities once. A pause without a resumption lasts until the end. */
export function pausesOf({ startMs, endMs, events, activities }: Workout): Interval[] {
  // An activity repeats the events of its part of the workout.
  const told = events.length > 0 ? events : activities.flatMap((activity) => activity.events);
  const pauses = [...paired(told, Pause, Resume, endMs), ...paired(told, MotionPaused, MotionResumed, endMs)];
  return united(pauses.map((pause) => clipped(pause, { startMs, endMs }))).filter(
    (pause) => lengthMs(pause) > 0,
  );
}

const clipped = (span: Interval, { startMs, endMs }: Interval): Interval => ({
  startMs: Math.min(Math.max(span.startMs, startMs), endMs),
  endMs: Math.max(Math.min(span.endMs, endMs), startMs),
});

function paired(events: readonly WorkoutEvent[], from: number, to: number, endMs: number): Interval[] {
  const ends = inOrderOfTime(events, to);
  let next = 0;
  return inOrderOfTime(events, from).map((pause) => {
    if (lengthMs(pause) > 0) return pause;
    while ((ends[next]?.startMs ?? endMs) < pause.startMs && next < ends.length) next += 1;
    return { startMs: pause.startMs, endMs: Math.min(ends[next]?.startMs ?? endMs, endMs) };
  });
}

const inOrderOfTime = (events: readonly WorkoutEvent[], wanted: number): WorkoutEvent[] =>
  events.filter(({ type }) => type === wanted).toSorted((one, other) => one.startMs - other.startMs);

/** Differences up to a second come from rounding. */
const toleratedMs = 1_000;

export interface Timer {
  /** Seconds without pauses; told, else from the pauses. */
  readonly activeSeconds: number;
  /** Returns the seconds of the timer at an instant; null where the pauses do not explain the told duration. */
  at(ms: number): number | null;
}

/** @param pauses in order of time, without overlaps */
export function timerOf(workout: Workout, pauses: readonly Interval[]): Timer {
  const { startMs, durationSeconds } = workout;
  const pausedBefore = [0];
  for (const pause of pauses) pausedBefore.push((pausedBefore.at(-1) ?? 0) + lengthMs(pause));
  const activeMs = lengthMs(workout) - (pausedBefore.at(-1) ?? 0);
  const isExplained = durationSeconds === null || Math.abs(durationSeconds * 1_000 - activeMs) <= toleratedMs;
  return {
    activeSeconds: durationSeconds ?? activeMs / 1_000,
    at(ms) {
      if (!isExplained) return null;
      const index = firstEndingAfter(pauses, ms);
      const inPauseMs = Math.max(0, ms - (pauses[index]?.startMs ?? ms));
      return (ms - startMs - (pausedBefore[index] ?? 0) - inPauseMs) / 1_000;
    },
  };
}
