/** Answering a read: the kept bytes joined, never parsed. Long answers are streamed, a few records at a time. */

import { Readable } from "node:stream";
import type { Envelope } from "../../delivery/envelope.ts";
import type { DateSpan } from "../../store/records.ts";
import {
  listEntries,
  type RecordEntry,
  type RecordSet,
  readFrames,
  readSummaries,
} from "../../store/records.ts";
import type { Database } from "../../store/tables.ts";
import { decompress } from "../../store/zstd.ts";
import { groupBySize } from "./envelope.ts";

/** What one answer holds in memory at a time. */
const groupBytes = 8 * 1024 * 1024;

export async function readData(
  db: Database,
  set: RecordSet,
  span: DateSpan | null,
  envelope: Envelope,
  { withSamples }: { withSamples: boolean },
): Promise<Buffer | Readable> {
  if (withSamples) return readDetailed(db, set, span, envelope);
  const summaries = await readSummaries(db, set, span);
  return Buffer.from(`${envelope.head}${summaries.join(",")}${envelope.tail}`);
}

/** The first group is read before anything is sent: until then an error can still be answered as one. */
async function readDetailed(
  db: Database,
  set: RecordSet,
  span: DateSpan | null,
  { head, tail }: Envelope,
): Promise<Buffer | Readable> {
  const entries = await listEntries(db, set, span, { withSamples: true });
  const [first = [], ...rest] = groupBySize(entries, groupBytes);
  const firstRecords = await readGroup(db, set, first);
  if (rest.length === 0) return Buffer.concat([Buffer.from(head), firstRecords, Buffer.from(tail)]);
  const groups = streamGroups(db, set, firstRecords, rest);
  return Readable.from(enclose(groups, { head, tail }), { objectMode: false });
}

async function* streamGroups(
  db: Database,
  set: RecordSet,
  first: Buffer,
  rest: readonly (readonly RecordEntry[])[],
): AsyncGenerator<Buffer> {
  yield first;
  for (const group of rest) yield await readGroup(db, set, group);
}

async function* enclose(groups: AsyncIterable<Buffer>, { head, tail }: Envelope): AsyncGenerator<Buffer> {
  yield Buffer.from(head);
  let separated = true;
  for await (const records of groups) {
    // A group is empty when its records were deleted meanwhile: its comma would then stand alone.
    if (records.length === 0) continue;
    if (!separated) yield comma;
    yield records;
    separated = false;
  }
  yield Buffer.from(tail);
}

const comma = Buffer.from(",");

async function readGroup(db: Database, set: RecordSet, group: readonly RecordEntry[]): Promise<Buffer> {
  const keys = group.map(({ naturalKey }) => naturalKey);
  const frames = keys.length === 0 ? [] : await readFrames(db, set, keys);
  const texts = await Promise.all(frames.map(({ zstd }) => decompress(zstd)));
  return Buffer.concat(texts.flatMap((text, index) => (index === 0 ? [text] : [comma, text])));
}
