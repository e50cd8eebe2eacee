/** Answers with records, and how a long request is cut into events. */
import { type Envelope, envelope } from "../../delivery/envelope.ts";
import type { DataType, TerraUser } from "../../models/index.ts";
import type { RecordEntry } from "../../store/records.ts";

/** An answer to a read; an athlete is one object and not a list. */
export function answerEnvelope(type: DataType, user: TerraUser): Envelope {
  return envelope(type, `{"status":"success","type":"${type}","user":${JSON.stringify(user)}`);
}

/** Consecutive groups, each within the limit unless a single record is larger. */
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
