/** Finds when the clocks can have changed in a night, by the rules of all time zones of the world. */
import { minuteMs } from "./iso-time.ts";

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

type OffsetAt = (instantMs: number) => number;

/** Formatters by zone, kept because they are expensive to make and never change. */
const offsets = new Map<string, OffsetAt>();

function offsetIn(timeZone: string): OffsetAt {
  const known = offsets.get(timeZone) ?? readOffset(timeZone);
  offsets.set(timeZone, known);
  return known;
}

/** Minutes east of UTC, read from "GMT+05:30"; "GMT" alone is 0. */
function readOffset(timeZone: string): OffsetAt {
  const format = new Intl.DateTimeFormat("en-US", { timeZone, timeZoneName: "longOffset" });
  return (instantMs) => {
    const name = format.formatToParts(instantMs).find(({ type }) => type === "timeZoneName")?.value ?? "";
    const [, sign, hours = 0, minutes = 0] = /^GMT([+-])(\d\d):(\d\d)$/.exec(name) ?? [];
    const distance = Number(hours) * 60 + Number(minutes);
    return sign === "-" ? -distance : distance;
  };
}

/** Finds the first minute at which the offset is no longer `before`. */
function findChange(offsetAt: OffsetAt, before: number, startMs: number, endMs: number): number {
  let known = Math.floor(startMs / minuteMs);
  let changed = Math.ceil(endMs / minuteMs);
  while (changed - known > 1) {
    const middle = Math.floor((known + changed) / 2);
    if (offsetAt(middle * minuteMs) === before) known = middle;
    else changed = middle;
  }
  return changed * minuteMs;
}

/** Returns the instants, between two instants, at which clocks somewhere changed from one offset to the other. */
export function clockChanges(before: number, after: number, startMs: number, endMs: number): number[] {
  const found = new Set<number>();
  for (const zone of zonesThatChange) {
    const offsetAt = offsetIn(zone);
    if (offsetAt(startMs) === before && offsetAt(endMs) === after) {
      found.add(findChange(offsetAt, before, startMs, endMs));
    }
  }
  return [...found];
}
