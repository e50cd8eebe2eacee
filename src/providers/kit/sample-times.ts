import { SampleTimes } from "../../models/index.ts";
import type { LocalTime } from "./iso-time.ts";

interface Known {
  readonly afterMs: readonly number[];
  readonly times: SampleTimes;
}

/**
 * Returns what makes the times of samples from milliseconds since a start that the timer counts from, too. Lists with the
 * same milliseconds share their times, so that the text of each is made once.
 */
export function timesSince({
  localMs: startMs,
  offsetMinutes,
}: LocalTime): (afterMs: readonly number[]) => SampleTimes {
  const known: Known[] = [];
  return (afterMs) => {
    const same = known.find((one) => isSame(one.afterMs, afterMs));
    if (same !== undefined) return same.times;
    const localMs = afterMs.map((ms) => startMs + ms);
    const timers = afterMs.map((ms) => ms / 1000);
    const times = new SampleTimes({ localMs, offsetMinutes }, timers);
    known.push({ afterMs, times });
    return times;
  };
}

const isSame = (one: readonly number[], other: readonly number[]): boolean =>
  one.length === other.length && one.every((ms, index) => ms === other[index]);
