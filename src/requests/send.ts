/** Makes the events of a data request in a worker: one job, one event. */
import { emitEvents, type NewEvent } from "../delivery/emit.ts";
import { type DataType, dataTypes } from "../models/index.ts";
import { placeBody } from "../store/bodies/outside.ts";
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
    await emitEvents(tx, store.queue, [await eventOf({ ...store, db: tx }, present, type, job)]);
  });
}

interface Source extends Pick<Store, "bodies" | "outside"> {
  readonly db: DatabaseTransaction;
}

interface MadeBody extends Pick<NewEvent, "body" | "records"> {
  readonly compressed?: { readonly zstd: Buffer; readonly bytes: number };
}

async function eventOf(
  source: Source,
  connection: Connection,
  type: DataType,
  job: DataRequestJob,
): Promise<NewEvent> {
  const set = { environmentId: job.environmentId, userId: job.userId, type };
  const envelope = eventEnvelope(type, terraUser(connection));
  const body: MadeBody = job.withSamples
    ? await joinFrames(envelope, type, await readFrames(source, set, job.naturalKeys))
    : joinSummaries(envelope, type, await readNamedSummaries(source.db, set, job.naturalKeys));
  const placed = await placeEvent(source, set, body);
  return {
    environmentId: job.environmentId,
    userId: job.userId,
    referenceId: connection.reference_id,
    provider: connection.provider,
    type,
    reference: job.reference,
    traceId: job.traceId,
    ...placed,
  };
}

/** Puts the body of an event into the body store, if it is long enough. */
async function placeEvent(
  { db, outside }: Source,
  owner: { readonly environmentId: string; readonly userId: string },
  made: MadeBody,
): Promise<Pick<NewEvent, "body" | "compressed" | "records">> {
  if (outside === undefined) return made;
  const { zstd, bytes } = made.compressed ?? (await compressedBody(made));
  const { key } = await placeBody(db, outside, owner, zstd);
  const compressed = key === null ? { zstd, bytes } : { head: empty, key, tail: empty, bytes };
  return { ...made, body: null, compressed };
}

const empty = Buffer.alloc(0);

const compressedBody = async ({ body }: MadeBody) => {
  const json = Buffer.from(body ?? "");
  return { zstd: await compress(json), bytes: json.length };
};

function joinSummaries(
  { head, tail }: Envelope,
  type: DataType,
  records: readonly RecordSummary[],
): MadeBody {
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
): Promise<MadeBody> {
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
