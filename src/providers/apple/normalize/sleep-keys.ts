/**
 * The natural keys of nights. The longest sleep that wakes on a local date has that date as its key; the others have the
 * UTC hour of their start besides, counted from the date's midnight, so that it is negative for the evening before.
 * Sessions are at least two hours apart, so the hours differ.
 */
import { dayMs, hourMs } from "../../kit/iso-time.ts";
import type { Interval } from "../healthkit/interval.ts";
import type { Sample } from "../healthkit/sample.ts";
import { sourceKey } from "../healthkit/source.ts";
import { possibleDates } from "./local-clock.ts";
import { longestGapMs, runsOf, SleepValue } from "./sleep-sessions.ts";

export const sleepKey = (date: string, { startMs }: Pick<Interval, "startMs">, isNap: boolean): string =>
  isNap ? napKey(date, hourOf(startMs)) : date;

const hourOf = (ms: number): number => Math.floor(ms / hourMs);

/** @param hour the whole hours from 1970 to the start */
const napKey = (date: string, hour: number): string =>
  `${date}T${String(hour - hourOf(Date.parse(date))).padStart(2, "0")}`;

/**
 * Returns the keys of the sessions that may begin or end in these rows of one UTC day. A session begins where a run of
 * rows begins, and ends with one of the rows or in the next day. The days around are asked as well (`companions.ts`).
 */
export function possibleNights(rows: readonly Sample[]): string[] {
  // Sessions are made of the stages of one source, or of the time in bed that any source tells.
  const groups = Map.groupBy(rows, ({ source, value }) =>
    value === SleepValue.InBed ? "bed" : sourceKey(source),
  );
  const runs = [...groups.values()].flatMap(runsOf);
  const hours = [...new Set(runs.map(([first]) => hourOf(first?.startMs ?? 0)))];
  const dates = [...new Set(rows.flatMap(wakingDates))];
  return [...new Set(dates.flatMap((date) => [date, ...hours.map((hour) => napKey(date, hour))]))];
}

/** Returns the dates of a row's end and, where the session may go on into the next UTC day, the dates of that. */
function wakingDates(row: Sample): string[] {
  const nextDayMs = (Math.floor(row.startMs / dayMs) + 1) * dayMs;
  const ends = row.endMs + longestGapMs < nextDayMs ? [row.endMs] : [row.endMs, nextDayMs, nextDayMs + dayMs];
  return ends.flatMap((endMs) => possibleDates(row, endMs));
}
