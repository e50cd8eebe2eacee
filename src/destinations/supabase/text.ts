/** Values as PostgreSQL takes them. The objects keep what the event says byte for byte; columns cannot always. */
import { parseTimestamp } from "../../models/index.ts";

/** PostgreSQL's text has no NUL, which becomes ␀, and no half of a surrogate pair, which becomes �. */
export function storable<Text extends string | null>(text: Text): Text {
  return (text === null ? null : text.replaceAll("\0", "\u2400").toWellFormed()) as Text;
}

/**
 * A point in time, to the microsecond, in UTC. Where a time has no offset, the clock on the wall counts as UTC.
 * Null for what is no time.
 */
export function instant(time: string | null): string | null {
  if (time === null) return null;
  try {
    const { instantEpochMs, localEpochMs } = parseTimestamp(time);
    const toTheMillisecond = new Date(instantEpochMs ?? localEpochMs).toISOString();
    const [, microseconds = ""] = /\.\d{3}(\d{1,3})/.exec(time) ?? [];
    // Years that PostgreSQL would read otherwise than ISO writes them.
    if (!/^(?!0000)\d{4}-/.test(toTheMillisecond)) return null;
    return toTheMillisecond.replace("Z", `${microseconds}Z`);
  } catch {
    return null;
  }
}
