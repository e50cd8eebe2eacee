/**
 * Instants as the export writes them: `2026-01-10 09:00:00 +0100`. The offset is the phone's at the time of export: it
 * makes the instant right and says nothing of the recording, so it is not passed on.
 */
import { readTime } from "../../../healthkit/written-time.ts";
import { earliestMs, latestMs } from "../limits.ts";

/** Returns Unix milliseconds; null when the text is no time, or one that no record can have. */
export function instantOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  const ms = usualForm(text) ?? readTime(text)?.ms ?? null;
  return ms !== null && ms >= earliestMs && ms < latestMs ? ms : null;
}

/** Returns the number of two digits; NaN, which fails every comparison, where there are none. */
function two(text: string, at: number): number {
  const [tens, ones] = [text.charCodeAt(at) - 48, text.charCodeAt(at + 1) - 48];
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}

const separators = [
  [4, "-"],
  [7, "-"],
  [10, " "],
  [13, ":"],
  [16, ":"],
  [19, " "],
] as const;

/** Millions of records have the usual form, which a regular expression reads ten times slower. */
function usualForm(text: string): number | null {
  if (text.length !== 25 || !separators.every(([at, character]) => text[at] === character)) return null;
  if (text[20] !== "+" && text[20] !== "-") return null;
  const [year, month, day] = [two(text, 0) * 100 + two(text, 2), two(text, 5), two(text, 8)];
  const [hour, minute, second] = [two(text, 11), two(text, 14), two(text, 17)];
  const offset = (two(text, 21) * 60 + two(text, 23)) * (text[20] === "-" ? -60 : 60);
  // Date.UTC takes a year below 100 for one of the 20th century.
  const isPlausible =
    year >= 1900 &&
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= 28 &&
    hour < 24 &&
    minute < 60 &&
    second < 60;
  if (!isPlausible || !(Math.abs(offset) <= 14 * 3_600)) return null;
  return Date.UTC(year, month - 1, day) + ((hour * 60 + minute) * 60 + second - offset) * 1_000;
}
