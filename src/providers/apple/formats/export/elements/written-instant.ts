/**
 * Instants as the export writes them: `2026-01-10 09:00:00 +0100`. The offset is the phone's at the time of export: it
 * makes the instant right and says nothing of the recording, so it is not passed on.
 */
import { readTime } from "../../../healthkit/written-time.ts";
import { earliestMs, latestMs } from "../limits.ts";

/** Returns Unix milliseconds; null when the text is no time, or one that no record can have. */
export function instantOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  const ms = usualInstant(text) ?? readTime(text)?.ms ?? null;
  return ms !== null && ms >= earliestMs && ms < latestMs ? ms : null;
}

/** Returns the number of two digits; NaN, which fails every comparison, where there are none. */
function two(text: string, at: number): number {
  const [tens, ones] = [text.charCodeAt(at) - 48, text.charCodeAt(at + 1) - 48];
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}

const [space, plus, minus, colon] = [0x20, 0x2b, 0x2d, 0x3a];

/** The date that was read last and its midnight in UTC, in ms: the next one is nearly always the same. */
let last = { date: "", ms: Number.NaN };

/**
 * Returns the Unix milliseconds of `2026-01-10 09:00:00 +0100` or `2026-01-10T08:00:00Z`; null for any other text. An
 * export has millions of these, which a regular expression reads ten times slower.
 */
export function usualInstant(text: string): number | null {
  const isLocal = text.length === 25 && text.charCodeAt(10) === space && text.charCodeAt(19) === space;
  const isUtc = text.length === 20 && text[10] === "T" && text[19] === "Z";
  if (!isLocal && !isUtc) return null;
  if (text.charCodeAt(13) !== colon || text.charCodeAt(16) !== colon) return null;
  const [hour, minute, second] = [two(text, 11), two(text, 14), two(text, 17)];
  const offset = isLocal ? offsetSeconds(text) : 0;
  const ms = dateMs(text) + ((hour * 60 + minute) * 60 + second - offset) * 1_000;
  return hour < 24 && minute < 60 && second < 60 && !Number.isNaN(ms) ? ms : null;
}

/** Returns NaN where there is no offset, or none that a place can have. */
function offsetSeconds(text: string): number {
  const sign = text.charCodeAt(20);
  const [hours, minutes] = [two(text, 21), two(text, 23)];
  const seconds = (hours * 60 + minutes) * 60;
  if ((sign !== plus && sign !== minus) || minutes >= 60 || seconds > 14 * 3_600) return Number.NaN;
  return sign === minus ? -seconds : seconds;
}

function dateMs(text: string): number {
  if (last.date === "" || !text.startsWith(last.date)) {
    last = { date: text.slice(0, 10), ms: usualDateMs(text) };
  }
  return last.ms;
}

/** Returns NaN where there is no date. */
function usualDateMs(text: string): number {
  const [year, month, day] = [two(text, 0) * 100 + two(text, 2), two(text, 5), two(text, 8)];
  if (text.charCodeAt(4) !== minus || text.charCodeAt(7) !== minus) return Number.NaN;
  // Date.UTC takes a year below 100 for one of the 20th century, and goes on in the next month.
  const ms = year >= 1900 ? Date.UTC(year, month - 1, day) : Number.NaN;
  const date = new Date(ms);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? ms : Number.NaN;
}
