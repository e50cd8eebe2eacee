/** The JSON around records. It is written as text, so that records of any size pass through unparsed. */
import type { TerraUser } from "../../models/index.ts";
import { type DataType, payloadVersion } from "../../models/index.ts";
import type { RecordEntry } from "../../store/records.ts";

/** What stands before and after the records, which are separated by commas. */
export interface Envelope {
  readonly head: string;
  readonly tail: string;
}

/** An answer to a read; an athlete is one object and not a list. */
export function answerEnvelope(type: DataType, user: TerraUser): Envelope {
  return envelope(type, `{"status":"success","type":"${type}","user":${JSON.stringify(user)}`);
}

/** An event. */
export function eventEnvelope(type: DataType, user: TerraUser): Envelope {
  const head = `{"type":"${type}","version":"${payloadVersion}","user":${JSON.stringify(user)}`;
  return envelope(type, head);
}

function envelope(type: DataType, head: string): Envelope {
  return type === "athlete"
    ? { head: `${head},"athlete":`, tail: "}" }
    : { head: `${head},"data":[`, tail: "]}" };
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
