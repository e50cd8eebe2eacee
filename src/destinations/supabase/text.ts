/** Values in the form that PostgreSQL takes. Objects keep the event byte for byte; columns cannot always. */
import { parseTimestamp } from "../../models/index.ts";

/** PostgreSQL's text has no NUL, which becomes ␀, and no half of a surrogate pair, which becomes �. */
export function storable<Text extends string | null>(text: Text): Text {
  return (text === null ? null : text.replaceAll("\0", "\u2400").toWellFormed()) as Text;
}

/**
 * Returns a point in time, to the microsecond, in UTC. A local time without an offset counts as UTC. Null for a text
 * that is not a time.
 */
export function instant(time: string | null): string | null {
  if (time === null) return null;
  try {
    const { instantEpochMs, localEpochMs } = parseTimestamp(time);
    const toTheMillisecond = new Date(instantEpochMs ?? localEpochMs).toISOString();
    const [, microseconds = ""] = /\.\d{3}(\d{1,3})/.exec(time) ?? [];
    // PostgreSQL reads these years differently from ISO 8601.
    if (!/^(?!0000)\d{4}-/.test(toTheMillisecond)) return null;
    return toTheMillisecond.replace("Z", `${microseconds}Z`);
  } catch {
    return null;
  }
}
