/**
 * Measurements of the body that two APIs have of one day. They are points in time, so both lists are kept; a measurement
 * that both have is one.
 */
import { compareValues } from "../kit/in-order.ts";
import { instantMs, type LocalTime, parseTime } from "../kit/iso-time.ts";

export type Fields = Readonly<Record<string, unknown>>;

/** One measurement as each of the two APIs tells it; null where one does not. */
export interface PairOfMeasurements {
  readonly v3: Fields | null;
  readonly v4: Fields | null;
}

const timeOf = ({ measurement_time: time }: Fields): LocalTime | null =>
  typeof time === "string" ? parseTime(time) : null;

/** Returns the instant of a measurement; null where it has no time, or one without an offset. */
function instantOf(measurement: Fields): number | null {
  const time = timeOf(measurement);
  return time === null || time.offsetMinutes === null ? null : instantMs(time);
}

const isOfOneInstant = (one: Fields, other: Fields): boolean => {
  const instant = instantOf(one);
  return instant !== null && instant === instantOf(other);
};

/** Tells whether two measurements may be one: their times cannot be compared, and they share values and deny none. */
function isOfSameValues(one: Fields, other: Fields): boolean {
  if (instantOf(one) !== null && instantOf(other) !== null) return false;
  const shared = Object.keys(one).filter(
    (key) => key !== "measurement_time" && (one[key] ?? null) !== null && (other[key] ?? null) !== null,
  );
  return shared.length > 0 && shared.every((key) => one[key] === other[key]);
}

/** Where a measurement stands in its list. A time without an offset is taken for UTC; without a time it is the last. */
const placeOf = ({ v3, v4 }: PairOfMeasurements): number => {
  const time = timeOf(v3 ?? v4 ?? {}) ?? timeOf(v4 ?? {});
  return time === null ? Number.POSITIVE_INFINITY : instantMs(time);
};

/** Pairs the measurements that are one, and returns all in the order of time. */
export function joinedMeasurements(v3: readonly Fields[], v4: readonly Fields[]): PairOfMeasurements[] {
  const pairs = v3.map((one) => ({ v3: one, v4: null as Fields | null }));
  let left = [...v4];
  // An equal instant is the better proof, so it is looked for first.
  for (const isSame of [isOfOneInstant, isOfSameValues]) {
    left = left.filter((other) => {
      const found = pairs.find((pair) => pair.v4 === null && isSame(pair.v3, other));
      if (found !== undefined) found.v4 = other;
      return found === undefined;
    });
  }
  const alone = left.map((other) => ({ v3: null, v4: other }));
  return [...pairs, ...alone].sort((one, other) => compareValues(placeOf(one), placeOf(other)));
}
