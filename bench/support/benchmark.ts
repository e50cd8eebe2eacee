/** The input and output of a benchmark. */

import type { Result } from "./report.ts";
import type { TestBed } from "./test-bed.ts";

export interface Bench {
  /** Returns the one test bed of this run; opened at the first call. */
  openTestBed(): Promise<TestBed>;
  /** Reports the current step. */
  progress(text: string): void;
  /** The requested parts, e.g. kinds of destinations; all when empty. */
  readonly parts: readonly string[];
}

export type Benchmark = (bench: Bench) => Promise<Result[]>;
