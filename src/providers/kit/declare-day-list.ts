/** Declares a resource of which a day may have several: all of a day are one part, a list. */
import type { z } from "zod";
import { type Part, PartlyReadableError, type ServedResource } from "../provider.ts";
import { declareResource, type ResourceDeclaration, timeOfKey } from "./declare-resource.ts";
import { daysOf } from "./discovery.ts";
import { isPartOf } from "./parts.ts";

export interface DayListDeclaration<Schema extends z.ZodType>
  extends Omit<
    ResourceDeclaration<Schema>,
    "keys" | "beside" | "timeOf" | "fingerprint" | "followUps" | "after"
  > {
  /** The day that the item is counted on. */
  day(item: z.output<Schema>): string;
  /** What a day's items are ordered by, so that the same ones make the same list whatever order they come in. */
  order(item: z.output<Schema>): string;
}

/**
 * Returns the resource. A call answers whole days, and what lies outside of those that were asked for is no part:
 * that call did not ask for the whole of its day, and another one's answer must not be replaced by it.
 */
export function declareDayList<Schema extends z.ZodType>(
  declaration: DayListDeclaration<Schema>,
): ServedResource<readonly z.output<Schema>[]> {
  const { day: _day, order: _order, ...declared } = declaration;
  const items = declareResource({
    ...declared,
    // For now a part an item: an item told twice is one.
    keys: (item) => [JSON.stringify([declaration.day(item), declaration.order(item), item])],
  });
  const { fingerprint: _fingerprint, followUps: _followUps, ...resource } = items;
  return {
    ...resource,
    timeOf: timeOfKey,
    parts(key, body) {
      const gathered = (parts: readonly Part[]) =>
        daysIn(
          parts.filter((part) => isPartOf(items, part)),
          declaration,
          key,
        );
      try {
        return gathered(items.parts(key, body));
      } catch (error) {
        if (!(error instanceof PartlyReadableError)) throw error;
        throw new PartlyReadableError(error, gathered(error.readable));
      }
    },
  };
}

function daysIn<Item>(
  parts: readonly Part<Item>[],
  { name, day }: { readonly name: string; day(item: Item): string },
  key: string,
): Part<readonly Item[]>[] {
  const ordered = parts.toSorted((one, other) => (one.key < other.key ? -1 : 1));
  const days = Map.groupBy(ordered, ({ value }) => day(value));
  return [...days]
    .filter(([date]) => isAskedFor(date, key))
    .map(([date, ofDay]) => ({
      resource: name,
      key: date,
      value: ofDay.map(({ value }) => value),
      ...unreadableOf(ofDay),
    }));
}

function unreadableOf(parts: readonly Part[]): Pick<Part, "unreadable"> {
  const paths = new Set(parts.flatMap(({ unreadable = [] }) => unreadable));
  return paths.size > 0 ? { unreadable: [...paths] } : {};
}

function isAskedFor(date: string, key: string): boolean {
  const asked = daysOf(key);
  return asked === null || (asked.from <= date && date <= asked.to);
}
