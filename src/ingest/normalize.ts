/**
 * From parts to records. A record is always made anew from the newest raw payload of each of its parts, so
 * it does not matter in which order, how often or by how many workers those were fetched.
 */
import { terraUser } from "../connections/terra-user.ts";
import { emitEvents, type NewEvent } from "../delivery/emit.ts";
import { eventEnvelope } from "../delivery/envelope.ts";
import { type DataType, parseTimestamp, withoutSamples } from "../models/index.ts";
import type { Normalizer, Part, Provider, RecordRef } from "../providers/provider.ts";
import {
  type Connection,
  type ConnectionId,
  lockConnection,
  updateConnection,
} from "../store/connections.ts";
import { findPartSources, type PartSource, readRawPayload } from "../store/raw-payloads.ts";
import {
  isRecordMadeOf,
  type RecordContent,
  type WrittenRecord,
  writeRecord,
} from "../store/record-writer.ts";
import type { DatabaseTransaction } from "../store/tables.ts";
import { compress } from "../store/zstd.ts";
import type { IngestDeps } from "./deps.ts";
import { type FetchedParts, resourceOf, splitBody } from "./fetch.ts";

interface RecordOrder extends RecordRef {
  readonly normalizer: Normalizer;
}

/** The records that freshly fetched parts take part in, each once. */
export function affectedRecords(provider: Provider, fetched: readonly FetchedParts[]): RecordOrder[] {
  const orders = new Map<string, RecordOrder>();
  for (const part of fetched.flatMap(({ parts }) => parts)) {
    for (const normalizer of provider.normalizers) {
      for (const ref of normalizer.affects(part)) {
        orders.set(`${ref.type} ${ref.naturalKey}`, { ...ref, normalizer });
      }
    }
  }
  return [...orders.values()];
}

/**
 * Makes one record and, when it changed, writes it with its event and deliveries in one transaction.
 * A connection that is gone by now gets nothing.
 */
export async function makeRecord(
  deps: IngestDeps,
  provider: Provider,
  id: ConnectionId,
  order: RecordOrder,
  fetched: readonly FetchedParts[],
  traceId: string,
): Promise<"changed" | "unchanged" | "gone"> {
  return deps.store.db.transaction().execute(async (tx) => {
    const connection = await lockConnection(tx, id);
    if (connection === null) return "gone";
    const sources = await findPartSources(tx, id, order.normalizer.partsOf(order.naturalKey));
    const rawPayloadIds = [...new Set(sources.map((source) => source.rawPayloadId))].sort();
    const made = { mapperVersion: provider.mapperVersion, rawPayloadIds };
    // The same bodies through the same mapping make the same record: there is nothing to do.
    if (await isRecordMadeOf(tx, id, order, made)) return "unchanged";
    const parts = await loadParts(tx, provider, id, order, sources, fetched);
    const record = order.normalizer.normalize(parts);
    if (record === null) return "unchanged";
    const content = contentOf(provider, order, record as Fields, rawPayloadIds);
    const written = await writeRecord(tx, id, content);
    if (written === null) return "unchanged";
    const updated = await noteData(tx, connection, content);
    await emitEvents(tx, deps.store.queue, [
      await recordEvent(updated ?? connection, content, written, traceId),
    ]);
    return "changed";
  });
}

type Fields = Record<string, unknown> & { metadata?: { start_time?: string; end_time?: string } };

function contentOf(
  provider: Provider,
  { type, naturalKey }: RecordRef,
  record: Fields,
  rawPayloadIds: readonly string[],
): RecordContent {
  return {
    type,
    naturalKey,
    mapperVersion: provider.mapperVersion,
    json: JSON.stringify(record),
    summaryJson: JSON.stringify(withoutSamples<DataType>(type, record as never)),
    startTime: record.metadata?.start_time ?? null,
    endTime: record.metadata?.end_time ?? null,
    rawPayloadIds,
  };
}

/** The parts of a record in the normaliser's order: just fetched ones from memory, others from what is kept. */
async function loadParts(
  tx: DatabaseTransaction,
  provider: Provider,
  id: ConnectionId,
  { normalizer, naturalKey }: RecordOrder,
  sources: readonly PartSource[],
  fetched: readonly FetchedParts[],
): Promise<Part[]> {
  const parts: Part[] = [];
  for (const ref of normalizer.partsOf(naturalKey)) {
    const source = sources.find(({ resource, partKey }) => resource === ref.resource && partKey === ref.key);
    if (source === undefined) continue;
    const fresh = fetched.find(({ rawPayloadId }) => rawPayloadId === source.rawPayloadId)?.parts;
    const candidates = fresh ?? (await splitAgain(tx, provider, id, source));
    const part = candidates.find(({ resource, key }) => resource === ref.resource && key === ref.key);
    if (part !== undefined) parts.push(part);
  }
  return parts;
}

async function splitAgain(
  tx: DatabaseTransaction,
  provider: Provider,
  id: ConnectionId,
  source: { resource: string; resourceKey: string; rawPayloadId: string },
): Promise<readonly Part[]> {
  const body = await readRawPayload(tx, id.environmentId, source.rawPayloadId);
  if (body === null) return [];
  const ref = { resource: source.resource, key: source.resourceKey };
  return splitBody(resourceOf(provider, ref), ref, body).parts;
}

async function noteData(
  tx: DatabaseTransaction,
  connection: Connection,
  content: RecordContent,
): Promise<Connection | null> {
  const now = new Date();
  return updateConnection(
    tx,
    { environmentId: connection.environment_id, userId: connection.user_id },
    {
      last_webhook_update: now,
      most_recent_data_at: latest(connection.most_recent_data_at, content.endTime ?? content.startTime, now),
    },
  );
}

/** A day without an offset ends by local time; "most recent" must not lie in the future because of it. */
function latest(known: Date | null, until: string | null, now: Date): Date | null {
  if (until === null) return known;
  const { instantEpochMs, localEpochMs } = parseTimestamp(until);
  const instant = Math.min(instantEpochMs ?? localEpochMs, now.getTime());
  return new Date(Math.max(instant, known?.getTime() ?? 0));
}

async function recordEvent(
  connection: Connection,
  content: RecordContent,
  written: WrittenRecord,
  traceId: string,
): Promise<NewEvent> {
  const { head, tail } = eventEnvelope(content.type, terraUser(connection));
  // zstd frames may follow one another, so the record that is kept compressed need not be compressed again.
  const zstd = Buffer.concat([await compress(head), written.detailed, await compress(tail)]);
  const bytes = Buffer.byteLength(head) + Buffer.byteLength(content.json) + Buffer.byteLength(tail);
  return {
    environmentId: connection.environment_id,
    type: content.type,
    userId: connection.user_id,
    referenceId: connection.reference_id,
    provider: connection.provider,
    records: [{ type: content.type, naturalKey: content.naturalKey, revision: written.revision }],
    reference: traceId,
    traceId: `${traceId}:${content.type}:${content.naturalKey}:${written.revision}`,
    body: null,
    compressed: { zstd, bytes },
  };
}
