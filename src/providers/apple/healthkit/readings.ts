/** HealthKit's data other than single samples and workouts: ECGs, beats, correlations, rings, the journal, the person. */
import type { Metadata, Sample, Source } from "./sample.ts";

export interface Ecg {
  readonly uuid: string | null;
  readonly startMs: number;
  readonly endMs: number;
  readonly zone: string | null;
  readonly offsetMinutes: number | null;
  readonly source: Source;
  /** HKElectrocardiogramClassification, as HealthKit numbers it; null when the word is unknown. */
  readonly classification: number | null;
  /** The classification as written. */
  readonly classificationText: string | null;
  readonly averageHeartRate: number | null;
  readonly samplingHz: number | null;
  /** Microvolts, evenly spaced from the start by `samplingHz`; null for a value that cannot be read. */
  readonly microvolts: readonly (number | null)[];
  readonly metadata: Metadata;
}

/** The beats of one heart-rate variability reading. */
export interface Beats {
  readonly startMs: number;
  readonly endMs: number;
  readonly source: Source;
  /** Instants in milliseconds since 1970 and the rate of each beat, as HealthKit gives it. */
  readonly beats: readonly { readonly atMs: number; readonly bpm: number }[];
}

/** Samples that belong together: a meal with its nutrients, a blood pressure. */
export interface Correlation {
  readonly uuid: string | null;
  /** `HKCorrelationTypeIdentifierFood`, `HKCorrelationTypeIdentifierBloodPressure`. */
  readonly type: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly zone: string | null;
  readonly offsetMinutes: number | null;
  readonly source: Source;
  /** Each also stands among the samples of the day. */
  readonly members: readonly Sample[];
  readonly metadata: Metadata;
}

/** The rings of one local day, as Apple itself merged them. Null where not told. */
export interface ActivitySummary {
  /** `2026-01-10`. */
  readonly date: string;
  readonly activeEnergyKcal: number | null;
  readonly activeEnergyGoalKcal: number | null;
  readonly moveMinutes: number | null;
  readonly moveGoalMinutes: number | null;
  readonly exerciseMinutes: number | null;
  readonly exerciseGoalMinutes: number | null;
  readonly standHours: number | null;
  readonly standGoalHours: number | null;
}

/** An entry that Terra has no model for: state of mind, medication, symptom, notification about the heart. */
export interface JournalEntry {
  readonly kind: "state-of-mind" | "medication" | "symptom" | "heart-notification" | "other";
  readonly uuid: string | null;
  readonly startMs: number;
  readonly endMs: number;
  readonly offsetMinutes: number | null;
  /** The entry's fields as the format writes them, keys in snake_case. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** The person's characteristics. Null where not told. */
export interface Characteristics {
  /** `1980-02-29`. */
  readonly birthDate: string | null;
  readonly sex: "female" | "male" | "other" | null;
  readonly bloodType: string | null;
  readonly skinType: string | null;
}

/** The settings of a connection, as the person or the operator chose them. */
export interface ConnectionSettings {
  /** The IANA zone in which days are cut where a sample tells none; null for UTC. */
  readonly zone: string | null;
  /** Names or bundle ids, the most trusted first; they come before the usual order. */
  readonly priority: readonly string[];
  /** Names or bundle ids whose samples count for nothing. */
  readonly ignored: readonly string[];
  /** Whether the environment wants the birth date. */
  readonly withBirthDate: boolean;
}
