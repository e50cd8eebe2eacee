/** What a benchmark is given and gives. */

import type { Result } from "./report.ts";
import type { TestBed } from "./test-bed.ts";

export interface Bench {
  /** Returns the one test bed of this run; opened at the first call. */
  openTestBed(): Promise<TestBed>;
  /** Says what is going on. */
  progress(text: string): void;
  /** What of it was asked for, e.g. kinds of destinations; all of it when this is empty. */
  readonly parts: readonly string[];
}

export type Benchmark = (bench: Bench) => Promise<Result[]>;
