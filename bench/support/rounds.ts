/**
 * Rounds: ours and the floor are measured in turns, so that a machine that becomes slower meanwhile slows
 * both. Every round gives a ratio; the report has their median and spread.
 */

export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** Whether a higher value is better (a rate) or a lower one (a time or a size). */
export type Better = "lower" | "higher";

export interface Comparison {
  readonly ours: Spread;
  readonly floor: Spread;
  /** The multiple of the floor's cost: 1 is as good as the floor, less is better. */
  readonly ratio: Spread;
}

export interface Round<Value> {
  readonly ours: Value;
  readonly floor: Value;
}

type Measure<Value> = () => Value | Promise<Value>;

/** Runs both in turns. The order alternates: going second helps some and harms others. */
export async function takeTurns<Value>(
  rounds: number,
  ours: Measure<Value>,
  floor: Measure<Value>,
): Promise<Round<Value>[]> {
  const taken: Round<Value>[] = [];
  for (let round = 0; round < rounds; round++) {
    if (round % 2 === 0) taken.push({ ours: await ours(), floor: await floor() });
    else {
      const first = await floor();
      taken.push({ ours: await ours(), floor: first });
    }
  }
  return taken;
}

export function compare(rounds: readonly Round<number>[], better: Better): Comparison {
  const ratio = ({ ours, floor }: Round<number>) => (better === "lower" ? ours / floor : floor / ours);
  return {
    ours: spread(rounds.map(({ ours }) => ours)),
    floor: spread(rounds.map(({ floor }) => floor)),
    ratio: spread(rounds.map(ratio)),
  };
}

export function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  return { median: quantile(sorted, 0.5), min: sorted[0] ?? Number.NaN, max: sorted.at(-1) ?? Number.NaN };
}

/** Returns a quantile of values in ascending order; the mean of the two nearest when it lies between them. */
export function quantile(sorted: readonly number[], share: number): number {
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  const above = sorted[Math.ceil(place)] ?? Number.NaN;
  return below + (above - below) * (place - Math.floor(place));
}
