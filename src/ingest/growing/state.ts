/** The stored state of a part that grows: its fold, and which payload has which place in the order of arrival. */
import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import {
  type GrowingSample,
  type Grown,
  heldInForce,
  inForce,
  nothingGrown,
} from "../../providers/kit/growing/fold.ts";
import type { Part, ResourceRef } from "../../providers/provider.ts";

export interface PartState {
  readonly grown: Grown<GrowingSample>;
  /** The places of the payloads that hold something, in order. Bodies that arrived together share a place. */
  readonly payloads: readonly (readonly [order: number, rawPayloadId: string])[];
}

export const emptyState: PartState = { grown: nothingGrown, payloads: [] };

const settings = { params: { [constants.ZSTD_c_compressionLevel]: 3 } };

export const packState = (state: PartState): Buffer =>
  zstdCompressSync(Buffer.from(JSON.stringify(state)), settings);

export const unpackState = (packed: Uint8Array): PartState =>
  JSON.parse(zstdDecompressSync(packed).toString("utf8"));

/** Returns the payloads that the items in force came in, sorted. */
export function payloadsInForce({ grown, payloads }: PartState): string[] {
  const orders = new Set(heldInForce(grown).map(({ order }) => order));
  const ids = payloads.filter(([order]) => orders.has(order)).map(([, rawPayloadId]) => rawPayloadId);
  return [...new Set(ids)].sort();
}

/** A part whose items are still packed. */
export interface PackedPart extends ResourceRef {
  readonly state: Uint8Array;
}

/** Returns the part as normalisers get it: its value is the list of the items in force. */
export const openPart = (part: Part | PackedPart): Part =>
  "state" in part
    ? { resource: part.resource, key: part.key, value: inForce(unpackState(part.state).grown) }
    : part;
