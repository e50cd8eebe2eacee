/** Finds the stretches of time in which a file was recorded. Between two of them lies a pause. */

import { instantMs, parseTime } from "../iso-time.ts";
import type { FitFile } from "./fit-schema.ts";
import { lapsOf, spansOf, type TrackSpan, timerEvents } from "./pauses.ts";
import type { TcxFile } from "./tcx-schema.ts";

/** A stretch between two instants; the end is the first moment after it. */
export interface RecordedSpan {
  readonly startMs: number;
  readonly endMs: number;
}

/**
 * Returns the stretches of a FIT file: from each start of the timer to the next stop. Where no event gives the first
 * start or the last end, the session's is used.
 */
export function fitSpans(file: FitFile): RecordedSpan[] {
  const spans: RecordedSpan[] = [];
  let startedMs: number | null = sessionStart(file);
  for (const { ms, isStart } of timerEvents(file)) {
    if (isStart) startedMs ??= ms;
    else if (startedMs !== null) {
      if (startedMs < ms) spans.push({ startMs: startedMs, endMs: ms });
      startedMs = null;
    }
  }
  const endMs = sessionEnd(file);
  if (startedMs !== null && endMs !== null && startedMs < endMs) spans.push({ startMs: startedMs, endMs });
  return spans;
}

/** Returns the session's start; null when the first event is the start itself. */
function sessionStart(file: FitFile): number | null {
  if (timerEvents(file)[0]?.isStart !== false) return null;
  return instantsOf(messagesOf(file).map(({ start_time }) => start_time))[0] ?? null;
}

const sessionEnd = (file: FitFile): number | null =>
  instantsOf(messagesOf(file).map(({ timestamp }) => timestamp)).at(-1) ?? null;

const messagesOf = ({ session = [], lap = [] }: FitFile) => [...session, ...lap];

/** Returns the instants in the order of time. */
const instantsOf = (times: readonly (string | null | undefined)[]): number[] =>
  times
    .flatMap((written) => (written ? instantMs(parseTime(written)) : []))
    .sort((one, other) => one - other);

/**
 * Returns the stretches of a TCX file: from each track's first point to its last, including the last one's own second.
 */
export function tcxSpans(file: TcxFile): RecordedSpan[] {
  const tracks = lapsOf(file)
    .flatMap(spansOf)
    .sort((one, other) => one.firstMs - other.firstMs);
  const stepMs = stepOf(tracks);
  const spans: RecordedSpan[] = [];
  for (const { firstMs, lastMs } of tracks) {
    const former = spans.at(-1);
    const endMs = lastMs + stepMs;
    // A lap may end between two points, and a point may be missing there.
    const goesOn = former !== undefined && firstMs - former.endMs <= stepMs;
    if (goesOn) spans[spans.length - 1] = { startMs: former.startMs, endMs: Math.max(former.endMs, endMs) };
    else spans.push({ startMs: firstMs, endMs });
  }
  return spans;
}

/** Returns the distance in time between a file's points; one second, where no track has two of them. */
function stepOf(tracks: readonly TrackSpan[]): number {
  const steps = tracks.reduce((sum, { points }) => sum + points - 1, 0);
  const lengthMs = tracks.reduce((sum, { firstMs, lastMs }) => sum + lastMs - firstMs, 0);
  return steps > 0 && lengthMs > 0 ? lengthMs / steps : 1000;
}
