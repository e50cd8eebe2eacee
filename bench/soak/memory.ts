/** Checks whether a process keeps its size while it works. */
import type { SoakWorker } from "./workers.ts";

const sampleMs = 1_000;
/** The share of samples left out, while a process starts and fills its caches. */
const settled = 0.25;
/** The growth that the last third may show; garbage collection causes that much noise. */
const maxGrowth = 1.25;

export interface MemoryWatch {
  readonly samples: readonly number[];
  stop(): void;
}

export function watchMemory(worker: SoakWorker): MemoryWatch {
  const samples: number[] = [];
  const timer = setInterval(() => {
    const bytes = worker.residentBytes();
    if (bytes !== null) samples.push(bytes);
  }, sampleMs);
  return { samples, stop: () => clearInterval(timer) };
}

export interface Growth {
  readonly firstBytes: number;
  readonly lastBytes: number;
  readonly isFlat: boolean;
}

/** Returns the medians of the first and the last third of the settled part. */
export function growthOf(samples: readonly number[]): Growth {
  const steady = samples.slice(Math.floor(samples.length * settled));
  const third = Math.max(1, Math.floor(steady.length / 3));
  const [firstBytes, lastBytes] = [median(steady.slice(0, third)), median(steady.slice(-third))];
  return { firstBytes, lastBytes, isFlat: lastBytes <= firstBytes * maxGrowth };
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

export const mebibytes = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MiB`;
