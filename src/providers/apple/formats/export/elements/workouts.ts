/** Workout → Workout. Statistics are read beside the attributes of older versions; points of routes come with it. */
import { activityNumber } from "../../../healthkit/activity-types.ts";
import { convert } from "../../../healthkit/units.ts";
import {
  type RoutePoint,
  type Statistic,
  type Workout,
  type WorkoutActivity,
  type WorkoutEvent,
  WorkoutEventType,
} from "../../../healthkit/workout.ts";
import { routePoint } from "../../route-point.ts";
import { type Attributes, childrenNamed, metadataOf, type XmlElement } from "../xml/element.ts";
import type { Sources } from "./device.ts";
import { numberOf, pointNumbers, quantityOf } from "./quantities.ts";
import { otherMetadata } from "./records.ts";
import { instantOf } from "./written-instant.ts";

/** Returns null for a workout without a time. */
export function workoutOf(element: XmlElement, sources: Sources): Workout | null {
  const { attributes, children } = element;
  const span = spanOf(attributes);
  if (span === null) return null;
  const metadata = metadataOf(children);
  const name = attributes.workoutActivityType ?? null;
  return {
    uuid: null,
    activityType: name === null ? null : activityNumber(name),
    activityName: name,
    ...span,
    durationSeconds: measure(attributes.duration, attributes.durationUnit, "s"),
    zone: metadata.get("HKTimeZone") ?? null,
    offsetMinutes: null,
    source: sources.of(attributes),
    isUserEntered: metadata.get("HKWasUserEntered") === "1",
    isIndoor: flagOf(metadata.get("HKIndoorWorkout")),
    statistics: statisticsOf(element),
    totalDistanceMeters: measure(attributes.totalDistance, attributes.totalDistanceUnit, "m"),
    totalEnergyKcal: measure(attributes.totalEnergyBurned, attributes.totalEnergyBurnedUnit, "kcal"),
    events: eventsOf(element),
    activities: childrenNamed(element, "WorkoutActivity").flatMap((child) => activityOf(child) ?? []),
    route: childrenNamed(element, "WorkoutRoute").flatMap(inlinePoints),
    samples: [],
    metadata: otherMetadata(metadata),
  };
}

function spanOf({ startDate, endDate }: Attributes): { startMs: number; endMs: number } | null {
  const startMs = instantOf(startDate);
  return startMs === null ? null : { startMs, endMs: Math.max(startMs, instantOf(endDate) ?? startMs) };
}

function measure(text: string | undefined, unit: string | undefined, dimension: "s" | "m" | "kcal") {
  const number = numberOf(text);
  return number === null || unit === undefined ? null : convert(number, unit, dimension);
}

const flagOf = (text: string | undefined): boolean | null => (text === undefined ? null : text === "1");

const statisticsOf = (element: XmlElement): Statistic[] =>
  childrenNamed(element, "WorkoutStatistics").flatMap(({ attributes }) => {
    const { type, unit } = attributes;
    if (type === undefined) return [];
    const read = (text: string | undefined) => quantityOf(type, text, unit);
    return [
      {
        type,
        sum: read(attributes.sum),
        average: read(attributes.average),
        minimum: read(attributes.minimum),
        maximum: read(attributes.maximum),
      },
    ];
  });

const eventNumbers: ReadonlyMap<string, number> = new Map(Object.entries(WorkoutEventType));

const eventsOf = (element: XmlElement): WorkoutEvent[] =>
  childrenNamed(element, "WorkoutEvent").flatMap(({ attributes, children }) => {
    const startMs = instantOf(attributes.date);
    if (startMs === null) return [];
    const seconds = measure(attributes.duration, attributes.durationUnit, "s") ?? 0;
    const name = attributes.type?.replace(/^HKWorkoutEventType/, "") ?? "";
    return [
      {
        type: eventNumbers.get(name) ?? null,
        startMs,
        endMs: startMs + Math.max(0, Math.round(seconds * 1_000)),
        metadata: otherMetadata(metadataOf(children)),
      },
    ];
  });

function activityOf(element: XmlElement): WorkoutActivity | null {
  const { attributes, children } = element;
  const span = spanOf(attributes);
  if (span === null) return null;
  return {
    uuid: attributes.uuid?.toLowerCase() ?? null,
    ...span,
    durationSeconds: measure(attributes.duration, attributes.durationUnit, "s"),
    events: eventsOf(element),
    statistics: statisticsOf(element),
    metadata: otherMetadata(metadataOf(children)),
  };
}

/** Until 2019 the points stood inside the export. */
const inlinePoints = (route: XmlElement): RoutePoint[] =>
  childrenNamed(route, "Location").flatMap(({ attributes }) => pointOf(attributes) ?? []);

const pointOf = (attributes: Attributes): RoutePoint | null =>
  routePoint(
    instantOf(attributes.date),
    pointNumbers((name) => attributes[name]),
  );
