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
import { identityOf, type Sample, type Source } from "./sample.ts";
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

/** The resources whose bodies are kept as they came, one for each format. Their parts are statements about the above. */
export const bodyResources = [
  "health-auto-export",
  "export",
  "healthkit",
  "open-wearables",
  "connection-settings",
] as const;

export type Growing<Name extends GrowingResource> = GrowingItems[Name] & GrowingSample;

/** The keys of the parts that exist once. */
export const settingsKey = "connection";
export const personKey = "me";

export const samplesKey = (day: string, type: string): string => `${day}/${type}`;

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

/** Two ECGs of one person do not begin in the same second. */
export const growingEcg = (ecg: Ecg): Growing<"ecgs"> => ({
  ...ecg,
  id: ecg.uuid,
  identity: String(Math.floor(ecg.startMs / 1_000)),
});

export const growingBeats = (beats: Beats): Growing<"beats"> => ({
  ...beats,
  id: null,
  identity: JSON.stringify([Math.floor(beats.startMs / 1_000), nameOf(beats.source)]),
});

/** Two meals of one source may begin in the same second; their members tell them apart. */
export const growingCorrelation = (correlation: Correlation): Growing<"correlations"> => ({
  ...correlation,
  id: correlation.uuid,
  identity: JSON.stringify([
    correlation.type,
    Math.floor(correlation.startMs / 1_000),
    nameOf(correlation.source),
    correlation.members.map(identityOf).toSorted(),
  ]),
});

export const growingSummary = (summary: ActivitySummary): Growing<"activity-summaries"> => ({
  ...summary,
  id: null,
  identity: summary.date,
  startMs: Date.parse(summary.date),
});

/** There is one person: what a later body tells of them replaces what an earlier one told. */
export const growingCharacteristics = (me: Characteristics): Growing<"characteristics"> => ({
  ...me,
  id: null,
  identity: "me",
  startMs: 0,
});

const nameOf = ({ name, bundleId }: Source): string | null => name ?? bundleId;

/** @param what tells entries of one kind and one moment apart: the name of a symptom, of a medicine */
export const growingJournalEntry = (entry: JournalEntry, what: string): Growing<"journal"> => ({
  ...entry,
  id: entry.uuid,
  identity: JSON.stringify([entry.kind, Math.floor(entry.startMs / 1_000), what]),
});

export const growingSettings = (settings: ConnectionSettings): Growing<"settings"> => ({
  ...settings,
  id: null,
  identity: "connection",
  startMs: 0,
});
