/** Declares a resource with several items a day. All items of a day are one part, a list. */
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
  /** Returns the day to which the item belongs. */
  day(item: z.output<Schema>): string;
  /**
   * Returns the text by which a day's items are sorted, so that the same items make the same list in whatever order
   * they come.
   */
  order(item: z.output<Schema>): string;
}

/**
 * Returns the resource. A call asks for whole days. Items of other days than those are dropped: the call may have
 * returned only some of that day's items, and they must not replace the complete list of another call.
 */
export function declareDayList<Schema extends z.ZodType>(
  declaration: DayListDeclaration<Schema>,
): ServedResource<readonly z.output<Schema>[]> {
  const { day: _day, order: _order, ...declared } = declaration;
  const items = declareResource({
    ...declared,
    // For now each item is a part of its own; an item that is sent twice is one.
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
