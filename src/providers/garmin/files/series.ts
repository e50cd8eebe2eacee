/** Turns the records of a FIT file, each with the fields of one moment, into series: one list for each field. */

export type Fields = Readonly<Record<string, unknown>>;

/** Lists of the same length. A record that lacks a field has null in its list. */
export type Series = Readonly<Record<string, readonly unknown[]>>;

export interface RecordSeries {
  readonly native: Series;
  /** The fields of apps on the watch, by the apps' own names. */
  readonly developer: Series;
}

/** The values of all lists together. A day second by second with twenty fields has fewer. */
const mostValues = 2_000_000;

/** "Below this value it is the number of seconds since the device was switched on" (FIT profile, `date_time`). */
const firstTime = new Date(Date.UTC(1989, 11, 31) + 0x10000000 * 1_000).toISOString();

/** @throws RangeError where records have more fields than any device writes */
export function seriesOf(records: readonly Fields[]): RecordSeries {
  const timed = inOrder(records.filter(({ timestamp }) => isTime(timestamp)));
  return { native: listsOf(timed), developer: listsOf(timed.map(({ developer }) => developer as Fields)) };
}

function listsOf(items: readonly (Fields | undefined)[]): Series {
  const lists = new Map<string, unknown[]>();
  for (const [index, fields] of items.entries()) {
    for (const name in fields) {
      if (name === "developer") continue;
      const list = lists.get(name) ?? emptyList(lists, name, items.length);
      list[index] = fields[name];
    }
  }
  return Object.fromEntries(lists);
}

function emptyList(lists: Map<string, unknown[]>, name: string, length: number): unknown[] {
  if ((lists.size + 1) * length > mostValues) throw new RangeError("more values than any recording has");
  const list = Array.from({ length }, () => null);
  lists.set(name, list);
  return list;
}

const isTime = (time: unknown): boolean => typeof time === "string" && time >= firstTime;

/** Returns the records in the order of time; those of one moment stay as they are. */
function inOrder(records: readonly Fields[]): readonly Fields[] {
  const time = ({ timestamp }: Fields) => String(timestamp);
  const isSorted = records.every(
    (record, index) => index === 0 || time(records[index - 1] ?? record) <= time(record),
  );
  return isSorted
    ? records
    : records.toSorted((a, b) => (time(a) < time(b) ? -1 : time(a) > time(b) ? 1 : 0));
}

/** Returns the intervals between heartbeats in ms. Each hrv message has up to five, in seconds, and nulls. */
export const intervalsOf = (messages: readonly Fields[]): number[] =>
  messages
    .flatMap(({ time }) => (Array.isArray(time) ? time : [time]))
    .flatMap((seconds: unknown) =>
      typeof seconds === "number" && seconds > 0 ? Math.round(seconds * 1_000) : [],
    );
