/** Finds when the clocks can have changed in a night, by the rules of all time zones of the world. */
import { minuteMs } from "./iso-time.ts";
import { offsetIn } from "./zone-offset.ts";

/** One time zone for each rule of clock changes that is in force, or was until lately. */
const zonesThatChange: readonly string[] = [
  "Africa/Cairo",
  "Africa/Casablanca",
  "America/Adak",
  "America/Anchorage",
  "America/Asuncion",
  "America/Chicago",
  "America/Denver",
  "America/Halifax",
  "America/Havana",
  "America/Los_Angeles",
  "America/Miquelon",
  "America/New_York",
  "America/Nuuk",
  "America/Santiago",
  "America/St_Johns",
  "Antarctica/Troll",
  "Asia/Beirut",
  "Asia/Gaza",
  "Asia/Jerusalem",
  "Atlantic/Azores",
  "Australia/Adelaide",
  "Australia/Lord_Howe",
  "Australia/Sydney",
  "Europe/Berlin",
  "Europe/Chisinau",
  "Europe/Helsinki",
  "Europe/London",
  "Pacific/Auckland",
  "Pacific/Chatham",
  "Pacific/Easter",
  "Pacific/Norfolk",
];

/** Finds the first minute at which the offset is no longer `before`. */
function findChange(zone: string, before: number, startMs: number, endMs: number): number {
  let known = Math.floor(startMs / minuteMs);
  let changed = Math.ceil(endMs / minuteMs);
  while (changed - known > 1) {
    const middle = Math.floor((known + changed) / 2);
    if (offsetIn(zone, middle * minuteMs) === before) known = middle;
    else changed = middle;
  }
  return changed * minuteMs;
}

/** Returns the instants, between two instants, at which clocks somewhere changed from one offset to the other. */
export function clockChanges(before: number, after: number, startMs: number, endMs: number): number[] {
  const found = new Set<number>();
  for (const zone of zonesThatChange) {
    if (offsetIn(zone, startMs) === before && offsetIn(zone, endMs) === after) {
      found.add(findChange(zone, before, startMs, endMs));
    }
  }
  return [...found];
}
