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
import { samplesText } from "./samples-text.ts";
import { itemsOf, type Listed, tableOf, tableOfSame } from "./table.ts";

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

/** @param samples the text of the samples that are held, where it is known already */
export const packState = (
  { grown: { held, ...rest }, payloads }: PartState,
  samples = samplesText(held.map(({ sample }) => sample)),
): Buffer => packTexts(samples, { payloads, rest: { came: cameOf(held), ...rest } });

/** Packs the state of a part of which one body has told all samples. @param samples their text, in order */
export function packFirst(
  samples: string,
  {
    came,
    count,
    payloads,
    ...rest
  }: Omit<PartState["grown"], "held"> &
    Pick<PartState, "payloads"> & { readonly came: Omit<HeldSample, "sample">; readonly count: number },
): Buffer {
  return packTexts(samples, { payloads, rest: { came: tableOfSame(came, count), ...rest } });
}

function packTexts(
  samples: string,
  { payloads, rest }: { payloads: PartState["payloads"]; rest: object },
): Buffer {
  const grown = `{"samples":${samples},${JSON.stringify(rest).slice(1)}`;
  const json = `{"payloads":${JSON.stringify(payloads)},"grown":${grown}}`;
  return zstdCompressSync(Buffer.from(json), settings);
}

function cameOf(held: readonly HeldSample[]): Packed["grown"]["came"] {
  const [first] = held;
  if (first === undefined) return [];
  const cameAlike = held.every(
    (one) =>
      one.order === first.order &&
      one.format === first.format &&
      one.batch === first.batch &&
      one.asOf === first.asOf,
  );
  return cameAlike ? tableOfSame(howCame(first), held.length) : tableOf(held.map(howCame));
}

const howCame = ({ sample, ...came }: HeldSample): Omit<HeldSample, "sample"> => came;

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
