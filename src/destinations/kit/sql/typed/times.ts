/** A timestamp as three columns: the instant where it is known, the local time, and the offset. */
import { parseTimestamp } from "../../../../models/index.ts";
import type { Value } from "../tables.ts";

export type TimeColumns = readonly [instant: Value, local: Value, offsetSeconds: Value];

/** The first date that both dialects know. */
const firstYear = 1_000;
const lastYear = 9_999;
const microseconds = 6;

/** Returns null for a text that is not a timestamp, or a time that the servers' calendars lack. */
export function timeColumns(text: string): TimeColumns | null {
  const parsed = parse(text);
  if (parsed === null) return null;
  const fraction = fractionOf(text);
  const local = written(parsed.localEpochMs, fraction);
  const { instantEpochMs, offsetMinutes } = parsed;
  if (local === null) return null;
  if (instantEpochMs === null || offsetMinutes === null) return [null, local, null];
  const instant = written(instantEpochMs, fraction);
  return instant === null ? null : [instant, local, offsetMinutes * 60];
}

/** Formats milliseconds since the epoch for an instant's column. */
export const instantOf = (epochMs: number): Value =>
  written(epochMs, fractionOf(new Date(epochMs).toISOString()));

function parse(text: string): ReturnType<typeof parseTimestamp> | null {
  try {
    return parseTimestamp(text);
  } catch {
    return null;
  }
}

/** The fraction as it is written, since milliseconds would lose digits; it is cut to microseconds. */
function fractionOf(text: string): string {
  return /\.(\d+)/.exec(text)?.[1] ?? "";
}

function written(epochMs: number, fraction: string): string | null {
  const date = new Date(Math.floor(epochMs / 1_000) * 1_000);
  const year = date.getUTCFullYear();
  if (year < firstYear || year > lastYear) return null;
  const seconds = date.toISOString().slice(0, "2025-10-01T06:00:00".length).replace("T", " ");
  return `${seconds}.${fraction.slice(0, microseconds).padEnd(microseconds, "0")}`;
}
