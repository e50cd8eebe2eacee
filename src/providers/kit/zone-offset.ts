/** Offsets of IANA zones. A formatter is kept for each zone, because it is expensive to make and never changes. */

const formatters = new Map<string, Intl.DateTimeFormat | null>();

/** More zones, and longer names, than there are. A body that holds others takes no memory. */
const [mostZones, longestName] = [1_000, 64];

function formatterOf(zone: string): Intl.DateTimeFormat | null {
  if (zone.length > longestName) return null;
  const known = formatters.get(zone);
  if (known !== undefined) return known;
  const made = makeFormatter(zone);
  if (formatters.size < mostZones) formatters.set(zone, made);
  return made;
}

function makeFormatter(zone: string): Intl.DateTimeFormat | null {
  try {
    return new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "longOffset" });
  } catch {
    return null;
  }
}

export const isZone = (zone: string): boolean => formatterOf(zone) !== null;

/** Returns the minutes east of UTC in a zone at an instant; null when there is no such zone. */
export function offsetIn(zone: string, ms: number): number | null {
  const format = formatterOf(zone);
  if (format === null) return null;
  const name = format.formatToParts(ms).find(({ type }) => type === "timeZoneName")?.value ?? "";
  const [, sign, hours = 0, minutes = 0] = /^GMT([+-])(\d\d):(\d\d)/.exec(name) ?? [];
  const distance = Number(hours) * 60 + Number(minutes);
  return sign === "-" ? -distance : distance;
}
