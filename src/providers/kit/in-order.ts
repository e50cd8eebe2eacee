/** Sorts lists whose items say themselves where they belong. The order in which they were sent means nothing. */

/**
 * Returns the items sorted. Items without a place come last. Items with the same place are sorted by their content, so
 * that the order is always the same.
 */
export function inOrder<Item>(
  items: readonly Item[],
  placeOf: (item: Item) => number | null,
): readonly Item[] {
  const places = items.map((item) => placeOf(item) ?? Number.POSITIVE_INFINITY);
  if (places.every((place, index) => index === 0 || place > (places[index - 1] ?? place))) return items;
  return items
    .map((item, index) => ({ item, place: places[index] ?? 0 }))
    .sort((one, other) => compareValues(one.place, other.place) || compareContent(one.item, other.item))
    .map(({ item }) => item);
}

/** Orders numbers, or texts by their code units: the language of the machine makes no difference. */
export const compareValues = <Value extends number | string>(one: Value, other: Value): number =>
  one < other ? -1 : one > other ? 1 : 0;

const compareContent = (one: unknown, other: unknown): number =>
  compareValues(JSON.stringify(one) ?? "", JSON.stringify(other) ?? "");
