/**
 * The series of a workout: its own where it came with some, else those of the samples of its time. What was measured
 * after its end is recovery, and stays out.
 */
import { lengthMs, overlapMs } from "../healthkit/interval.ts";
import { merged } from "../healthkit/merge.ts";
import type { Sample } from "../healthkit/sample.ts";
import type { Share } from "../healthkit/share.ts";
import type { Workout } from "../healthkit/workout.ts";
import { type Measured, readings, within } from "./readings.ts";
import type { RecordParts } from "./record-parts.ts";

export class WorkoutSeries {
  readonly #workout: Workout;
  readonly #parts: RecordParts;

  constructor(workout: Workout, parts: RecordParts) {
    this.#workout = workout;
    this.#parts = parts;
  }

  /** Returns the readings of the first of these types that has some. */
  readings(types: readonly string[]): Measured[] {
    return this.#first(types, (samples) => within(readings(samples), this.#workout));
  }

  /** Returns what counts of the samples of the first of these types that has some, merged over sources. */
  shares(types: readonly string[]): Share[] {
    return this.#first(types, (samples) => this.#sharesOf(samples));
  }

  #first<Item>(types: readonly string[], read: (samples: readonly Sample[]) => Item[]): Item[] {
    const own = (type: string) => this.#workout.samples.filter((one) => one.type === type);
    const ofTime = (type: string) => this.#parts.samples(type);
    for (const samplesOf of [own, ofTime]) {
      for (const type of types) {
        const items = read(samplesOf(type));
        if (items.length > 0) return items;
      }
    }
    return [];
  }

  #sharesOf(samples: readonly Sample[]): Share[] {
    return merged(samples, this.#parts.settings.priority).flatMap((share) => inside(share, this.#workout));
  }

  /** Returns the readings of types without a field, in order of type and time. */
  carried(types: readonly string[]): Sample[] {
    return types.flatMap((type) => this.readings([type]));
  }
}

/** Cuts a share to the time of a workout. Its value is divided by time. */
function inside(share: Share, { startMs, endMs }: Workout): Share[] {
  const span = { startMs, endMs };
  const wholeMs = share.pieces.reduce((sum, piece) => sum + lengthMs(piece), 0);
  if (wholeMs === 0) return within(share.pieces, span).length > 0 ? [share] : [];
  const pieces = share.pieces
    .map((piece) => ({ startMs: Math.max(piece.startMs, startMs), endMs: Math.min(piece.endMs, endMs) }))
    .filter((piece) => lengthMs(piece) > 0);
  const insideMs = share.pieces.reduce((sum, piece) => sum + overlapMs(piece, span), 0);
  if (insideMs === 0) return [];
  return [
    { ...share, pieces, value: insideMs === wholeMs ? share.value : (share.value * insideMs) / wholeMs },
  ];
}
