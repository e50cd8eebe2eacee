/** Announces written records: updates the date of the connection's newest data and emits an event for each record. */
import { emitEvents, type NewEvent } from "../delivery/emit.ts";
import { parseTimestamp } from "../models/index.ts";
import { type Connection, connectionIdOf, updateConnection } from "../store/connections.ts";
import type { RecordContent, WrittenRecord } from "../store/record-writer.ts";
import type { Store } from "../store/store.ts";
import type { DatabaseTransaction } from "../store/tables.ts";
import { compress } from "../store/zstd.ts";
import { eventEnvelope } from "../terra/envelope.ts";
import { terraUser } from "../terra/user.ts";

/** A record that was just written, without its text. */
export interface Announced
  extends WrittenRecord,
    Pick<RecordContent, "type" | "naturalKey" | "startTime" | "endTime"> {
  /** The length of its JSON text. */
  readonly bytes: number;
}

export const announced = (content: RecordContent, written: WrittenRecord): Announced => ({
  ...written,
  type: content.type,
  naturalKey: content.naturalKey,
  startTime: content.startTime,
  endTime: content.endTime,
  bytes: Buffer.byteLength(content.json),
});

/** Emits one event for each record, in the transaction that wrote them. The caller holds the connection's lock. */
export async function announce(
  tx: DatabaseTransaction,
  { queue }: Pick<Store, "queue">,
  connection: Connection,
  { records, traceId }: { readonly records: readonly Announced[]; readonly traceId: string },
): Promise<void> {
  if (records.length === 0) return;
  const updated = (await noteData(tx, connection, records)) ?? connection;
  const events = await Promise.all(records.map((record) => recordEvent(updated, record, traceId)));
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

async function recordEvent(connection: Connection, record: Announced, traceId: string): Promise<NewEvent> {
  const { type, naturalKey, revision } = record;
  const { head, tail } = eventEnvelope(type, terraUser(connection));
  // zstd frames may follow one another, so the stored compressed record need not be compressed again.
  const zstd = Buffer.concat([await compress(head), record.detailed, await compress(tail)]);
  const bytes = Buffer.byteLength(head) + record.bytes + Buffer.byteLength(tail);
  return {
    environmentId: connection.environment_id,
    type,
    userId: connection.user_id,
    referenceId: connection.reference_id,
    provider: connection.provider,
    records: [{ type, naturalKey, revision }],
    reference: null,
    traceId: `${traceId}:${type}:${naturalKey}:${revision}`,
    body: null,
    compressed: { zstd, bytes },
  };
}
