/** The data in a phone's HealthKit, before any exporter writes it. Each format is written from these facts alone. */

/** A device or app that writes samples. */
export interface Device {
  /** As the person sees it. Apple writes U+00A0 into the name of a Watch. */
  readonly name: string;
  readonly bundleId: string;
  /** `Watch7,5`. */
  readonly productType: string;
  readonly version: string;
  /** Null for an app, whose samples name no device. */
  readonly hardware: { readonly name: string; readonly model: string; readonly pointer: string } | null;
}

export type Metadata = Readonly<Record<string, string>>;

export interface Fact {
  readonly uuid: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly device: Device;
  /** HealthKit's metadata, by its keys; `HKTimeZone` only where the device wrote it. */
  readonly metadata: Metadata;
}

/** A quantity, in the unit of its type in `formats/quantities.ts`, or a category by HealthKit's number of the case. */
export interface Sample extends Fact {
  /** HealthKit's identifier. */
  readonly type: string;
  readonly value: number;
  /** The beats below a heart-rate variability sample. */
  readonly beats?: readonly { readonly atMs: number; readonly bpm: number }[];
}

export interface Statistic {
  /** The type without its prefix, in the unit of `formats/quantities.ts`. */
  readonly type: string;
  readonly sum?: number;
  readonly average?: number;
  readonly minimum?: number;
  readonly maximum?: number;
}

export interface RoutePoint {
  readonly atMs: number;
  readonly latitude: number;
  readonly longitude: number;
  readonly altitude: number;
  /** m/s. */
  readonly speed: number;
  /** Degrees. */
  readonly course: number;
}

export interface WorkoutEvent {
  /** HKWorkoutEventType: 1 pause, 2 resume, 7 segment. */
  readonly type: 1 | 2 | 7;
  readonly startMs: number;
  readonly endMs: number;
}

export interface Workout extends Fact {
  readonly activity: Activity;
  readonly isIndoor: boolean;
  /** Without pauses. */
  readonly durationSeconds: number;
  readonly events: readonly WorkoutEvent[];
  readonly statistics: readonly Statistic[];
  readonly route: readonly RoutePoint[];
  /** The samples of its time, which also stand among those of the day. */
  readonly samples: readonly Sample[];
}

/** One activity, by HealthKit's number, its name there and in each app. */
export interface Activity {
  readonly number: number;
  readonly healthKit: string;
  readonly healthAutoExport: string;
  readonly openWearables: string;
}

/** Samples that belong together: a meal, a blood pressure. Each also stands among the samples of the day. */
export interface Correlation extends Fact {
  readonly type: string;
  readonly members: readonly Sample[];
}

export interface Ecg extends Fact {
  /** HKElectrocardiogramClassification. */
  readonly classification: 1 | 3;
  readonly averageHeartRate: number;
  readonly samplingHz: number;
  readonly microvolts: readonly number[];
}

/** The rings of one local day. */
export interface Rings {
  readonly date: string;
  readonly activeEnergyKcal: number;
  readonly activeEnergyGoalKcal: number;
  readonly exerciseMinutes: number;
  readonly standHours: number;
}

/** All that is known of one local day. */
export interface Day {
  readonly date: string;
  readonly samples: readonly Sample[];
  readonly workouts: readonly Workout[];
  readonly correlations: readonly Correlation[];
  readonly ecgs: readonly Ecg[];
  readonly rings: Rings;
}

export const quantity = (name: string): string => `HKQuantityTypeIdentifier${name}`;
export const category = (name: string): string => `HKCategoryTypeIdentifier${name}`;
export const correlation = (name: string): string => `HKCorrelationTypeIdentifier${name}`;
