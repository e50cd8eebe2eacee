/**
 * Sums that a format made of HealthKit's samples, beside the samples themselves. A phone that sends both tells the same
 * steps twice, so of a sum only what the single samples of its time lack is counted.
 */
import { hourMs } from "../../kit/iso-time.ts";
import { type Interval, isIn, lengthMs, sharedMs, united } from "./interval.ts";
import type { Sample } from "./sample.ts";
import type { Share } from "./share.ts";

/** Reduces sums to what the single samples of their time lack, hour by hour: both divide a sample's value by time. */
export function withoutKnown(sums: readonly Share[], single: readonly Share[]): Share[] {
  if (single.length === 0) return [...sums];
  const blocks = Map.groupBy(sums, ({ sample }) => blockOf(sample));
  return [...blocks.values()].flatMap((block) => {
    const told = block.reduce((sum, { value }) => sum + value, 0);
    const known = knownIn(
      block.flatMap(({ pieces }) => pieces),
      single,
    );
    if (known === 0) return block;
    const rest = Math.max(0, told - known);
    return rest === 0 ? [] : block.map((share) => ({ ...share, value: (share.value * rest) / told }));
  });
}

/** Sums of less than an hour are compared by the hour; a longer one by itself. */
const blockOf = (sum: Sample): string =>
  lengthMs(sum) > hourMs ? `${sum.startMs} ${sum.endMs}` : `${Math.floor(sum.startMs / hourMs)}`;

/** Returns the sum of what single samples tell of some spans of time. */
function knownIn(spans: readonly Interval[], single: readonly Share[]): number {
  const ordered = united(spans);
  return single.reduce((sum, share) => sum + share.value * portionIn(ordered, share), 0);
}

/** Returns the part of a share, 0 to 1, that lies in some spans, which are in order and do not overlap. */
function portionIn(spans: readonly Interval[], { pieces }: Share): number {
  const whole = pieces.reduce((sum, piece) => sum + lengthMs(piece), 0);
  const [first] = pieces;
  if (whole === 0) return first !== undefined && isIn(spans, first.startMs) ? 1 : 0;
  return pieces.reduce((sum, piece) => sum + sharedMs(spans, piece), 0) / whole;
}
