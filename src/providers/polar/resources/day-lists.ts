/** Resources of which a day may have several: all of a day are one part, a list. */
import type { z } from "zod";
import type { Ledger } from "../../ledger.ts";
import { type Discovery, type Part, PartlyReadableError, type ServedResource } from "../../provider.ts";
import { isDate } from "../time.ts";
import { everything, parseRange, resource } from "./declare.ts";

interface DayList<Schema extends z.ZodType> {
  readonly name: string;
  readonly schema: Schema;
  readonly ledger: Ledger;
  readonly discovery: Discovery;
  /** The paths that answer all of the last 28 days, and chosen ones. */
  readonly paths: { readonly all: string; readonly range: string };
  /** The day that the item is counted on. */
  day(item: z.output<Schema>): string;
  /** What a day's items are ordered by, so that the same ones make the same list whatever order they come in. */
  order(item: z.output<Schema>): string;
}

/**
 * `from` and `to` are days too, so a call answers whole days. What lies outside of those that were asked for is
 * no part: that call did not ask for the whole of its day, and another one's answer must not be replaced by it.
 */
export function dayList<Schema extends z.ZodType>(declaration: DayList<Schema>): ServedResource {
  const { name, day, order, paths, ...rest } = declaration;
  type Item = z.output<Schema>;
  const items = resource({
    ...rest,
    name,
    envelope: "",
    path: (key) => pathOf(paths, key),
    // For now a part an item: an item told twice is one.
    keys: (item) => [JSON.stringify([day(item), order(item), item])],
  });
  const gathered = (key: string, parts: readonly Part[]): Part[] => {
    const ordered = [...parts].sort((one, other) => (one.key < other.key ? -1 : 1));
    const days = Map.groupBy(ordered, ({ value }) => day(value as Item));
    return [...days]
      .filter(([date]) => isAskedFor(date, key))
      .map(([date, ofDay]) => ({
        resource: name,
        key: date,
        value: ofDay.map(({ value }) => value),
        ...unreadableOf(ofDay),
      }));
  };
  return {
    ...items,
    parts(key, body) {
      try {
        return gathered(key, items.parts(key, body));
      } catch (error) {
        if (!(error instanceof PartlyReadableError)) throw error;
        throw new PartlyReadableError(error, gathered(key, error.readable));
      }
    },
  };
}

function unreadableOf(parts: readonly Part[]): Pick<Part, "unreadable"> {
  const paths = new Set(parts.flatMap(({ unreadable = [] }) => unreadable));
  return paths.size > 0 ? { unreadable: [...paths] } : {};
}

function pathOf({ all, range }: { all: string; range: string }, key: string): string | null {
  if (key === everything) return all;
  const asked = daysOf(key);
  return asked && `${range}?from=${asked.from}&to=${asked.to}`;
}

const daysOf = (key: string) => (isDate(key) ? { from: key, to: key } : parseRange(key));

function isAskedFor(date: string, key: string): boolean {
  const asked = daysOf(key);
  return asked === null || (asked.from <= date && date <= asked.to);
}
