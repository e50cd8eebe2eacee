/**
 * Answers a read with the stored bytes, joined and never parsed. Long answers are streamed, a few records at a time.
 */
import { Readable } from "node:stream";
import { complete } from "../models/index.ts";
import type { Connection } from "../store/connections.ts";
import {
  type DateSpan,
  listEntries,
  type RecordEntry,
  type RecordSet,
  readFrames,
  readSummaries,
} from "../store/records.ts";
import type { Database } from "../store/tables.ts";
import { decompress } from "../store/zstd.ts";
import { answerEnvelope, type Envelope } from "../terra/envelope.ts";
import { terraUser } from "../terra/user.ts";
import { type DataRequest, recordSetOf } from "./data-request.ts";
import { groupBySize } from "./groups.ts";

/** The number of bytes of one answer that are read at a time. */
const groupBytes = 8 * 1024 * 1024;

/** The profile of a person of whom the provider has said nothing. It has every key, because clients index into it. */
const nothingKnown = JSON.stringify(complete("athlete", {}));

/** Returns the JSON of an answer. */
export async function answerData(
  db: Database,
  connection: Connection,
  request: DataRequest,
): Promise<Buffer | Readable> {
  const set = recordSetOf(connection, request);
  const envelope = answerEnvelope(request.type, terraUser(connection));
  if (request.withSamples) return readDetailed(db, set, request.range, envelope);
  const summaries = await readSummaries(db, set, request.range);
  if (request.type === "athlete" && summaries.length === 0) summaries.push(nothingKnown);
  return Buffer.from(`${envelope.head}${summaries.join(",")}${envelope.tail}`);
}

/**
 * Reads the first group before anything is sent, because until then an error can still be answered with its own status.
 */
async function readDetailed(
  db: Database,
  set: RecordSet,
  span: DateSpan | null,
  { head, tail }: Envelope,
): Promise<Buffer | Readable> {
  const entries = await listEntries(db, set, span, { withSamples: true });
  const [first = [], ...rest] = groupBySize(entries, groupBytes);
  const firstRecords = await readGroup(db, set, first);
  if (rest.length === 0)
    return Buffer.concat([Buffer.from(head), ...separated(firstRecords), Buffer.from(tail)]);
  const records = streamRecords(db, set, firstRecords, rest);
  return Readable.from(enclose(records, { head, tail }), { objectMode: false });
}

/** Streams the records. Reads the next group while one is being sent, so that at most two are in memory. */
async function* streamRecords(
  db: Database,
  set: RecordSet,
  first: readonly Buffer[],
  rest: readonly (readonly RecordEntry[])[],
): AsyncGenerator<Buffer> {
  let current = first;
  for (const group of rest) {
    const next = readGroup(db, set, group);
    // It is awaited below; a failure before that must not count as an unhandled rejection.
    next.catch(() => {});
    yield* current;
    current = await next;
  }
  yield* current;
}

async function* enclose(records: AsyncIterable<Buffer>, { head, tail }: Envelope): AsyncGenerator<Buffer> {
  yield Buffer.from(head);
  let isFirst = true;
  for await (const record of records) {
    if (!isFirst) yield comma;
    yield record;
    isFirst = false;
  }
  yield Buffer.from(tail);
}

const comma = Buffer.from(",");
const separated = (records: readonly Buffer[]): Buffer[] =>
  records.flatMap((record, index) => (index === 0 ? [record] : [comma, record]));

async function readGroup(db: Database, set: RecordSet, group: readonly RecordEntry[]): Promise<Buffer[]> {
  const keys = group.map(({ naturalKey }) => naturalKey);
  const frames = keys.length === 0 ? [] : await readFrames(db, set, keys);
  return Promise.all(frames.map(({ zstd, bytes }) => decompress(zstd, bytes)));
}
