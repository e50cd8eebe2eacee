/**
 * The sports of v4's sessions, which have only an id. The catalogue names them with v3's words; without it, a few ids are
 * known. Any other sport is Other, and its id is carried.
 */
import type { ActivityType } from "../../../models/index.ts";
import { activityType } from "../sports.ts";
import type { V4Sports } from "./resources/sports.ts";

/** Ids that implementers saw with their names (POLAR-V4 §5). */
export const knownSports: Readonly<Record<string, string>> = {
  1: "RUNNING",
  15: "STRENGTH_TRAINING",
  27: "TRAIL_RUNNING",
  126: "CORE",
};

/** Returns the name of a sport; null where nothing names it. */
export function sportOf(id: string | null | undefined, catalogue: V4Sports | undefined): string | null {
  if (id === null || id === undefined) return null;
  const listed = catalogue?.sports.find((sport) => (sport.id ?? sport.identifier?.id) === id)?.name;
  return listed || (Object.hasOwn(knownSports, id) ? (knownSports[id] ?? null) : null);
}

export const typeOfSport = (name: string | null): ActivityType => activityType({ detailed_sport_info: name });
