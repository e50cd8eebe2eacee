/**
 * The laps of a workout: those that the person or the pool made. Segments that the watch makes by itself, one for each
 * kilometre and each mile, overlap each other and are no laps.
 */
import { type Lap, StrokeType } from "../../../models/index.ts";
import { lengthMs } from "../healthkit/interval.ts";
import { type Workout, type WorkoutEvent, WorkoutEventType } from "../healthkit/workout.ts";
import { quantityIn } from "./quantity-text.ts";
import { numberOf } from "./readings.ts";

/** HKSwimmingStrokeStyle. 0 is unknown. */
const strokes: ReadonlyMap<number, string> = new Map([
  [1, StrokeType.Other],
  [2, StrokeType.Freestyle],
  [3, StrokeType.Backstroke],
  [4, StrokeType.Breaststroke],
  [5, StrokeType.Butterfly],
  [6, StrokeType.Other],
]);

type Write = (ms: number) => string;

export function lapsOf(workout: Workout, write: Write): Lap[] {
  const events = lapEvents(workout);
  const meters = poolLength(workout);
  return spansOf(events, workout).map(({ startMs, endMs, metadata }) => ({
    start_time: write(startMs),
    end_time: write(endMs),
    distance_meters: meters,
    stroke_type: strokes.get(numberOf(metadata.HKSwimmingStrokeStyle) ?? 0) ?? null,
  }));
}

/** Returns the length of a pool; null for other workouts. */
export const poolLength = ({ metadata }: Workout): number | null => quantityIn(metadata.HKLapLength, "m");

/** Activities repeat the events of their part. */
export function lapEvents({ events, activities }: Workout): WorkoutEvent[] {
  const told = events.length > 0 ? events : activities.flatMap((activity) => activity.events);
  return told
    .filter(({ type }) => type === WorkoutEventType.Lap)
    .toSorted((one, other) => one.startMs - other.startMs);
}

/** A lap event with a length is a lap; one without is the moment at which a lap ended and the next began. */
function spansOf(events: readonly WorkoutEvent[], { startMs, endMs }: Workout): WorkoutEvent[] {
  const [first] = events;
  if (first === undefined || events.some((event) => lengthMs(event) > 0)) return [...events];
  const cuts = [startMs, ...events.map((event) => event.startMs), endMs];
  return cuts.slice(1).flatMap((cutMs, index) => {
    const lap = { ...(events[index] ?? first), startMs: cuts[index] ?? startMs, endMs: cutMs };
    return lengthMs(lap) > 0 ? [lap] : [];
  });
}
