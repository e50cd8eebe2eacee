/** The details of a workout that Terra's Activity has no field for, as `provider_data` offers them. */
import { type Statistic, type Workout, WorkoutEventType } from "../healthkit/workout.ts";
import { unitOf } from "./provider-data.ts";
import { quantityIn } from "./quantity-text.ts";
import { numberOf } from "./readings.ts";

type Write = (ms: number) => string;

const told = ({ type, ...figures }: Statistic) => ({ type, unit: unitOf(type), ...figures });

/** The figures of all types, those with a field included: they are Apple's own. */
export const toldStatistics = ({ statistics }: Workout) => statistics.map(told);

/** The activities of a workout of several sports. The workout itself is one record. */
export const toldActivities = ({ activities }: Workout, write: Write) =>
  activities.length < 2
    ? []
    : activities.map((activity) => ({
        start_time: write(activity.startMs),
        end_time: write(activity.endMs),
        duration_seconds: activity.durationSeconds,
        statistics: activity.statistics.map(told),
        metadata: activity.metadata,
      }));

/** Newer exports write the humidity as a hundredfold of percent: `8000 %`. */
export function weatherOf({ metadata }: Workout) {
  const humidity = numberOf(metadata.HKWeatherHumidity);
  return {
    temperature_celsius: quantityIn(metadata.HKWeatherTemperature, "deg_c"),
    humidity_percent: humidity === null || humidity <= 100 ? humidity : humidity / 100,
  };
}

const names: ReadonlyMap<number, string> = new Map([
  [WorkoutEventType.Marker, "marker"],
  [WorkoutEventType.Segment, "segment"],
]);

/** Markers, and the segments that the watch makes by itself. */
export const toldEvents = ({ events }: Workout, write: Write) =>
  events.flatMap(({ type, startMs, endMs, metadata }) => {
    const name = type === null ? undefined : names.get(type);
    return name === undefined
      ? []
      : [{ type: name, start_time: write(startMs), end_time: write(endMs), metadata }];
  });
