/** The person's wall clock. Days are cut by their zone, so the day of a clock change has 23 or 25 hours. */

export const SECOND = 1_000;
export const MINUTE = 60_000;
export const HOUR = 3_600_000;

const formatters = new Map<string, Intl.DateTimeFormat>();
const offsets = new Map<string, number>();

/** Returns the minutes east of UTC in a zone at an instant. */
export function offsetAt(zone: string, ms: number): number {
  // Clocks change on whole quarters of an hour.
  const key = `${zone} ${Math.floor(ms / (15 * MINUTE))}`;
  const known = offsets.get(key);
  if (known !== undefined) return known;
  const offset = readOffset(zone, ms);
  if (offsets.size > 100_000) offsets.clear();
  offsets.set(key, offset);
  return offset;
}

function readOffset(zone: string, ms: number): number {
  const formatter =
    formatters.get(zone) ?? new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "longOffset" });
  formatters.set(zone, formatter);
  const name = formatter.formatToParts(ms).find(({ type }) => type === "timeZoneName")?.value ?? "";
  const [, sign, hours = 0, minutes = 0] = /^GMT([+-])(\d\d):(\d\d)/.exec(name) ?? [];
  return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}

/** Returns the instant at which the person's clock shows this many minutes after midnight of a date. */
export function instantAt(zone: string, date: string, minutes: number): number {
  const wall = Date.parse(`${date}T00:00:00Z`) + Math.round(minutes * 60) * SECOND;
  const guess = wall - offsetAt(zone, wall) * MINUTE;
  return wall - offsetAt(zone, guess) * MINUTE;
}

/** Returns the date that the person's clock shows. */
export const dateAt = (zone: string, ms: number): string =>
  new Date(ms + offsetAt(zone, ms) * MINUTE).toISOString().slice(0, 10);
