/** Sums of the shares that count, as records hold them. */
import { totalOf } from "../healthkit/merge.ts";
import type { Share } from "../healthkit/share.ts";
import { withoutNoise } from "./decimal-shift.ts";

/** Returns the sum of the shares; null where there are none. */
export const sumOfShares = (shares: readonly Share[]): number | null =>
  shares.length === 0 ? null : withoutNoise(totalOf(shares));

export interface RunningSum {
  readonly share: Share;
  /** The end of the time in which the share counts. */
  readonly endMs: number;
  readonly sum: number;
}

/** Returns the sums from the first share on, each at the end of the time in which its last share counts. */
export function runningSums(shares: readonly Share[]): RunningSum[] {
  let sum = 0;
  return shares
    .map((share) => ({ share, endMs: share.pieces.at(-1)?.endMs ?? share.sample.endMs }))
    .toSorted((one, other) => one.endMs - other.endMs)
    .map(({ share, endMs }) => {
      sum += share.value;
      return { share, endMs, sum: withoutNoise(sum) };
    });
}
