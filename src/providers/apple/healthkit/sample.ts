/** One sample of HealthKit, whichever format brought it. */

/** The app or device that wrote a sample. */
export interface Source {
  /** The name as the person sees it, after `plainName`; null where the format has none. */
  readonly name: string | null;
  /** The app's bundle identifier: `com.apple.health.…`. */
  readonly bundleId: string | null;
  /** The model: `Watch6,1`, `iPhone15,2`. */
  readonly model: string | null;
}

export interface Sample {
  /** HealthKit's own id in lower case; null where the format has none. */
  readonly uuid: string | null;
  /** HealthKit's identifier: `HKQuantityTypeIdentifierStepCount`. */
  readonly type: string;
  /** Instants, in milliseconds since 1970. The end is the start for a reading of a moment. */
  readonly startMs: number;
  readonly endMs: number;
  /**
   * For a quantity, in the unit of its type's dimension (`quantity-types.ts`); for a category, HealthKit's number of
   * the case. Null when it cannot be read.
   */
  readonly value: number | null;
  /** The IANA time zone of the recording (`HKTimeZone`); null when not told. */
  readonly zone: string | null;
  /** Minutes east of UTC where the format states the local offset and no zone; null when not told. */
  readonly offsetMinutes: number | null;
  readonly source: Source;
  /** Whether the person typed it in (`HKWasUserEntered`). */
  readonly isUserEntered: boolean;
  /** Whether the format has summed or averaged several of HealthKit's samples. Single ones are trusted more. */
  readonly isAggregate: boolean;
  /** HealthKit's metadata, by key, other than zone and entry. */
  readonly metadata: Metadata;
}

/** HealthKit's metadata by key, as the format writes it. */
export type Metadata = Readonly<Record<string, string | number>>;

/**
 * Returns the identity of a sample among all formats: its type, its start and end to the second, its source and its
 * value. HealthKit's id is not in it, since only some formats have one.
 */
export function identityOf({ type, startMs, endMs, source, value }: Sample): string {
  const name = source.name ?? source.bundleId;
  const [start, end] = [Math.floor(startMs / 1_000), Math.floor(endMs / 1_000)];
  // The text of a list in JSON. Made as one it takes three times as long, and an export has millions.
  return `[${types.quoted(type)},${jsonOf(start)},${jsonOf(end)},${name === null ? "null" : names.quoted(name)},${jsonOf(roundedTo(value, 9))}]`;
}

/** The text that was written last as JSON: samples with the same type or source follow each other. */
class LastQuoted {
  #text = "";
  #quoted = '""';

  quoted(text: string): string {
    if (text !== this.#text) [this.#text, this.#quoted] = [text, JSON.stringify(text)];
    return this.#quoted;
  }
}

const [types, names] = [new LastQuoted(), new LastQuoted()];

const jsonOf = (value: number | null): string => (Number.isFinite(value) ? String(value) : "null");

/** Formats convert between units, so equal values may differ in their last digits. */
function roundedTo(value: number | null, digits: number): number | null {
  const isShort = value === null || (Number.isInteger(value) && Math.abs(value) < 10 ** digits);
  return isShort ? value : Number(value.toPrecision(digits));
}
