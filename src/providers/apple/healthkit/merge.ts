/**
 * Merges the cumulative samples of several sources into one time line, so that a step counted by Watch and iPhone
 * counts once. Apple publishes no algorithm; this is the rule that the Health app's figures show: the preferred source
 * fills its intervals, a lower one only the time that no higher one covers.
 */
import type { Sample, Source } from "./sample.ts";
import { classOf, rankOf } from "./source.ts";

export interface Interval {
  readonly startMs: number;
  readonly endMs: number;
}

/** A sample with the part of it that counts. */
export interface Share {
  readonly sample: Sample;
  /** The value that counts, in the unit of the sample. */
  readonly value: number;
  /** The time in which it counts; the whole sample where none of it is covered. */
  readonly pieces: readonly Interval[];
}

/** A longer sample of another app is a summary of many hours, and says nothing about one hole in it. */
const longestOfOthersMs = 2 * 3_600_000;

/**
 * Orders samples: single ones before aggregates, then by class of source, then the source used last, then time. So the
 * order of arrival makes no difference.
 */
function inOrderOfTrust(samples: readonly Sample[]): Sample[] {
  const lastUse = new Map<string, number>();
  for (const { source, endMs } of samples) {
    const name = nameOf(source);
    lastUse.set(name, Math.max(lastUse.get(name) ?? endMs, endMs));
  }
  const compare = (one: Sample, other: Sample): number =>
    Number(one.isAggregate) - Number(other.isAggregate) ||
    rankOf(one.source) - rankOf(other.source) ||
    (lastUse.get(nameOf(other.source)) ?? 0) - (lastUse.get(nameOf(one.source)) ?? 0) ||
    compareText(nameOf(one.source), nameOf(other.source)) ||
    one.startMs - other.startMs ||
    one.endMs - other.endMs ||
    (one.value ?? 0) - (other.value ?? 0);
  return samples.toSorted(compare);
}

const nameOf = ({ name, bundleId, model }: Source): string => JSON.stringify([name, bundleId, model]);

/** Names samples that do not cover each other: a source may write two at the same time. */
const layerOf = ({ source, isAggregate }: Sample): string => `${isAggregate} ${nameOf(source)}`;

const compareText = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

/**
 * Returns the samples that count, with the value and time of each that counts, in order of time. A value counts in
 * proportion to the uncovered part of its interval. What a person typed in counts whole: no device measured it.
 */
export function merged(samples: readonly Sample[]): Share[] {
  const covered = new Cover();
  const shares: Share[] = [];
  let layer = "";
  let pending: Interval[] = [];
  for (const sample of inOrderOfTrust(samples)) {
    if (layerOf(sample) !== layer) {
      covered.add(pending);
      pending = [];
      layer = layerOf(sample);
    }
    const share = shareOf(sample, covered);
    if (share !== null) shares.push(share);
    if (!sample.isUserEntered) pending.push(sample);
  }
  return shares.toSorted((one, other) => one.sample.startMs - other.sample.startMs);
}

function shareOf(sample: Sample, covered: Cover): Share | null {
  const { value, startMs, endMs, isUserEntered } = sample;
  if (value === null) return null;
  const lengthMs = endMs - startMs;
  if (isUserEntered) return { sample, value, pieces: [sample] };
  if (lengthMs <= 0) return covered.has(startMs) ? null : { sample, value, pieces: [sample] };
  const pieces = covered.holesIn(sample);
  const openMs = pieces.reduce((sum, piece) => sum + piece.endMs - piece.startMs, 0);
  const isSummary = classOf(sample.source) === "other" && lengthMs > longestOfOthersMs;
  if (openMs === 0 || (isSummary && openMs < lengthMs)) return null;
  return { sample, value: openMs === lengthMs ? value : (value * openMs) / lengthMs, pieces };
}

/** The time that is covered: intervals in order, which do not touch. */
class Cover {
  #intervals: Interval[] = [];

  add(more: readonly Interval[]): void {
    const all = [...this.#intervals, ...more.filter(({ startMs, endMs }) => startMs < endMs)];
    const joined: Interval[] = [];
    for (const { startMs, endMs } of all.toSorted((one, other) => one.startMs - other.startMs)) {
      const last = joined.at(-1);
      if (last === undefined || last.endMs < startMs) joined.push({ startMs, endMs });
      else joined[joined.length - 1] = { startMs: last.startMs, endMs: Math.max(last.endMs, endMs) };
    }
    this.#intervals = joined;
  }

  has(instantMs: number): boolean {
    const interval = this.#intervals[this.#firstEndingAfter(instantMs)];
    return interval !== undefined && interval.startMs <= instantMs;
  }

  /** Returns the parts of an interval that are not covered. */
  holesIn({ startMs, endMs }: Interval): Interval[] {
    const holes: Interval[] = [];
    let from = startMs;
    for (let index = this.#firstEndingAfter(startMs); from < endMs; index += 1) {
      const interval = this.#intervals[index] ?? { startMs: endMs, endMs };
      const until = Math.min(interval.startMs, endMs);
      if (until > from) holes.push({ startMs: from, endMs: until });
      from = Math.max(until, interval.endMs);
    }
    return holes;
  }

  /** Returns the index of the first interval that ends after an instant, found by halving. */
  #firstEndingAfter(instantMs: number): number {
    let [low, high] = [0, this.#intervals.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#intervals[middle]?.endMs ?? 0) <= instantMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
