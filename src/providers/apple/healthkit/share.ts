import type { Interval } from "./interval.ts";
import type { Sample } from "./sample.ts";

/** A sample with the part of it that counts. */
export interface Share {
  readonly sample: Sample;
  /** The value that counts, in the unit of the sample. */
  readonly value: number;
  /** The time in which it counts; the whole sample where none of it is covered. */
  readonly pieces: readonly Interval[];
}
