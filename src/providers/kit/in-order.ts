/** Lists whose items say themselves where they belong: the order in which they are sent means nothing. */
type Compare<Item> = (one: Item, other: Item) => number;

/** The same list in this order; one that is in order is not copied. Of equal items the order stays. */
export function inOrder<Item>(items: Item[], compare: Compare<Item>): Item[] {
  for (let index = 1; index < items.length; index += 1) {
    if (compare(items[index - 1] as Item, items[index] as Item) > 0) return items.toSorted(compare);
  }
  return items;
}
