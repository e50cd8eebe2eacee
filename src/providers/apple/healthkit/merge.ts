/**
 * Merges the cumulative samples of several sources into one time line, so that a step counted by Watch and iPhone
 * counts once. Apple publishes no algorithm; this is the rule that the Health app's figures show: the preferred source
 * fills its intervals, a lower one only the time that no higher one covers.
 */
import { compareValues } from "../../kit/in-order.ts";
import { hourMs } from "../../kit/iso-time.ts";
import { firstEndingAfter, type Interval, isIn, lengthMs, united } from "./interval.ts";
import type { Sample } from "./sample.ts";
import type { Share } from "./share.ts";
import { classOf, rankOf, sourceKey } from "./source.ts";
import { withoutKnown } from "./sums.ts";

/** A longer sample of another app is a summary of many hours, and says nothing about one hole in it. */
const longestOfOthersMs = 2 * hourMs;

interface Layer {
  /** Equal for the samples of one source, which do not cover each other: a source may write two at the same time. */
  readonly key: string;
  readonly rank: number;
  readonly lastUseMs: number;
  readonly samples: Sample[];
}

/**
 * Returns the samples of each source, the most trusted first: by the connection's own list, then by class, then the
 * source used last. So the order of arrival makes no difference.
 */
function layersOf(samples: readonly Sample[], priority: readonly string[]): Layer[] {
  const groups = Map.groupBy(samples, ({ source }) => sourceKey(source));
  const layers = [...groups].map(([key, group]): Layer => {
    const lastUseMs = group.reduce((last, { endMs }) => Math.max(last, endMs), Number.NEGATIVE_INFINITY);
    const rank = group[0] === undefined ? 0 : rankOf(group[0].source, priority);
    return { key, rank, lastUseMs, samples: group };
  });
  return layers.toSorted(
    (one, other) =>
      one.rank - other.rank || other.lastUseMs - one.lastUseMs || compareValues(one.key, other.key),
  );
}

/**
 * Returns the samples that count, with the value and time of each that counts, in order of time. A value counts in
 * proportion to the uncovered part of its interval. What a person typed in counts whole: no device measured it. Of a
 * format's sums, only what the single samples of that time lack counts.
 *
 * @param priority names or bundle ids of sources, the most trusted first
 */
export function merged(samples: readonly Sample[], priority: readonly string[] = []): Share[] {
  const single = onTimeLine(
    samples.filter(({ isAggregate }) => !isAggregate),
    priority,
  );
  const sums = onTimeLine(
    samples.filter(({ isAggregate }) => isAggregate),
    priority,
  );
  return [...single, ...withoutKnown(sums, single)].toSorted(compareShares);
}

/** Returns the sum of the values that count. */
export const totalOf = (shares: readonly Pick<Share, "value">[]): number =>
  shares.reduce((sum, { value }) => sum + value, 0);

function onTimeLine(samples: readonly Sample[], priority: readonly string[]): Share[] {
  const covered = new Cover();
  return layersOf(samples, priority).flatMap((layer) => {
    const shares = layer.samples.map((sample) => shareOf(sample, covered)).filter((share) => share !== null);
    covered.add(layer.samples.filter(({ isUserEntered }) => !isUserEntered));
    return shares;
  });
}

/** Sums of floating-point numbers depend on their order. */
const compareShares = (one: Share, other: Share): number =>
  one.sample.startMs - other.sample.startMs ||
  one.sample.endMs - other.sample.endMs ||
  one.value - other.value ||
  compareValues(sourceKey(one.sample.source), sourceKey(other.sample.source));

function shareOf(sample: Sample, covered: Cover): Share | null {
  const { value, startMs, endMs, isUserEntered } = sample;
  if (value === null) return null;
  const wholeMs = endMs - startMs;
  if (isUserEntered) return { sample, value, pieces: [sample] };
  if (wholeMs <= 0) return covered.has(startMs) ? null : { sample, value, pieces: [sample] };
  const pieces = covered.holesIn(sample);
  const openMs = pieces.reduce((sum, piece) => sum + lengthMs(piece), 0);
  const isSummary = classOf(sample.source) === "other" && wholeMs > longestOfOthersMs;
  if (openMs === 0 || (isSummary && openMs < wholeMs)) return null;
  return { sample, value: openMs === wholeMs ? value : (value * openMs) / wholeMs, pieces };
}

/** The time that is covered: intervals in order, which do not touch. */
class Cover {
  #intervals: Interval[] = [];

  add(more: readonly Interval[]): void {
    this.#intervals = united([...this.#intervals, ...more.filter((span) => lengthMs(span) > 0)]);
  }

  has(instantMs: number): boolean {
    return isIn(this.#intervals, instantMs);
  }

  /** Returns the parts of an interval that are not covered. */
  holesIn({ startMs, endMs }: Interval): Interval[] {
    const holes: Interval[] = [];
    let from = startMs;
    for (let index = firstEndingAfter(this.#intervals, startMs); from < endMs; index += 1) {
      const interval = this.#intervals[index] ?? { startMs: endMs, endMs };
      const until = Math.min(interval.startMs, endMs);
      if (until > from) holes.push({ startMs: from, endMs: until });
      from = Math.max(until, interval.endMs);
    }
    return holes;
  }
}
