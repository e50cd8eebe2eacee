/**
 * The parts of this provider: which resource, which key, and the items that they are folded from. A key begins with
 * the UTC day, because identity is by instant; normalisers cut local days out of neighbouring parts.
 */
import type { GrowingSample } from "../../kit/growing/fold.ts";
import type {
  ActivitySummary,
  Beats,
  Characteristics,
  ConnectionSettings,
  Correlation,
  Ecg,
  JournalEntry,
} from "./readings.ts";
import { identityOf, type Sample } from "./sample.ts";
import { type Workout, workoutIdentity } from "./workout.ts";

/** The items of each resource. A part's value, for normalisers, is the list of those in force, in order of time. */
export interface GrowingItems {
  /** Key `2026-01-10/HKQuantityTypeIdentifierStepCount`: quantities and categories that start on that UTC day. */
  readonly samples: Sample;
  /** Key `2026-01-10`, as for the next three. */
  readonly workouts: Workout;
  readonly ecgs: Ecg;
  readonly beats: Beats;
  readonly correlations: Correlation;
  readonly journal: JournalEntry;
  /** Key: the local date. */
  readonly "activity-summaries": ActivitySummary;
  /** Key `me`. */
  readonly characteristics: Characteristics;
  /** Key `connection`. */
  readonly settings: ConnectionSettings;
}

export type GrowingResource = keyof GrowingItems;
export type Growing<Name extends GrowingResource> = GrowingItems[Name] & GrowingSample;

export const utcDay = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

export const growingSample = (sample: Sample): Growing<"samples"> => ({
  ...sample,
  id: sample.uuid,
  identity: identityOf(sample),
});

export const growingWorkout = (workout: Workout): Growing<"workouts"> => ({
  ...workout,
  id: workout.uuid,
  identity: workoutIdentity(workout),
});
