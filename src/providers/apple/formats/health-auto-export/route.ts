/** The points of a route: in version 1 `lat` and `lon`, in version 2 with accuracy, course and speed. */
import { z } from "zod";
import type { RoutePoint } from "../../healthkit/workout.ts";
import { number, text, timeOf } from "../fields.ts";

const point = z.object({
  latitude: number,
  longitude: number,
  lat: number,
  lon: number,
  altitude: number,
  timestamp: text,
  speed: number,
  course: number,
  horizontalAccuracy: number,
  verticalAccuracy: number,
});

/** Returns the points with a time and a place, in order of time. */
export function readRoute(route: unknown): RoutePoint[] {
  if (!Array.isArray(route)) return [];
  return route.flatMap(readPoint).toSorted((one, other) => one.atMs - other.atMs);
}

function readPoint(item: unknown): RoutePoint[] {
  const { data } = point.safeParse(item);
  const at = timeOf(data?.timestamp);
  const latitude = data?.latitude ?? data?.lat ?? null;
  const longitude = data?.longitude ?? data?.lon ?? null;
  if (data === undefined || at === null || latitude === null || longitude === null) return [];
  if (Math.abs(latitude) > 90 || Math.abs(longitude) > 180) return [];
  return [
    {
      atMs: at.ms,
      latitude,
      longitude,
      altitude: data.altitude ?? null,
      speed: known(data.speed),
      course: known(data.course),
      horizontalAccuracy: known(data.horizontalAccuracy),
      verticalAccuracy: known(data.verticalAccuracy),
    },
  ];
}

/** Core Location writes a negative number for what it does not know. */
const known = (value: number | null | undefined): number | null =>
  typeof value === "number" && value >= 0 ? value : null;
