/** A point of a route, out of the numbers that a format has for it. */
import { notNegative } from "../../kit/values.ts";
import type { RoutePoint } from "../healthkit/workout.ts";

type Told = { readonly [Name in Exclude<keyof RoutePoint, "atMs">]?: number | null | undefined };

/** Returns null without a time or a place on earth. Core Location writes a negative number for what it does not know. */
export function routePoint(atMs: number | null | undefined, told: Told): RoutePoint | null {
  const { latitude = null, longitude = null, altitude = null } = told;
  if (typeof atMs !== "number" || latitude === null || longitude === null) return null;
  if (Math.abs(latitude) > 90 || Math.abs(longitude) > 180) return null;
  return {
    atMs,
    latitude,
    longitude,
    altitude,
    speed: notNegative(told.speed),
    course: notNegative(told.course),
    horizontalAccuracy: notNegative(told.horizontalAccuracy),
    verticalAccuracy: notNegative(told.verticalAccuracy),
  };
}
