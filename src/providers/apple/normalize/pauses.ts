/** The pauses of a workout, and its timer, which stands still in them. */
import { type Interval, lengthMs, overlapMs, united } from "../healthkit/interval.ts";
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
  const ends = events.filter(({ type }) => type === to).map(({ startMs }) => startMs);
  return events
    .filter(({ type }) => type === from)
    .map((pause) => {
      if (lengthMs(pause) > 0) return pause;
      const next = ends.filter((ms) => ms >= pause.startMs).reduce((first, ms) => Math.min(first, ms), endMs);
      return { startMs: pause.startMs, endMs: next };
    });
}

/** Differences up to a second come from rounding. */
const toleratedMs = 1_000;

export interface Timer {
  /** Seconds without pauses; told, else from the pauses. */
  readonly activeSeconds: number;
  /** Returns the seconds of the timer at an instant; null where the pauses do not explain the told duration. */
  at(ms: number): number | null;
}

export function timerOf(workout: Workout, pauses: readonly Interval[]): Timer {
  const { startMs, durationSeconds } = workout;
  const pausedMs = pauses.reduce((sum, pause) => sum + lengthMs(pause), 0);
  const activeMs = lengthMs(workout) - pausedMs;
  const isExplained = durationSeconds === null || Math.abs(durationSeconds * 1_000 - activeMs) <= toleratedMs;
  return {
    activeSeconds: durationSeconds ?? activeMs / 1_000,
    at(ms) {
      if (!isExplained) return null;
      const before = { startMs, endMs: ms };
      return (ms - startMs - pauses.reduce((sum, pause) => sum + overlapMs(pause, before), 0)) / 1_000;
    },
  };
}
