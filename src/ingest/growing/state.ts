/** The stored state of a part that grows: its fold, and which payload has which place in the order of arrival. */
import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import {
  type GrowingSample,
  type Grown,
  type Held,
  inForce,
  nothingGrown,
} from "../../providers/kit/growing/fold.ts";
import type { Part, ResourceRef } from "../../providers/provider.ts";
import { itemsOf, type Listed, tableOf } from "./table.ts";

export interface PartState {
  readonly grown: Grown<GrowingSample>;
  /** The places of the payloads that hold something, in order. Bodies that arrived together share a place. */
  readonly payloads: readonly (readonly [order: number, rawPayloadId: string])[];
}

export const emptyState: PartState = { grown: nothingGrown, payloads: [] };

const settings = { params: { [constants.ZSTD_c_compressionLevel]: 3 } };

type HeldSample = Held<GrowingSample>;

/** The state as JSON: the samples in one table, how they came in another. */
interface Packed extends Omit<PartState, "grown"> {
  readonly grown: Omit<PartState["grown"], "held"> & {
    readonly samples: Listed<GrowingSample>;
    readonly came: Listed<Omit<HeldSample, "sample">>;
  };
}

/** A state that was packed before there were tables. */
const isPlain = (state: Packed | PartState): state is PartState => "held" in state.grown;

export function packState({ grown: { held, ...grown }, ...state }: PartState): Buffer {
  const samples = tableOf(held.map(({ sample }) => sample));
  const came = tableOf(held.map(({ sample, ...one }) => one));
  const packed: Packed = { ...state, grown: { samples, came, ...grown } };
  return zstdCompressSync(Buffer.from(JSON.stringify(packed)), settings);
}

export function unpackState(packed: Uint8Array): PartState {
  const state = JSON.parse(zstdDecompressSync(packed).toString("utf8")) as Packed | PartState;
  if (isPlain(state)) return state;
  const { samples, came, ...grown } = state.grown;
  const items = itemsOf(samples);
  const held = itemsOf(came).map((one, index) => ({ sample: items[index] as GrowingSample, ...one }));
  return { ...state, grown: { held, ...grown } };
}

/** Returns the payloads that these items came in, sorted. */
export function payloadsOf(inForce: readonly HeldSample[], { payloads }: PartState): string[] {
  const orders = new Set(inForce.map(({ order }) => order));
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
