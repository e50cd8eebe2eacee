/**
 * Folds what one body says into a part that grows, and finds the records that are to be made anew. Pure: it runs in a
 * worker thread where the part is large.
 */
import {
  areInOrder,
  type GrowingSample,
  type Grown,
  grow,
  heldInForce,
  idsOf,
  inForce,
  nothingGrown,
  placeOf,
} from "../../providers/kit/growing/fold.ts";
import type { Part, PartsRef, Provider, RecordsRef } from "../../providers/provider.ts";
import { findResource } from "../../providers/resource-of.ts";
import { contentHash } from "../../store/content-hash.ts";
import type { GrownPart } from "../../store/grown-parts.ts";
import { affectedRecords } from "../record-targets.ts";
import { isSettled, samplesText } from "./samples-text.ts";
import {
  emptyState,
  openPart,
  type PackedPart,
  type PartState,
  packFirst,
  packState,
  payloadsOf,
  unpackState,
} from "./state.ts";
import { type PartStatements, type ReadStatement, readStatements } from "./statements.ts";

/** The payload that a statement came in, with its place in the order of arrival. */
export interface Arrival {
  readonly order: number;
  readonly rawPayloadId: string;
}

export interface FoldInput extends PartStatements {
  /** The state so far; null for a new part. */
  readonly before: Uint8Array | null;
  /** The ids of items that were deleted without saying in which part they are. */
  readonly deletedAnywhere: readonly string[];
}

export interface FoldedPart extends GrownPart {
  /** Whether the items in force are others than before. */
  readonly isChanged: boolean;
  /** The records that have items of it, or had. */
  readonly affected: readonly RecordsRef[];
  /** The parts whose records it belongs to as well. */
  readonly companions: readonly PartsRef[];
  /** Those of the ids deleted anywhere that it has. */
  readonly found: readonly string[];
}

type Declared = Pick<Provider, "normalizers" | "resources">;

export function foldPart(provider: Declared, arrival: Arrival, input: FoldInput): FoldedPart {
  const statements = readStatements(input);
  const [only] = statements;
  return input.before === null && only !== undefined && statements.length === 1 && isWithoutFold(only)
    ? foldFirst(provider, arrival, input, only)
    : foldInto(provider, arrival, input, statements);
}

/**
 * Whether what is told of a new part is its state: samples in order, of which none has an id that may be deleted. Nearly
 * all parts of a first import are such.
 */
const isWithoutFold = ({ samples, text }: ReadStatement): boolean =>
  samples.length > 0 &&
  isSettled(text, samples) &&
  samples.every(({ id }) => id === null) &&
  areInOrder(samples);

function foldFirst(
  provider: Declared,
  { order, rawPayloadId }: Arrival,
  { resource, key }: FoldInput,
  { samples: items, text, ...told }: ReadStatement,
): FoldedPart {
  const { held, ...rest } = grow(nothingGrown, { ...told, order, samples: [] });
  const came = { format: told.format, ...placeOf({ ...told, order }) };
  const payloads = [[order, rawPayloadId]] as const;
  const part = { resource, key, value: items };
  return {
    resource,
    key,
    state: packFirst(text, { ...rest, came, count: items.length, payloads }),
    contentHash: hashOf(text),
    rawPayloadIds: [rawPayloadId],
    isChanged: true,
    affected: recordsOf(provider, [part]),
    companions: companionsOf(provider, part),
    found: [],
  };
}

const companionsOf = (provider: Declared, part: Part<readonly GrowingSample[]>): readonly PartsRef[] =>
  findResource(provider, part.resource)?.growing?.companions?.(part) ?? [];

function foldInto(
  provider: Declared,
  arrival: Arrival,
  input: FoldInput,
  statements: readonly ReadStatement[],
): FoldedPart {
  const { resource, key, before: packed } = input;
  const before = packed === null ? emptyState : unpackState(packed);
  const told = stateAfter(before, arrival, statements);
  const found = idsAmong(told, input.deletedAnywhere);
  const after = found.length === 0 ? told : withDeleted(told, arrival, found);
  const held = heldInForce(after.grown);
  const [itemsBefore, items] = [inForce(before.grown), held.map(({ sample }) => sample)];
  const text = samplesText(items);
  const hash = hashOf(text);
  const isChanged = packed === null ? items.length > 0 : !hash.equals(hashOf(samplesText(itemsBefore)));
  const [partBefore, part] = [itemsBefore, items].map((value) => ({ resource, key, value }));
  const known = [partBefore, part].filter((one) => one !== undefined && one.value.length > 0) as Part[];
  return {
    resource,
    key,
    // Samples that are all in force are in the order in which they are held.
    state: packState(after, items.length === after.grown.held.length ? text : undefined),
    contentHash: hash,
    rawPayloadIds: payloadsOf(held, after),
    isChanged,
    affected: isChanged ? recordsOf(provider, known) : [],
    companions: isChanged ? companionsOf(provider, { resource, key, value: items }) : [],
    found,
  };
}

const hashOf = (text: string): Buffer => Buffer.from(contentHash(Buffer.from(text)));

function idsAmong({ grown }: PartState, ids: readonly string[]): string[] {
  if (ids.length === 0) return [];
  const known = new Set(idsOf(grown).map(([id]) => id));
  return ids.filter((id) => known.has(id));
}

const withDeleted = (state: PartState, { order }: Arrival, deleted: readonly string[]): PartState => ({
  ...state,
  grown: grow(state.grown, { order, format: "", samples: [], deleted }),
});

function stateAfter(
  before: PartState,
  { order, rawPayloadId }: Arrival,
  statements: readonly ReadStatement[],
): PartState {
  const grown = statements.reduce<Grown<GrowingSample>>(
    (state, statement) => grow(state, { ...statement, order }),
    before.grown,
  );
  const orders = new Set(grown.held.map((one) => one.order));
  const known = before.payloads.some(([one, id]) => one === order && id === rawPayloadId);
  const payloads = known ? before.payloads : [...before.payloads, [order, rawPayloadId] as const];
  return { grown, payloads: payloads.filter(([one]) => orders.has(one)).toSorted(comparePlaces) };
}

type Place = PartState["payloads"][number];

const comparePlaces = ([order, id]: Place, [otherOrder, otherId]: Place): number =>
  order - otherOrder || (id < otherId ? -1 : 1);

/** Returns the records that parts with these items belong to. */
export function recordsOf(provider: Declared, parts: readonly (Part | PackedPart)[]): RecordsRef[] {
  const targets = affectedRecords(provider, parts.map(openPart));
  return targets.map(({ normalizer: _, ...ref }) => ref);
}
