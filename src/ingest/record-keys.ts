/** Decides under which natural key the record of each group of things is kept. */
import type { StoredThing } from "../store/shared-things.ts";

/** The things of one record. */
export interface KeyedGroup {
  readonly naturalKey: string;
  readonly things: readonly StoredThing[];
}

/** Returns the key of the record that the thing belongs to until now. */
export const heldKey = ({ key, recordKey }: Pick<StoredThing, "key" | "recordKey">): string =>
  recordKey ?? key;

/**
 * Gives each group the key of the record that was made first of those its things belong to or are named like. A name
 * belongs to the group whose thing has it; once that thing is deleted, the record lives on from the others. A group
 * without a record is named after its own first thing.
 *
 * @param made the keys that are records, the one made first first
 * @param resources in the order in which their things give the name
 */
export function keyGroups(
  groups: readonly (readonly StoredThing[])[],
  made: readonly string[],
  resources: readonly string[],
): KeyedGroup[] {
  const ordered = groups.map((things) =>
    things.toSorted((one, other) => resources.indexOf(one.resource) - resources.indexOf(other.resource)),
  );
  const keys = new Map<readonly StoredThing[], string>();
  for (const key of made) {
    const owner = ordered.find((things) => things.some((thing) => thing.key === key));
    const heir =
      owner ?? ordered.find((things) => !keys.has(things) && things.some((one) => heldKey(one) === key));
    if (heir !== undefined && !keys.has(heir)) keys.set(heir, key);
  }
  return ordered.map((things) => ({ things, naturalKey: keys.get(things) ?? things[0]?.key ?? "" }));
}
