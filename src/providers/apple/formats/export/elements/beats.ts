/**
 * The beats below a heart-rate variability record. Each has a clock time without a date or zone, in the words of the
 * phone's locale: `7:47:41.86 PM`, `08:33:44,67`. They are anchored to the record: the whole quarter of an hour is
 * chosen with which the first beat lies in the record's time.
 */
import { dayMs, minuteMs } from "../../../../kit/iso-time.ts";
import type { Beats } from "../../../healthkit/readings.ts";
import type { Sample } from "../../../healthkit/sample.ts";
import { childrenNamed, type XmlElement } from "../xml/element.ts";
import { numberOf } from "./quantities.ts";

const clock = /^(\d{1,2}):(\d\d):(\d\d)(?:[.,](\d{1,6}))?\s*([AaPp]\.?\s?[Mm]\.?)?$/;
/** Offsets of zones are whole quarters of an hour. */
const quarterMs = 15 * minuteMs;
/** Beats may begin a moment before their record. */
const toleranceMs = 2_000;

/** Returns the milliseconds since midnight; null when the text is no clock time. */
export function clockMs(text: string): number | null {
  const match = clock.exec(text.replace(/[\u00a0\u202f]/g, " ").trim());
  if (match === null) return null;
  const [, hour, minute, second, fraction = "0", half] = match;
  const written = Number(hour);
  const hours = half === undefined ? written : (written % 12) + (/^p/i.test(half) ? 12 : 0);
  if (hours > 23 || Number(minute) > 59 || Number(second) > 60) return null;
  return ((hours * 60 + Number(minute)) * 60 + Number(second) + Number(`0.${fraction}`)) * 1_000;
}

/** Returns null where a record has no beats, or none that can be placed in its time. */
export function beatsOf(element: XmlElement, { startMs, endMs, source }: Sample): Beats | null {
  const [list] = childrenNamed(element, "HeartRateVariabilityMetadataList");
  if (list === undefined) return null;
  const read = childrenNamed(list, "InstantaneousBeatsPerMinute").flatMap(({ attributes: { bpm, time } }) => {
    const [rate, ms] = [numberOf(bpm), time === undefined ? null : clockMs(time)];
    return rate === null || ms === null ? [] : [{ rate, ms }];
  });
  const anchor = anchorOf(read[0]?.ms ?? null, startMs, endMs);
  if (anchor === null) return null;
  const beats: { atMs: number; bpm: number }[] = [];
  let [dayShift, before] = [0, Number.NEGATIVE_INFINITY];
  for (const { rate, ms } of read) {
    // A clock that goes back has passed midnight.
    if (ms + dayShift < before - dayMs / 2) dayShift += dayMs;
    before = ms + dayShift;
    beats.push({ atMs: Math.round(anchor + before), bpm: rate });
  }
  return { startMs, endMs, source, beats };
}

/** Returns the instant of the local midnight from which the clock counts; null when none puts the beat into the record. */
function anchorOf(firstMs: number | null, startMs: number, endMs: number): number | null {
  if (firstMs === null) return null;
  const nearest = Math.ceil((startMs - toleranceMs - firstMs) / quarterMs) * quarterMs;
  return nearest + firstMs <= endMs ? nearest : null;
}
