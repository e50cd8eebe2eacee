/**
 * Parts that grow: all that is known of one type in one period, folded from many bodies. A body adds samples, replaces
 * a period, or deletes. The result depends on the bodies and their places in the order of arrival, and not on the order
 * in which they are folded: each statement is kept with its place, and is in force until a later one covers it.
 */

import { compareValues } from "../in-order.ts";

/** A sample of a part, with its identity among all formats. */
export interface GrowingSample {
  /** The id that the source gave it; null where the format has none. */
  readonly id: string | null;
  /** Equal for the same sample from two formats. */
  readonly identity: string;
  readonly startMs: number;
}

/** From one instant to another; the end is not included. */
export interface Period {
  readonly fromMs: number;
  readonly toMs: number;
}

/** The statements of one body about one part. */
export interface Addition<Sample extends GrowingSample> {
  /** The place of the body in the order of arrival. */
  readonly order: number;
  /** The name of the format that brought it. */
  readonly format: string;
  /**
   * Equal for the bodies into which one export was split: none of them replaces what another one says. Unique to the
   * export.
   */
  readonly batch?: string;
  readonly samples: readonly Sample[];
  /** The period that this body tells completely for its format: earlier samples of the format in it are void. */
  readonly replaces?: Period;
  /** The period that this body tells completely for all formats. */
  readonly settles?: Period;
  /**
   * The instant, in ms, at which a whole export was made. Of two exports the one that was made later holds, whichever
   * arrived first.
   */
  readonly asOf?: number;
  /** The ids of samples that were deleted. */
  readonly deleted?: readonly string[];
}

/** The statements of a body about one part, before it has a place in the order of arrival. */
export type Statement<Sample extends GrowingSample> = Omit<Addition<Sample>, "order">;

/** The place of a statement: the order of its body, the batch that the body belongs to, and when an export was made. */
type Place = Pick<Addition<GrowingSample>, "order" | "batch" | "asOf">;

export interface Held<Sample> extends Place {
  readonly sample: Sample;
  readonly format: string;
}

interface Void extends Period, Place {
  /** Null for all formats. */
  readonly format: string | null;
}

/** The state of a part, as it is stored. */
export interface Grown<Sample extends GrowingSample> {
  /** By format, batch, export, identity and id, the latest statement. */
  readonly held: readonly Held<Sample>[];
  /** The periods that were replaced or settled. */
  readonly voids: readonly Void[];
  readonly deleted: readonly string[];
  /** The ids of samples that are no longer held: a deletion names only the id, and another format may hold the sample. */
  readonly known: readonly KnownId[];
}

type KnownId = readonly [id: string, identity: string];

export const nothingGrown = {
  held: [],
  voids: [],
  deleted: [],
  known: [],
} as const satisfies Grown<GrowingSample>;

/** Returns the state after one more body. */
export function grow<Sample extends GrowingSample>(
  state: Grown<Sample>,
  addition: Addition<Sample>,
): Grown<Sample> {
  const { format, samples } = addition;
  const [voids, place] = [withVoids(state.voids, addition), placeOf(addition)];
  const added = samples.map((sample): Held<Sample> => ({ sample, format, ...place }));
  const kept = latestOfSlots([...state.held, ...added]).filter((one) => !isVoid(one, voids));
  return {
    held: kept,
    voids,
    known: withoutHeld([...idsOf(state), ...idsIn(added)], kept),
    deleted: [...new Set([...state.deleted, ...(addition.deleted ?? [])])].toSorted(compareValues),
  };
}

/** Returns the latest of those that have the same slot, in order. */
function latestOfSlots<Sample extends GrowingSample>(all: readonly Held<Sample>[]): Held<Sample>[] {
  const sorted = all.toSorted(compareHeld);
  if (isInOrder(sorted)) return sorted;
  const latest = new Map<string, Held<Sample>>();
  for (const one of sorted) {
    const slot = slotOf(one);
    const known = latest.get(slot);
    if (known === undefined || isLater(one, known)) latest.set(slot, one);
  }
  return [...latest.values()].sort(compareHeld);
}

/** Whether each sample comes after the one before it: then no two have the same identity. */
export function areInOrder(samples: readonly GrowingSample[]): boolean {
  for (let at = 1; at < samples.length; at += 1)
    if (compareSamples(samples[at - 1] as GrowingSample, samples[at] as GrowingSample) >= 0) return false;
  return true;
}

const isInOrder = (held: readonly Held<GrowingSample>[]): boolean =>
  areInOrder(held.map(({ sample }) => sample));

export const inOrderOfTime = <Sample extends GrowingSample>(samples: readonly Sample[]): readonly Sample[] =>
  areInOrder(samples) ? samples : samples.toSorted(compareSamples);

function idsIn(held: readonly Held<GrowingSample>[]): KnownId[] {
  const ids: KnownId[] = [];
  for (const { sample } of held) if (sample.id !== null) ids.push([sample.id, sample.identity]);
  return ids;
}

/** Returns the ids of all samples that a part has ever had. */
export const idsOf = ({ held, known }: Pick<Grown<GrowingSample>, "held" | "known">): KnownId[] => [
  ...known,
  ...idsIn(held),
];

function withoutHeld(ids: readonly KnownId[], held: readonly Held<GrowingSample>[]): KnownId[] {
  if (ids.length === 0) return [];
  const left = new Map(ids.map((one) => [one.join(" "), one]));
  for (const { sample } of held) left.delete(`${sample.id} ${sample.identity}`);
  return [...left.values()].toSorted(
    ([id, identity], [otherId, otherIdentity]) =>
      compareValues(id, otherId) || compareValues(identity, otherIdentity),
  );
}

export const placeOf = ({ order, batch, asOf }: Place): Place => ({
  order,
  ...(batch !== undefined && { batch }),
  ...(asOf !== undefined && { asOf }),
});

/** A body may bring one sample twice; its text then decides, since the order of a list means nothing. */
const isLater = <Sample>(one: Held<Sample>, known: Held<Sample>): boolean =>
  one.order > known.order ||
  (one.order === known.order && JSON.stringify(one.sample) > JSON.stringify(known.sample));

/** Returns the samples that are in force, one for each identity, in order of time. */
export const inForce = <Sample extends GrowingSample>(state: Grown<Sample>): Sample[] =>
  heldInForce(state).map(({ sample }) => sample);

/** Returns the samples that are in force, each with the place of the body that it came in. */
export function heldInForce<Sample extends GrowingSample>(state: Grown<Sample>): Held<Sample>[] {
  const isGone = deletionsOf(state);
  const living = state.held.filter(({ sample }) => !isGone(sample));
  if (isInOrder(living)) return living;
  const found = new Map<string, Held<Sample>>();
  for (const one of living) {
    const known = found.get(one.sample.identity);
    if (known === undefined || isBetter(one, known)) found.set(one.sample.identity, one);
  }
  return [...found.values()].toSorted((one, other) => compareSamples(one.sample, other.sample));
}

/**
 * Returns a function that says whether a sample was deleted. One without an id was when every id of its identity was:
 * apps delete a sample and write an equal one in its place.
 */
function deletionsOf(state: Grown<GrowingSample>): (sample: GrowingSample) => boolean {
  const gone = new Set(state.deleted);
  if (gone.size === 0) return () => false;
  const all = idsOf(state);
  const living = new Set(all.filter(([id]) => !gone.has(id)).map(([, identity]) => identity));
  const deleted = new Set(all.filter(([id]) => gone.has(id)).map(([, identity]) => identity));
  return ({ id, identity }) => (id === null ? deleted.has(identity) && !living.has(identity) : gone.has(id));
}

/** Of two formats that bring one sample, that with the source's id knows more; else the later body does. */
function isBetter(one: Held<GrowingSample>, other: Held<GrowingSample>): boolean {
  const [withId, otherWithId] = [one.sample.id !== null, other.sample.id !== null];
  if (withId !== otherWithId) return withId;
  return one.order > other.order || (one.order === other.order && one.format < other.format);
}

const slotOf = ({ sample, format, batch = "", asOf = Number.NaN }: Held<GrowingSample>): string =>
  `${format} ${batch} ${asOf} ${sample.identity} ${sample.id ?? ""}`;

const isVoid = (held: Held<GrowingSample>, voids: readonly Void[]): boolean =>
  voids.some(
    (one) =>
      holdsOver(one, held) &&
      (one.format === null || one.format === held.format) &&
      (one.batch === undefined || one.batch !== held.batch) &&
      one.fromMs <= held.sample.startMs &&
      held.sample.startMs < one.toMs,
  );

const holdsOver = (one: Place, other: Place): boolean =>
  one.asOf === undefined || other.asOf === undefined || one.asOf === other.asOf
    ? one.order > other.order
    : one.asOf > other.asOf;

/** Adds a body's periods, without those that later ones cover. */
function withVoids(voids: readonly Void[], addition: Addition<GrowingSample>): readonly Void[] {
  const { format, replaces, settles } = addition;
  const more: Void[] = [];
  if (replaces !== undefined) more.push({ ...replaces, format, ...placeOf(addition) });
  if (settles !== undefined) more.push({ ...settles, format: null, ...placeOf(addition) });
  const added = more.filter((one) => voids.every((known) => compareVoids(one, known) !== 0));
  if (added.length === 0) return voids;
  const all = [...voids, ...added];
  return all.filter((one) => !isNeedless(one, all)).toSorted(compareVoids);
}

/** A batch does not void itself, so it takes one later void of the same batch or of none, or two of different ones. */
function isNeedless(one: Void, all: readonly Void[]): boolean {
  const covering = all.filter((other) => other !== one && covers(other, one));
  return (
    covering.some(({ batch }) => batch === undefined || batch === one.batch) ||
    new Set(covering.map(({ batch }) => batch)).size > 1
  );
}

const covers = (other: Void, one: Void): boolean =>
  other.fromMs <= one.fromMs &&
  other.toMs >= one.toMs &&
  (other.format === null || other.format === one.format) &&
  other.order >= one.order &&
  (other.asOf === one.asOf || (other.asOf ?? Number.NaN) > (one.asOf ?? Number.NaN));

const compareSamples = (one: GrowingSample, other: GrowingSample): number =>
  one.startMs - other.startMs || compareValues(one.identity, other.identity);

const compareHeld = (one: Held<GrowingSample>, other: Held<GrowingSample>): number =>
  compareSamples(one.sample, other.sample) ||
  compareValues(one.format, other.format) ||
  compareValues(one.batch ?? "", other.batch ?? "") ||
  compareExports(one, other) ||
  compareValues(one.sample.id ?? "", other.sample.id ?? "");

const compareVoids = (one: Void, other: Void): number =>
  one.fromMs - other.fromMs ||
  one.toMs - other.toMs ||
  one.order - other.order ||
  compareValues(one.format ?? "", other.format ?? "") ||
  compareValues(one.batch ?? "", other.batch ?? "") ||
  compareExports(one, other);

const compareExports = (one: Place, other: Place): number => (one.asOf ?? -1) - (other.asOf ?? -1);
