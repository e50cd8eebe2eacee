/**
 * Lists of items as tables, for JSON. The samples of a part have the same keys, and most values in common: a table has
 * each key once, a value that all share once, and is a quarter of the list's text. Values that are objects are listed
 * once each, and items that are read share them.
 */

/** The values of one key, in the order of the items: one for all, indexes into a list, or one for each item. */
type Column =
  | { readonly same: unknown }
  | { readonly of: readonly unknown[]; readonly at: readonly number[] }
  | readonly unknown[];

export interface Table {
  readonly keys: readonly string[];
  readonly columns: readonly Column[];
  readonly length: number;
}

/** A list as it goes into JSON: where its items have different keys, the list itself. */
export type Listed<Item> = Table | readonly Item[];

/** Below it a table saves nothing. */
export const fewestItems = 4;

export function tableOf<Item extends object>(items: readonly Item[]): Listed<Item> {
  const [first] = items;
  if (first === undefined || items.length < fewestItems) return items;
  const keys = Object.keys(first);
  if (!items.every((item) => hasKeys(item, keys))) return items;
  return { keys, columns: keys.map((key) => columnOf(items, key)), length: items.length };
}

/** Whether an item has these keys in this order, and no others. JSON leaves out a key whose value is undefined. */
function hasKeys(item: object, keys: readonly string[]): boolean {
  let count = 0;
  for (const key in item) {
    if (key !== keys[count] || item[key as keyof typeof item] === undefined) return false;
    count += 1;
  }
  return count === keys.length;
}

function columnOf<Item extends object>(items: readonly Item[], key: string): Column {
  const first = items[0]?.[key as keyof Item] as unknown;
  const values: unknown[] = [];
  let [isSame, hasObjects] = [true, false];
  for (const item of items) {
    const value = item[key as keyof Item] as unknown;
    isSame &&= value === first;
    hasObjects ||= typeof value === "object" && value !== null;
    values.push(value);
  }
  if (isSame) return { same: first };
  return hasObjects ? indexed(values) : values;
}

/** Returns the table of a list that has the same item several times. */
export function tableOfSame<Item extends object>(item: Item, length: number): Listed<Item> {
  if (length < fewestItems) return Array.from({ length }, () => item);
  const keys = Object.keys(item);
  return { keys, columns: keys.map((key) => ({ same: item[key as keyof Item] })), length };
}

/** Equal values are found by their text: whether two items share an object depends on how they were read. */
function indexed(values: readonly unknown[]): Column {
  const [of, byText, byValue] = [[] as unknown[], new Map<string, number>(), new Map<unknown, number>()];
  const at = values.map((value) => {
    const seen = byValue.get(value);
    if (seen !== undefined) return seen;
    const text = JSON.stringify(value);
    const place = byText.get(text) ?? of.push(value) - 1;
    byText.set(text, place);
    byValue.set(value, place);
    return place;
  });
  return of.length === 1 ? { same: of[0] } : { of, at };
}

/** Returns the items of a table, equal to those it was made of. */
export function itemsOf<Item extends object>(listed: Listed<Item>): readonly Item[] {
  if (!isTable(listed)) return listed;
  const { keys, columns, length } = listed;
  const readers = columns.map(readerOf);
  const items: Item[] = [];
  for (let index = 0; index < length; index += 1) {
    const item: Record<string, unknown> = {};
    for (let at = 0; at < keys.length; at += 1) item[keys[at] as string] = readers[at]?.(index);
    items.push(item as Item);
  }
  return items;
}

const isTable = <Item>(listed: Listed<Item>): listed is Table => !Array.isArray(listed);

function readerOf(column: Column): (index: number) => unknown {
  if (Array.isArray(column)) return (index) => column[index];
  if ("same" in column) return () => column.same;
  const { of, at } = column as Extract<Column, { of: unknown }>;
  return (index) => of[at[index] as number];
}
