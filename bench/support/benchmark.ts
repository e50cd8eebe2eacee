/** What a benchmark is given and gives. */
import type { House } from "./house.ts";
import type { Result } from "./report.ts";

export interface Bench {
  /** The one house of this run, opened when it is first needed. */
  house(): Promise<House>;
  /** Says what is going on. */
  progress(text: string): void;
  /** What of it was asked for, e.g. kinds of destinations; all of it when this is empty. */
  readonly parts: readonly string[];
}

export type Benchmark = (bench: Bench) => Promise<Result[]>;
