/** The time that a record covers. */
import { fitSeconds, type Instant, instantOf, isFitTime } from "./clock.ts";
import type { Omissions } from "./omissions.ts";

export interface Span {
  readonly start: Instant;
  readonly startMs: number;
  readonly endMs: number;
}

interface Metadata {
  readonly start_time?: string | null;
  readonly end_time?: string | null;
}

const canBeSaid = (instant: Instant | null): instant is Instant =>
  instant !== null && isFitTime(fitSeconds(instant.ms));

/** Returns the record's time; null when neither its start nor its end can be written. */
export function spanOf(metadata: Metadata | null | undefined, omissions: Omissions): Span | null {
  const start = instantOf(metadata?.start_time);
  const end = instantOf(metadata?.end_time);
  const begins = canBeSaid(start) ? start : end;
  if (!canBeSaid(begins)) return null;
  if (!canBeSaid(start))
    omissions.add("metadata.start_time", "no time that FIT can say; the end stands for it");
  const hasEnd = canBeSaid(end) && end.ms >= begins.ms;
  if (!hasEnd) omissions.add("metadata.end_time", "no time, or one before the start");
  return { start: begins, startMs: begins.ms, endMs: hasEnd ? end.ms : begins.ms };
}
