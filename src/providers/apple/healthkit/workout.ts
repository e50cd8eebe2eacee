/** A workout of HealthKit, whichever format brought it. */
import type { Interval } from "./interval.ts";
import type { Metadata, Sample, Source } from "./sample.ts";

/** Sum, mean, smallest and largest of one quantity over a workout, in the unit of the type's dimension. */
export interface Statistic {
  /** HealthKit's identifier: `HKQuantityTypeIdentifierHeartRate`. */
  readonly type: string;
  readonly sum: number | null;
  readonly average: number | null;
  readonly minimum: number | null;
  readonly maximum: number | null;
}

/** HKWorkoutEventType, as HealthKit numbers it. */
export const WorkoutEventType = {
  Pause: 1,
  Resume: 2,
  Lap: 3,
  Marker: 4,
  MotionPaused: 5,
  MotionResumed: 6,
  Segment: 7,
  PauseOrResumeRequest: 8,
} as const;

export interface WorkoutEvent extends Interval {
  /** HealthKit's number of the event; null where the format's word is unknown. */
  readonly type: number | null;
  readonly metadata: Metadata;
}

/** One activity of a workout of several sports, or the only one. */
export interface WorkoutActivity extends Interval {
  readonly uuid: string | null;
  /** Seconds without pauses; null when not told. */
  readonly durationSeconds: number | null;
  readonly events: readonly WorkoutEvent[];
  readonly statistics: readonly Statistic[];
  readonly metadata: Metadata;
}

/** One point of a route. Angles in degrees, lengths in metres, speed in m/s; null where the format tells none. */
export interface RoutePoint {
  readonly atMs: number;
  readonly latitude: number;
  readonly longitude: number;
  readonly altitude: number | null;
  readonly speed: number | null;
  readonly course: number | null;
  readonly horizontalAccuracy: number | null;
  readonly verticalAccuracy: number | null;
}

export interface Workout {
  /** HealthKit's own id in lower case; null where the format has none. */
  readonly uuid: string | null;
  /** HKWorkoutActivityType's number; null where the format's name is unknown. */
  readonly activityType: number | null;
  /** The name as the format writes it: `HKWorkoutActivityTypeRunning`, `Outdoor Run`. */
  readonly activityName: string | null;
  readonly startMs: number;
  readonly endMs: number;
  /** Seconds without pauses, as told; null when not told. */
  readonly durationSeconds: number | null;
  readonly zone: string | null;
  readonly offsetMinutes: number | null;
  readonly source: Source;
  readonly isUserEntered: boolean;
  readonly isIndoor: boolean | null;
  /** Told by the workout's statistics, or by the format's totals. */
  readonly statistics: readonly Statistic[];
  /** The older attributes totalDistance (m) and totalEnergyBurned (kcal): used where no statistic tells it. */
  readonly totalDistanceMeters: number | null;
  readonly totalEnergyKcal: number | null;
  readonly events: readonly WorkoutEvent[];
  readonly activities: readonly WorkoutActivity[];
  readonly route: readonly RoutePoint[];
  /** Series that came inside the workout. They do not stand among the samples of the day. */
  readonly samples: readonly Sample[];
  readonly metadata: Metadata;
}

/**
 * Returns the identity of a workout among all formats: its start and end to the second. Health Auto Export tells no
 * source, and a translated name; two workouts of one person do not begin and end in the same two seconds.
 */
export const workoutIdentity = ({ startMs, endMs }: Pick<Workout, "startMs" | "endMs">): string =>
  `${Math.floor(startMs / 1_000)}-${Math.floor(endMs / 1_000)}`;
