/** The workers' side of a data request: one job, one event. */
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

/** May be done twice: an event that is there already is not made again. */
export async function sendRequestedData(store: Store, job: DataRequestJob): Promise<void> {
  const type = dataTypes.find((name) => name === job.type);
  if (type === undefined) return;
  await store.db.transaction().execute(async (tx) => {
    // Held, so that the data of a person who leaves at this moment is not sent after all.
    const present = await lockConnection(tx, job);
    if (present === null || (await hasEvent(tx, { ...job, since: new Date(job.requestedAt) }))) return;
    // Read under the lock: no newer revision can be sent between the reading and this event's own time.
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

/** zstd frames one after the other are their contents one after the other: nothing is unpacked on the way. */
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

/** A target that stores must be able to tell older from newer. */
const recordsOf = (
  type: DataType,
  records: readonly { naturalKey: string; revision: number }[],
): NewEvent["records"] => records.map(({ naturalKey, revision }) => ({ type, naturalKey, revision }));
