/** The points of a route: in version 1 `lat` and `lon`, in version 2 with accuracy, course and speed. */
import { z } from "zod";
import type { RoutePoint } from "../../healthkit/workout.ts";
import { number, text, timeOf } from "../fields.ts";
import { routePoint } from "../route-point.ts";

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

function readPoint(item: unknown): RoutePoint | [] {
  const { data } = point.safeParse(item);
  if (data === undefined) return [];
  const { lat, lon, timestamp, ...told } = data;
  const place = { latitude: told.latitude ?? lat, longitude: told.longitude ?? lon };
  return routePoint(timeOf(timestamp)?.ms, { ...told, ...place }) ?? [];
}
