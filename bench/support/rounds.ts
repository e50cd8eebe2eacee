/**
 * Rounds: ours and the floor are measured in turns, so that a machine that grows slower meanwhile slows
 * both. Every round gives a ratio; what is reported is their median and how far they lie apart.
 */

export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** A rate is better the higher it is, a time or a size the lower. */
export type Better = "lower" | "higher";

export interface Comparison {
  readonly ours: Spread;
  readonly floor: Spread;
  /** How many times the floor's cost: 1 is as good as the floor, less is better. */
  readonly ratio: Spread;
}

export interface Round<Value> {
  readonly ours: Value;
  readonly floor: Value;
}

type Measure<Value> = () => Value | Promise<Value>;

/** Who goes first alternates: going second is an advantage for some and a burden for others. */
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

/** Of values in ascending order; the mean of the middle two when there is no middle one. */
export function quantile(sorted: readonly number[], share: number): number {
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  const above = sorted[Math.ceil(place)] ?? Number.NaN;
  return below + (above - below) * (place - Math.floor(place));
}
