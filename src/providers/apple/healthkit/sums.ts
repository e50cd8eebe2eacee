/**
 * Sums that a format made of HealthKit's samples, beside the samples themselves. A phone that sends both tells the same
 * steps twice, so of a sum only what the single samples of its time lack is counted.
 */
import { minuteMs } from "../../kit/iso-time.ts";
import { type Interval, lengthMs, overlapMs } from "./interval.ts";
import type { Sample } from "./sample.ts";
import type { Share } from "./share.ts";

const hourMs = 60 * minuteMs;

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

function knownIn(spans: readonly Interval[], single: readonly Share[]): number {
  return single.reduce((sum, share) => sum + share.value * portionIn(spans, share), 0);
}

/** Returns the part of a share, 0 to 1, that lies in some spans. */
function portionIn(spans: readonly Interval[], { pieces }: Share): number {
  const whole = pieces.reduce((sum, piece) => sum + lengthMs(piece), 0);
  if (whole === 0) {
    const [at] = pieces;
    return at && spans.some(({ startMs, endMs }) => startMs <= at.startMs && at.startMs < endMs) ? 1 : 0;
  }
  const inside = pieces.reduce(
    (sum, piece) => sum + spans.reduce((part, span) => part + overlapMs(span, piece), 0),
    0,
  );
  return Math.min(1, inside / whole);
}
