/** The items of one local day: what began on it, on each item's own clock. */
import { hourMs } from "../../kit/iso-time.ts";
import { lengthMs } from "../healthkit/interval.ts";
import { merged } from "../healthkit/merge.ts";
import type { Sample } from "../healthkit/sample.ts";
import type { Share } from "../healthkit/share.ts";
import type { ClockOf, Reading } from "./local-clock.ts";
import { isOn } from "./local-day.ts";
import { type Measured, readings } from "./readings.ts";
import type { RecordParts } from "./record-parts.ts";

/** The longest day. */
const longestMs = 25 * hourMs;

/** A watch that was off for days writes one sample of basal energy for all of them. */
const isOfManyDays = (sample: Sample): boolean => lengthMs(sample) > longestMs;

export class DayItems {
  readonly date: string;
  readonly clockOf: ClockOf;
  readonly #parts: RecordParts;

  constructor(date: string, parts: RecordParts) {
    this.date = date;
    this.clockOf = parts.clockOf;
    this.#parts = parts;
  }

  /** Returns the items of the day, of those from the days around it. */
  of<Item extends Reading>(items: readonly Item[]): Item[] {
    return items.filter((item) => isOn(this.date, this.clockOf, item));
  }

  samples(type: string): Sample[] {
    return this.of(this.#parts.samples(type));
  }

  /** Returns the samples of cumulative types that last longer than a day, and so say nothing about one day. */
  ofManyDays(types: readonly string[]): Sample[] {
    return types.flatMap((type) => this.samples(type).filter(isOfManyDays));
  }

  /** Returns the readings of a type that tell a value. */
  readings(type: string): Measured[] {
    return this.of(readings(this.#parts.samples(type)));
  }

  /**
   * Returns the shares of a type that adds up. Sources are merged over the days around, and a sample over midnight
   * counts wholly for the day on which it began.
   */
  shares(type: string): Share[] {
    const { priority } = this.#parts.settings;
    const samples = this.#parts.samples(type).filter((sample) => !isOfManyDays(sample));
    return merged(samples, priority).filter(({ sample }) => isOn(this.date, this.clockOf, sample));
  }
}
