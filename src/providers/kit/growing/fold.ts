/**
 * Parts that grow: all that is known of one type in one period, folded from many bodies. A body adds samples, replaces
 * a period, or deletes. The result depends on the bodies and their places in the order of arrival, and not on the order
 * in which they are folded: each statement is kept with its place, and is in force until a later one covers it.
 */

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
  readonly samples: readonly Sample[];
  /** The period that this body tells completely for its format: what the format said of it before is void. */
  readonly replaces?: Period;
  /** The period that this body tells completely for all formats. */
  readonly settles?: Period;
  /** The ids of samples that were deleted. */
  readonly deleted?: readonly string[];
}

/** What a body says of one part, before it has a place in the order of arrival. */
export type Statement<Sample extends GrowingSample> = Omit<Addition<Sample>, "order">;

interface Held<Sample> {
  readonly sample: Sample;
  readonly order: number;
  readonly format: string;
}

interface Void extends Period {
  readonly order: number;
  /** Null for all formats. */
  readonly format: string | null;
}

/** The state of a part, as it is stored. */
export interface Grown<Sample extends GrowingSample> {
  /** By format and identity, the latest statement. */
  readonly held: readonly Held<Sample>[];
  /** The periods that were replaced or settled. */
  readonly voids: readonly Void[];
  readonly deleted: readonly string[];
}

export const nothingGrown = { held: [], voids: [], deleted: [] } as const satisfies Grown<GrowingSample>;

/** Returns the state after one more body. */
export function grow<Sample extends GrowingSample>(
  state: Grown<Sample>,
  addition: Addition<Sample>,
): Grown<Sample> {
  const { order, format, samples } = addition;
  const voids = withVoids(state.voids, addition);
  const held = new Map(state.held.map((one) => [slotOf(one), one]));
  for (const sample of samples) {
    const one = { sample, order, format };
    const known = held.get(slotOf(one));
    if (known === undefined || isLater(one, known)) held.set(slotOf(one), one);
  }
  return {
    held: [...held.values()].filter((one) => !isVoid(one, voids)).toSorted(compareHeld),
    voids,
    deleted: [...new Set([...state.deleted, ...(addition.deleted ?? [])])].toSorted(compareText),
  };
}

/** A body may bring one sample twice; its text then decides, since the order of a list means nothing. */
const isLater = <Sample>(one: Held<Sample>, known: Held<Sample>): boolean =>
  one.order > known.order ||
  (one.order === known.order && JSON.stringify(one.sample) > JSON.stringify(known.sample));

/** Returns the samples that are in force, one for each identity, in order of time. */
export function inForce<Sample extends GrowingSample>({ held, deleted }: Grown<Sample>): Sample[] {
  const gone = new Set(deleted);
  const goneIdentities = new Set(
    held
      .filter(({ sample }) => sample.id !== null && gone.has(sample.id))
      .map(({ sample }) => sample.identity),
  );
  const found = new Map<string, Held<Sample>>();
  for (const one of held) {
    if (goneIdentities.has(one.sample.identity)) continue;
    const known = found.get(one.sample.identity);
    if (known === undefined || isBetter(one, known)) found.set(one.sample.identity, one);
  }
  return [...found.values()].map(({ sample }) => sample).toSorted(compareSamples);
}

/** Of two formats that bring one sample, that with the source's id knows more; else the later body does. */
function isBetter(one: Held<GrowingSample>, other: Held<GrowingSample>): boolean {
  const [withId, otherWithId] = [one.sample.id !== null, other.sample.id !== null];
  if (withId !== otherWithId) return withId;
  return one.order > other.order || (one.order === other.order && one.format < other.format);
}

const slotOf = ({ sample, format }: Held<GrowingSample>): string => `${format} ${sample.identity}`;

const isVoid = ({ sample, order, format }: Held<GrowingSample>, voids: readonly Void[]): boolean =>
  voids.some(
    (one) =>
      one.order > order &&
      (one.format === null || one.format === format) &&
      one.fromMs <= sample.startMs &&
      sample.startMs < one.toMs,
  );

/** Adds a body's periods, without those that a later one covers. */
function withVoids(
  voids: readonly Void[],
  { order, format, replaces, settles }: Addition<GrowingSample>,
): readonly Void[] {
  const more: Void[] = [];
  if (replaces !== undefined) more.push({ ...replaces, order, format });
  if (settles !== undefined) more.push({ ...settles, order, format: null });
  if (more.length === 0) return voids;
  const all = [...voids, ...more];
  return all
    .filter((one, index) => !all.some((other, at) => covers(other, one, at < index)))
    .toSorted(compareVoids);
}

/** @param isFirst which of two equal ones is left */
const covers = (other: Void, one: Void, isFirst: boolean): boolean =>
  other !== one &&
  other.fromMs <= one.fromMs &&
  other.toMs >= one.toMs &&
  (other.format === null || other.format === one.format) &&
  (other.order > one.order || (other.order === one.order && (!areEqual(other, one) || isFirst)));

const areEqual = (one: Void, other: Void): boolean => compareVoids(one, other) === 0;

const compareText = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

const compareSamples = (one: GrowingSample, other: GrowingSample): number =>
  one.startMs - other.startMs || compareText(one.identity, other.identity);

const compareHeld = (one: Held<GrowingSample>, other: Held<GrowingSample>): number =>
  compareSamples(one.sample, other.sample) || compareText(one.format, other.format);

const compareVoids = (one: Void, other: Void): number =>
  one.fromMs - other.fromMs ||
  one.toMs - other.toMs ||
  one.order - other.order ||
  compareText(one.format ?? "", other.format ?? "");
