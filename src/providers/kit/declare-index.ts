/** Declares an index: a list that is cheaper to fetch than the things in it. It makes no records. */
import { type IndexEntry, type Part, PartlyReadableError, type ServedResource } from "../provider.ts";
import { everything } from "./discovery.ts";
import { isPartOf } from "./parts.ts";

/**
 * Returns the resource of the index. Lines that cannot be read are left out and reported; the others are just as useful
 * without them.
 */
export function declareIndex<Line>(
  list: ServedResource<Line>,
  entryOf: (line: Part<Line>) => IndexEntry,
): ServedResource<Line> {
  const lines = (body: unknown): readonly Part[] => {
    try {
      return list.parts(everything, body);
    } catch (error) {
      if (error instanceof PartlyReadableError) return error.readable;
      throw error;
    }
  };
  return {
    ...list,
    parts(_key, body) {
      try {
        list.parts(everything, body);
        return [];
      } catch (error) {
        throw error instanceof PartlyReadableError ? new PartlyReadableError(error, []) : error;
      }
    },
    entries: (body) => lines(body).flatMap((line) => (isPartOf(list, line) ? [entryOf(line)] : [])),
  };
}
