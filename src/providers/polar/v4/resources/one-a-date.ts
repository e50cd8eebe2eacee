/**
 * Lists that have one item for each date. Where Polar sends several of one date, one counts, and the others are carried
 * with it as they were sent: nothing is lost, and the order in which they came means nothing.
 */
import { compareValues } from "../../../kit/in-order.ts";
import { carried, composite, type Fate } from "../../../ledger.ts";
import { withoutPersonal } from "./personal.ts";

/** The field in which an item carries the others of its date. No body of Polar's has it. */
export const othersKey = "othersOfDate";

export const othersFate = (which: string): Fate =>
  composite(carried(`other items that came for the same date, as sent; ${which} counts`));

type Item = Readonly<Record<string, unknown>>;

const isItem = (value: unknown): value is Item =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Returns a function that puts the items of a list together by date.
 *
 * @param dateKey the field that has the date
 * @param rankOf the larger of two items counts; of equal ones, that whose text comes first
 */
export const oneADate =
  (dateKey: string, rankOf: (item: Item) => number) =>
  (items: readonly unknown[]): readonly unknown[] => {
    const byDate = Map.groupBy(items, (item) => (isItem(item) ? item[dateKey] : undefined));
    return [...byDate].flatMap(([date, same]) =>
      typeof date === "string" && same.length > 1 ? together(same.filter(isItem), rankOf) : same,
    );
  };

function together(items: readonly Item[], rankOf: (item: Item) => number): Item {
  // Who the person is decides nothing.
  const texts = new Map(items.map((item) => [JSON.stringify(withoutPersonal(item)), item] as const));
  const [first = {}, ...others] = [...texts]
    .toSorted(
      ([text, item], [otherText, other]) =>
        compareValues(rankOf(other), rankOf(item)) || compareValues(text, otherText),
    )
    .map(([, item]) => item);
  return others.length === 0 ? first : { ...first, [othersKey]: others.map(withoutPersonal) };
}
