/** When the clocks can have changed in a night, from all the world's rules of changing them. */
import { minuteMs } from "./iso-time.ts";

/** One zone for each rule of changing clocks that is or lately was in force. */
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

/** Formats are dear to make and the same for ever. */
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

/** The minute from which the offset is no longer `before`. */
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

/** The instants at which clocks somewhere went from one offset to the other between two instants. */
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
