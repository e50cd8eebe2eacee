/**
 * Deletions by an id alone: nothing says in which part the item is. The ids are kept, so that an item which comes later
 * is deleted too; parts that have one already are looked for from the newest, since what is deleted is mostly new.
 */
import { anyPart, type ResourceRef } from "../../providers/provider.ts";
import { earlierGrownParts, readGrownParts, writeGrownParts } from "../../store/grown-parts.ts";
import type { Arrival, FoldedPart } from "./fold-part.ts";
import type { Growth } from "./growth.ts";
import { unpackState } from "./state.ts";
import { noStatements, type PartStatements, readStatements } from "./statements.ts";

const mostAtOnce = 200;

export const isAnywhere = ({ key }: Pick<ResourceRef, "key">): boolean => key === anyPart;

/** Returns, by resource, the ids that were deleted without saying in which part they are. */
export async function deletedAnywhere(
  { tx, id, generation }: Pick<Growth, "tx" | "id" | "generation">,
  batch: readonly ResourceRef[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const refs = [...new Set(batch.map(({ resource }) => resource))].map((resource) => ({
    resource,
    key: anyPart,
  }));
  const known = await readGrownParts(tx, id, refs, generation);
  return new Map(known.map(({ resource, state }) => [resource, unpackState(state).grown.deleted]));
}

/** Where a search for deleted items has come to: the ids that are not found yet, and the last key that was looked at. */
export interface Search {
  readonly resource: string;
  readonly ids: readonly string[];
  readonly before: string | null;
}

/** Returns the search for what a statement deletes; null where it deletes nothing. */
export function searchFor(part: PartStatements): Search | null {
  const ids = readStatements(part).flatMap(({ deleted = [] }) => deleted);
  return ids.length === 0 ? null : { resource: part.resource, ids, before: null };
}

/** Looks through the next parts. Returns those that have lost items, and the rest of the search; null when it is over. */
export async function searchOn(
  { tx, id, provider, parsing, generation }: Growth,
  arrival: Arrival,
  { resource, ids, before }: Search,
): Promise<{ readonly folded: readonly FoldedPart[]; readonly next: Search | null }> {
  const rows = await earlierGrownParts(tx, id, { resource, before, limit: mostAtOnce, generation });
  const inputs = rows.map(({ key, state }) => ({
    ...noStatements,
    resource,
    key,
    before: state,
    deletedAnywhere: ids,
  }));
  const folded = (await parsing.grow(provider, arrival, inputs)).filter(({ found }) => found.length > 0);
  await writeGrownParts(tx, id, folded, generation);
  const found = new Set(folded.flatMap((part) => part.found));
  const left = ids.filter((one) => !found.has(one));
  const last = rows.at(-1);
  const isOver = left.length === 0 || last === undefined || rows.length < mostAtOnce;
  return { folded, next: isOver ? null : { resource, ids: left, before: last.key } };
}
