/** The phone's own statistics of several devices: the Watch counts first, others only where it was not worn. */
import { watch } from "../generate/devices.ts";
import type { Sample } from "../generate/facts.ts";
import { HOUR, MINUTE, offsetAt } from "../generate/local-time.ts";

interface Piece {
  readonly startMs: number;
  readonly endMs: number;
  readonly value: number;
}

/** Returns pieces that do not overlap, except moments, which have no length. */
export function mergedPieces(samples: readonly Sample[]): Piece[] {
  const first = samples.filter(({ device }) => device === watch);
  const others = samples.filter(({ device }) => device !== watch);
  return [...first, ...others.flatMap((sample) => uncovered(sample, first))];
}

/** Returns the parts of a sample that no other one covers, each with its share of the value. */
function uncovered({ startMs, endMs, value }: Sample, covering: readonly Sample[]): Piece[] {
  let left = [{ startMs, endMs }];
  if (endMs === startMs) return [{ startMs, endMs, value }];
  for (const cover of covering) {
    left = left
      .flatMap((span) => [
        { startMs: span.startMs, endMs: Math.min(span.endMs, cover.startMs) },
        { startMs: Math.max(span.startMs, cover.endMs), endMs: span.endMs },
      ])
      .filter((span) => span.endMs > span.startMs);
  }
  return left.map((span) => ({
    ...span,
    value: (value * (span.endMs - span.startMs)) / (endMs - startMs),
  }));
}

/** Returns the sum of each hour of the person's clock, by its start; a piece over two hours is split by time. */
export function hourlySums(zone: string, pieces: readonly Piece[]): Map<number, number> {
  const sums = new Map<number, number>();
  const add = (hour: number, value: number): void => {
    sums.set(hour, (sums.get(hour) ?? 0) + value);
  };
  for (const { startMs, endMs, value } of pieces) {
    if (endMs === startMs) add(hourOf(zone, startMs), value);
    for (let from = startMs; from < endMs; ) {
      const hour = hourOf(zone, from);
      const to = Math.min(endMs, hour + HOUR);
      add(hour, (value * (to - from)) / (endMs - startMs));
      from = to;
    }
  }
  return sums;
}

function hourOf(zone: string, ms: number): number {
  const shift = offsetAt(zone, ms) * MINUTE;
  return Math.floor((ms + shift) / HOUR) * HOUR - shift;
}
