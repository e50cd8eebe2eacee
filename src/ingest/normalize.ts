/**
 * From parts to records. A record is always made anew from the newest raw payload of each of its parts, so
 * it does not matter in which order, how often or by how many workers those were fetched.
 */
import {
  isNamedBy,
  type Normalizer,
  type Part,
  type Provider,
  type RecordRef,
} from "../providers/provider.ts";
import { type ConnectionId, lockConnection } from "../store/connections.ts";
import { findPartSources, type PartSource, readRawPayload } from "../store/raw-payloads.ts";
import { findRecordSource, isSameMaking, writeRecord } from "../store/record-writer.ts";
import type { DatabaseTransaction } from "../store/tables.ts";
import { announce, announced } from "./announce.ts";
import type { IngestDeps } from "./deps.ts";
import type { FetchedParts } from "./fetch.ts";
import { contentOf, identityOf, payloadsOf } from "./record-content.ts";

/** A record to be made, and who makes it. */
export interface RecordOrder extends RecordRef {
  readonly normalizer: Normalizer;
}

/** The records that parts take part in, each once. */
export function affectedRecords(
  provider: Pick<Provider, "normalizers">,
  parts: readonly Part[],
): RecordOrder[] {
  const orders = new Map<string, RecordOrder>();
  for (const part of parts) {
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
  deps: Pick<IngestDeps, "store" | "parsing">,
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
    const rawPayloadIds = payloadsOf(sources);
    const made = { mapperVersion: provider.mapperVersion, rawPayloadIds };
    // The same bodies through the same mapping make the same record: there is nothing to do.
    const known = await findRecordSource(tx, id, order);
    if (known !== null && isSameMaking(known, made)) return "unchanged";
    const parts = await loadParts({ tx, parsing: deps.parsing, provider, id }, order, sources, fetched);
    const making = { provider, normalizer: order.normalizer, parts };
    const { environmentId } = id;
    const record = await deps.parsing.normalize(making, { environmentId, rawPayloadIds });
    if (record === null) return "unchanged";
    const summaryId = await identityOf(tx, id, order, known);
    const content = contentOf(provider, order, { record, rawPayloadIds, summaryId });
    const written = await writeRecord(tx, id, content);
    if (written === null) return "unchanged";
    await announce(tx, deps.store, connection, [announced(content, written)], traceId);
    return "changed";
  });
}

interface Loading {
  readonly tx: DatabaseTransaction;
  readonly parsing: IngestDeps["parsing"];
  readonly provider: Provider;
  readonly id: ConnectionId;
}

/** The parts of a record in the normaliser's order: just fetched ones from memory, others from what is kept. */
async function loadParts(
  loading: Loading,
  { normalizer, naturalKey }: RecordOrder,
  sources: readonly PartSource[],
  fetched: readonly FetchedParts[],
): Promise<Part[]> {
  const parts: Part[] = [];
  // Several parts of a record may stand in one list: it is split once.
  const split = new Map<string, readonly Part[]>();
  const named = normalizer
    .partsOf(naturalKey)
    .flatMap((ref) => sources.filter(({ resource, partKey: key }) => isNamedBy(ref, { resource, key })));
  for (const source of named) {
    const name = `${source.rawPayloadId} ${source.resource}`;
    const fresh = fetched.find(({ rawPayloadId }) => rawPayloadId === source.rawPayloadId)?.parts;
    const candidates = fresh ?? split.get(name) ?? (await splitAgain(loading, source));
    split.set(name, candidates);
    const part = candidates.find(
      ({ resource, key }) => resource === source.resource && key === source.partKey,
    );
    if (part !== undefined) parts.push(part);
  }
  return parts;
}

async function splitAgain(
  { tx, parsing, provider, id: { environmentId } }: Loading,
  { resource, resourceKey: key, rawPayloadId }: PartSource,
): Promise<readonly Part[]> {
  const body = await readRawPayload(tx, environmentId, rawPayloadId);
  if (body === null) return [];
  return (await parsing.split({ environmentId, rawPayloadId, provider, resource, key }, body)).parts;
}
