/** Announces written records: updates the date of the connection's newest data and emits an event for each record. */
import { emitEvents, type NewEvent } from "../delivery/emit.ts";
import { parseTimestamp } from "../models/index.ts";
import { type Connection, connectionIdOf, updateConnection } from "../store/connections.ts";
import type { ChoosingConnection } from "../store/data-choices.ts";
import type { RecordContent, WrittenRecord } from "../store/record-writer.ts";
import type { Store } from "../store/store.ts";
import type { DatabaseTransaction } from "../store/tables.ts";
import { compress } from "../store/zstd.ts";
import { type Envelope, eventEnvelope } from "../terra/envelope.ts";
import { terraUser } from "../terra/user.ts";

/** A record that was just written. Its text with samples is compressed. */
export interface Announced
  extends WrittenRecord,
    Pick<RecordContent, "type" | "naturalKey" | "startTime" | "endTime" | "summaryJson"> {
  /** The length of its JSON text with samples. */
  readonly bytes: number;
}

export const announced = (content: RecordContent, written: WrittenRecord): Announced => ({
  ...written,
  type: content.type,
  naturalKey: content.naturalKey,
  startTime: content.startTime,
  endTime: content.endTime,
  summaryJson: content.summaryJson,
  bytes: content.json.length,
});

/** Emits one event for each record, in the transaction that wrote them. The caller holds the connection's lock. */
export async function announce(
  tx: DatabaseTransaction,
  { queue }: Pick<Store, "queue">,
  connection: ChoosingConnection,
  { records, traceId }: { readonly records: readonly Announced[]; readonly traceId: string },
): Promise<void> {
  if (records.length === 0) return;
  const updated = (await noteData(tx, connection, records)) ?? connection;
  const { sends_samples: samples } = connection;
  const events = await Promise.all(
    records.map((record) => recordEvent(updated, record, { traceId, samples })),
  );
  await emitEvents(tx, queue, events);
}

async function noteData(
  tx: DatabaseTransaction,
  connection: Connection,
  records: readonly Announced[],
): Promise<Connection | null> {
  const now = new Date();
  return updateConnection(tx, connectionIdOf(connection), {
    last_webhook_update: now,
    most_recent_data_at: records.reduce(
      (known, { endTime, startTime }) => latest(known, endTime ?? startTime, now),
      connection.most_recent_data_at,
    ),
  });
}

/** Returns the later of two times, but none in the future: a day without an offset ends by local time. */
function latest(known: Date | null, until: string | null, now: Date): Date | null {
  if (until === null) return known;
  const { instantEpochMs, localEpochMs } = parseTimestamp(until);
  const instant = Math.min(instantEpochMs ?? localEpochMs, now.getTime());
  return new Date(Math.max(instant, known?.getTime() ?? 0));
}

interface Sent {
  readonly traceId: string;
  /** Whether the event has samples. */
  readonly samples: boolean;
}

async function recordEvent(
  connection: Connection,
  record: Announced,
  { traceId, samples }: Sent,
): Promise<NewEvent> {
  const { type, naturalKey, revision } = record;
  const envelope = eventEnvelope(type, terraUser(connection));
  return {
    environmentId: connection.environment_id,
    type,
    userId: connection.user_id,
    referenceId: connection.reference_id,
    provider: connection.provider,
    records: [{ type, naturalKey, revision }],
    reference: null,
    traceId: `${traceId}:${type}:${naturalKey}:${revision}`,
    ...(samples ? await wholeBody(envelope, record) : summaryBody(envelope, record)),
  };
}

type Body = Pick<NewEvent, "body" | "compressed">;

const summaryBody = ({ head, tail }: Envelope, { summaryJson }: Announced): Body => ({
  body: `${head}${summaryJson}${tail}`,
});

async function wholeBody(
  { head, tail }: Envelope,
  { detailed, bodyKey: key, bytes }: Announced,
): Promise<Body> {
  // zstd frames may follow one another, so the stored compressed record need not be compressed again.
  const [before, after] = await Promise.all([compress(head), compress(tail)]);
  const length = Buffer.byteLength(head) + bytes + Buffer.byteLength(tail);
  const compressed =
    key === null
      ? { zstd: Buffer.concat([before, detailed, after]), bytes: length }
      : { head: before, key, tail: after, bytes: length };
  return { body: null, compressed };
}
