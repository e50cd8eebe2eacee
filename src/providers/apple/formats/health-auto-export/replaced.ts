/**
 * The periods that a body replaces. A day of one metric that is sent again replaces that day, so that values which
 * were corrected or deleted on the phone go. An automation that sends only what is new replaces no more than it sends.
 */
import type { Period } from "../../../kit/growing/fold.ts";
import { dayMs, minuteMs } from "../../../kit/iso-time.ts";
import type { Interval } from "../../healthkit/interval.ts";
import type { Sample } from "../../healthkit/sample.ts";

/** Returns the local days on which samples start or, of each day, only the time from its first sample to its last. */
export function replacedDays(samples: readonly Sample[], isWholeDays: boolean): Period[] {
  const days = new Map<number, Sample[]>();
  for (const sample of samples) {
    const day = Math.floor((sample.startMs + offsetMs(sample)) / dayMs);
    const known = days.get(day);
    if (known === undefined) days.set(day, [sample]);
    else known.push(sample);
  }
  return [...days].map(([day, ofDay]) => (isWholeDays ? wholeDay(day, ofDay) : spanOf(ofDay)));
}

/** A day begins on the offset of its first sample and ends on that of its last: between them clocks may be changed. */
function wholeDay(day: number, samples: readonly Sample[]): Period {
  const { first, last } = ends(samples);
  return { fromMs: day * dayMs - offsetMs(first), toMs: (day + 1) * dayMs - offsetMs(last) };
}

function ends(samples: readonly Sample[]): { first: Sample; last: Sample } {
  let [first, last] = [samples[0] as Sample, samples[0] as Sample];
  for (const sample of samples) {
    if (sample.startMs < first.startMs) first = sample;
    if (sample.startMs > last.startMs) last = sample;
  }
  return { first, last };
}

const offsetMs = ({ offsetMinutes }: Sample): number => (offsetMinutes ?? 0) * minuteMs;

export function spanOf(intervals: readonly Interval[]): Period {
  let [fromMs, toMs] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { startMs, endMs } of intervals) {
    fromMs = Math.min(fromMs, startMs);
    // A moment is a period too: the end of a period is not in it.
    toMs = Math.max(toMs, endMs, startMs + 1);
  }
  return { fromMs, toMs };
}

/** Rows of sleep that lie nearer to each other belong to one night. */
const nightGapMs = 2 * 60 * minuteMs;

/**
 * Returns the nights that rows of sleep tell, each with the time around it in which another row would belong to the
 * same night. So a night that was sent with another beginning goes; the night before it stays, though it may have
 * begun on the same day.
 */
export function replacedNights(rows: readonly Interval[]): Period[] {
  const nights: Period[] = [];
  for (const row of rows.toSorted((one, other) => one.startMs - other.startMs)) {
    const { fromMs, toMs } = spanOf([row]);
    const last = nights.at(-1);
    if (last !== undefined && fromMs - nightGapMs < last.toMs) {
      nights[nights.length - 1] = { ...last, toMs: Math.max(last.toMs, toMs + nightGapMs) };
    } else nights.push({ fromMs: fromMs - nightGapMs, toMs: toMs + nightGapMs });
  }
  return nights;
}
