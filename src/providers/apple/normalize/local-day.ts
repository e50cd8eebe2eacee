/** The local day of a record: from midnight to midnight on the clock of its readings. */
import type { DayMetadata } from "../../../models/index.ts";
import { minuteMs } from "../../kit/iso-time.ts";
import {
  type Clock,
  type ClockOf,
  dateAt,
  localization,
  noClock,
  type Reading,
  shiftDate,
  type ToldClock,
  timeWriter,
} from "./local-clock.ts";

export interface RecordDay {
  readonly metadata: DayMetadata;
  /** Offered in `provider_data`, because Terra has no field for it. */
  readonly clock: {
    readonly basis: Clock["basis"];
    readonly zone: string | null;
    /** The length of the day: 23 or 25 where the clocks were changed, and otherwise where the person travelled. */
    readonly hours: number;
  };
}

export const isOn = (date: string, clockOf: ClockOf, reading: Reading): boolean =>
  dateAt(clockOf(reading), reading.startMs) === date;

/**
 * Returns the day of a record. It begins on the clock of its first reading and ends on that of its last, which differ
 * where the person travelled. A reading that tells no clock counts only where no other does.
 */
export function recordDay(date: string, readings: readonly Reading[], clockOf: ClockOf): RecordDay {
  const ordered = readings.toSorted(compareReadings).map(clockOf);
  const told = ordered.filter(({ basis }) => basis === "zone" || basis === "offset");
  const first = told[0] ?? clockOf(noClock);
  const last = told.at(-1) ?? first;
  const next = shiftDate(date, 1);
  const [startMs, endMs] = [first.startOf(date), last.startOf(next)];
  const write = timeWriter();
  return {
    metadata: {
      start_time: write(first, startMs),
      end_time: write(last, endMs),
      timestamp_localization: localization(first),
    },
    clock: { basis: first.basis, zone: first.zone, hours: (endMs - startMs) / (60 * minuteMs) },
  };
}

/** Readings of one instant are ordered by their clocks, so that the order in which they came makes no difference. */
const compareReadings = (one: Reading, other: Reading): number =>
  one.startMs - other.startMs || (clockText(one) < clockText(other) ? -1 : 1);

const clockText = ({ zone, offsetMinutes }: ToldClock): string => `${zone} ${offsetMinutes}`;
