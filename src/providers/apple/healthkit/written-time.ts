/**
 * Times as Apple's export and Health Auto Export write them: `2026-01-10 09:00:00 +0100`, with milliseconds for ECGs,
 * with AM or PM on phones with a 12-hour clock, as ISO 8601, or as a date alone.
 */
import { instantMs, type LocalTime, parseTime } from "../../kit/iso-time.ts";

export interface WrittenTime {
  readonly ms: number;
  /**
   * Minutes east of UTC as written; null when none is, and for `Z`, which says nothing about the place. In Apple's
   * export it is the phone's offset at the time of export, and says nothing about the recording.
   */
  readonly offsetMinutes: number | null;
  /** The wall clock as written, read as if it were UTC. */
  readonly localMs: number;
}

const pattern =
  /^(\d{4}-\d\d-\d\d)[T ](\d{1,2}):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)? ?([AaPp]\.?[Mm]\.?)? ?(Z|[+-]\d\d:?\d\d)?$/;
const dateAlone = /^\d{4}-\d\d-\d\d$/;

/** Returns null when the text is no time. */
export function readTime(text: string): WrittenTime | null {
  // U+202F or U+00A0, which are white space too, may stand before AM and PM.
  const plain = text.replace(/\s+/g, " ").trim();
  const written = dateAlone.test(plain) ? `${plain}T00:00` : isoOf(plain);
  if (written === null) return null;
  try {
    return withInstant(parseTime(written), !written.endsWith("Z"));
  } catch {
    return null;
  }
}

const withInstant = (time: LocalTime, isLocal: boolean): WrittenTime => ({
  ms: instantMs(time),
  offsetMinutes: isLocal ? time.offsetMinutes : null,
  localMs: time.localMs,
});

function isoOf(plain: string): string | null {
  const match = pattern.exec(plain);
  if (match === null) return null;
  const [, date, hour = "", minute, second = "00", fraction, half, offset = ""] = match;
  const hours = half === undefined ? Number(hour) : hourOfDay(Number(hour), half);
  if (hours === null) return null;
  const rest = fraction === undefined ? "" : `.${fraction}`;
  return `${date}T${String(hours).padStart(2, "0")}:${minute}:${second}${rest}${offset}`;
}

/** 12 AM is midnight, and 12 PM is noon. */
function hourOfDay(hour: number, half: string): number | null {
  if (hour < 1 || hour > 12) return null;
  return (hour % 12) + (/^p/i.test(half) ? 12 : 0);
}
