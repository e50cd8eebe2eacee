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
import type { Store } from "../store/store.ts";
import { decompress } from "../store/zstd.ts";
import { answerEnvelope, type Envelope } from "../terra/envelope.ts";
import { terraUser } from "../terra/user.ts";
import { type DataRequest, recordSetOf } from "./data-request.ts";
import { groupBySize } from "./groups.ts";

/** The number of bytes of one answer that are read at a time. */
const groupBytes = 8 * 1024 * 1024;

/** The profile of a person of whom the provider has said nothing. It has every key, because clients index into it. */
const nothingKnown = JSON.stringify(complete("athlete", {}));

type AnswerSource = Pick<Store, "db" | "bodies">;

/** Returns the JSON of an answer. */
export async function answerData(
  source: AnswerSource,
  connection: Connection,
  request: DataRequest,
): Promise<Buffer | Readable> {
  const set = recordSetOf(connection, request);
  const envelope = answerEnvelope(request.type, terraUser(connection));
  if (request.withSamples) return readDetailed(source, set, request.range, envelope);
  const summaries = await readSummaries(source.db, set, request.range);
  if (request.type === "athlete" && summaries.length === 0) summaries.push(nothingKnown);
  return Buffer.from(`${envelope.head}${summaries.join(",")}${envelope.tail}`);
}

/**
 * Reads the first group before anything is sent, because until then an error can still be answered with its own status.
 */
async function readDetailed(
  source: AnswerSource,
  set: RecordSet,
  span: DateSpan | null,
  { head, tail }: Envelope,
): Promise<Buffer | Readable> {
  const entries = await listEntries(source.db, set, span, { withSamples: true });
  const [first = [], ...rest] = groupBySize(entries, groupBytes);
  const firstRecords = await readGroup(source, set, first);
  if (rest.length === 0)
    return Buffer.concat([Buffer.from(head), ...separated(firstRecords), Buffer.from(tail)]);
  const records = streamRecords(source, set, firstRecords, rest);
  return Readable.from(enclose(records, { head, tail }), { objectMode: false });
}

/** Streams the records. Reads the next group while one is being sent, so that at most two are in memory. */
async function* streamRecords(
  source: AnswerSource,
  set: RecordSet,
  first: readonly Buffer[],
  rest: readonly (readonly RecordEntry[])[],
): AsyncGenerator<Buffer> {
  let current = first;
  for (const group of rest) {
    const next = readGroup(source, set, group);
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

async function readGroup(
  source: AnswerSource,
  set: RecordSet,
  group: readonly RecordEntry[],
): Promise<Buffer[]> {
  const keys = group.map(({ naturalKey }) => naturalKey);
  const frames = keys.length === 0 ? [] : await readFrames(source, set, keys);
  return Promise.all(frames.map(({ zstd, bytes }) => decompress(zstd, bytes)));
}
