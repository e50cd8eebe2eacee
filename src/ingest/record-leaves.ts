/** The parts that a record is made of as the provider sent them, and what becomes of each of their leaves. */
import type { DataType } from "../models/index.ts";
import type { Fate } from "../providers/ledger.ts";
import { fatesOf, leavesOf } from "../providers/ledger-leaves.ts";
import type { Provider } from "../providers/provider.ts";
import { findResource } from "../providers/resource-of.ts";
import type { ConnectionId } from "../store/connections.ts";
import { findPartSources, type PartSource } from "../store/raw-parts.ts";
import { readRawPayload } from "../store/raw-payloads.ts";
import type { Store } from "../store/store.ts";
import { splitBody } from "./parsing/split.ts";

/** Reading a larger body would hold up others. */
const mostBytes = 4 * 1024 * 1024;

export interface LeafFate {
  /** The path in the notation of ledgers. */
  readonly path: string;
  /** One, or one of each kind of item; none where the ledger does not know the leaf. */
  readonly fates: readonly Fate[];
}

export interface PartLeaves extends PartSource {
  /** The part as its normaliser reads it; null where it cannot be read, or not here. */
  readonly value: unknown;
  readonly leaves: readonly LeafFate[];
  readonly problem: "missing" | "too-large" | "unreadable" | null;
}

export async function recordLeaves(
  store: Pick<Store, "db" | "bodies">,
  provider: Provider,
  id: ConnectionId,
  { type, naturalKey }: { readonly type: DataType; readonly naturalKey: string },
): Promise<PartLeaves[]> {
  const refs = provider.normalizers
    .filter((normalizer) => normalizer.type === type)
    .flatMap((normalizer) => normalizer.partsOf(naturalKey));
  if (refs.length === 0) return [];
  const sources = await findPartSources(store.db, id, refs);
  return Promise.all(sources.map((source) => readPart(store, provider, id, source)));
}

async function readPart(
  store: Pick<Store, "db" | "bodies">,
  provider: Provider,
  id: ConnectionId,
  source: PartSource,
): Promise<PartLeaves> {
  const unread = { ...source, value: null, leaves: [] };
  const body = await readRawPayload(store, id, source.rawPayloadId);
  const resource = findResource(provider, source.resource);
  if (body === null || resource === undefined) return { ...unread, problem: "missing" };
  if (body.length > mostBytes) return { ...unread, problem: "too-large" };
  const { parts } = splitBody(resource, { resource: resource.name, key: source.resourceKey }, body);
  const part = parts.find(({ resource, key }) => resource === source.resource && key === source.partKey);
  if (part === undefined) return { ...unread, problem: "unreadable" };
  const leaves = leavesOf(part.value).map((path) => ({ path, fates: fatesOf(resource.ledger, path) }));
  return { ...source, value: part.value, leaves, problem: null };
}
