/** Splits many records into groups that fit into memory, or into one event of a long request. */
import type { RecordEntry } from "../store/records.ts";

/** Returns consecutive groups, each within the limit unless a single record is larger. */
export function groupBySize<Entry extends RecordEntry>(
  entries: readonly Entry[],
  limitBytes: number,
): Entry[][] {
  const groups: Entry[][] = [];
  let room = 0;
  for (const entry of entries) {
    const needed = entry.bytes + 1;
    if (needed > room || groups.length === 0) {
      groups.push([]);
      room = limitBytes;
    }
    groups.at(-1)?.push(entry);
    room -= needed;
  }
  return groups;
}
