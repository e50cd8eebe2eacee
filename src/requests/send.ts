/** Makes the events of a data request in a worker: one job, one event. */
import { emitEvents, type NewEvent } from "../delivery/emit.ts";
import { type DataType, dataTypes } from "../models/index.ts";
import { type Connection, lockConnection } from "../store/connections.ts";
import { hasEvent } from "../store/events.ts";
import type { DataRequestJob } from "../store/queue.ts";
import { type RecordFrame, type RecordSummary, readFrames, readNamedSummaries } from "../store/records.ts";
import type { Store } from "../store/store.ts";
import type { DatabaseTransaction } from "../store/tables.ts";
import { compress } from "../store/zstd.ts";
import { type Envelope, eventEnvelope } from "../terra/envelope.ts";
import { terraUser } from "../terra/user.ts";

/** Makes the event of a job. A second run makes no second event. */
export async function sendRequestedData(store: Store, job: DataRequestJob): Promise<void> {
  const type = dataTypes.find((name) => name === job.type);
  if (type === undefined) return;
  await store.db.transaction().execute(async (tx) => {
    // Locked, so that the data of a person who is leaving at this moment is not sent after all.
    const present = await lockConnection(tx, job);
    if (present === null || (await hasEvent(tx, { ...job, since: new Date(job.requestedAt) }))) return;
    // Read under the lock, so that no newer revision is sent between this read and the event's own time.
    await emitEvents(tx, store.queue, [await eventOf(tx, present, type, job)]);
  });
}

type Body = Pick<NewEvent, "body" | "compressed" | "records">;

async function eventOf(
  tx: DatabaseTransaction,
  connection: Connection,
  type: DataType,
  job: DataRequestJob,
): Promise<NewEvent> {
  const set = { environmentId: job.environmentId, userId: job.userId, type };
  const envelope = eventEnvelope(type, terraUser(connection));
  const body: Body = job.withSamples
    ? await joinFrames(envelope, type, await readFrames(tx, set, job.naturalKeys))
    : joinSummaries(envelope, type, await readNamedSummaries(tx, set, job.naturalKeys));
  return {
    environmentId: job.environmentId,
    userId: job.userId,
    referenceId: connection.reference_id,
    provider: connection.provider,
    type,
    reference: job.reference,
    traceId: job.traceId,
    ...body,
  };
}

function joinSummaries({ head, tail }: Envelope, type: DataType, records: readonly RecordSummary[]): Body {
  const body = `${head}${records.map(({ json }) => json).join(",")}${tail}`;
  return { body, records: recordsOf(type, records) };
}

/**
 * Joins frames. zstd frames one after the other decompress to their contents one after the other, so nothing is
 * unpacked.
 */
async function joinFrames(
  { head, tail }: Envelope,
  type: DataType,
  records: readonly RecordFrame[],
): Promise<Body> {
  const [before, comma, after] = await Promise.all([compress(head), compress(","), compress(tail)]);
  const frames = records.flatMap(({ zstd }, index) => (index === 0 ? [zstd] : [comma, zstd]));
  const recordBytes = records.reduce((sum, { bytes }) => sum + bytes, Math.max(0, records.length - 1));
  return {
    body: null,
    compressed: {
      zstd: Buffer.concat([before, ...frames, after]),
      bytes: Buffer.byteLength(head) + recordBytes + Buffer.byteLength(tail),
    },
    records: recordsOf(type, records),
  };
}

/** The ids and revisions of the records, by which a target that stores them can tell older from newer. */
const recordsOf = (
  type: DataType,
  records: readonly { naturalKey: string; revision: number }[],
): NewEvent["records"] => records.map(({ naturalKey, revision }) => ({ type, naturalKey, revision }));
