/** The stretches of time in which a file was recorded: a pause lies between each and the next. */

import { instantMs, parseTime } from "../iso-time.ts";
import type { FitFile } from "./fit-schema.ts";
import { lapsOf, spansOf, type TrackSpan, timerEvents } from "./pauses.ts";
import type { TcxFile } from "./tcx-schema.ts";

/** Instants; the end is the first moment that is no more in it. */
export interface RecordedSpan {
  readonly startMs: number;
  readonly endMs: number;
}

/** From each start of the timer to the next stop. A start or an end that no event says is the session's. */
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

/** Null when the first event is the start itself. */
function sessionStart(file: FitFile): number | null {
  if (timerEvents(file)[0]?.isStart !== false) return null;
  return instantsOf(messagesOf(file).map(({ start_time }) => start_time))[0] ?? null;
}

const sessionEnd = (file: FitFile): number | null =>
  instantsOf(messagesOf(file).map(({ timestamp }) => timestamp)).at(-1) ?? null;

const messagesOf = ({ session = [], lap = [] }: FitFile) => [...session, ...lap];

/** In the order of time. */
const instantsOf = (times: readonly (string | null | undefined)[]): number[] =>
  times
    .flatMap((written) => (written ? instantMs(parseTime(written)) : []))
    .sort((one, other) => one - other);

/** From each track's first point to its last, that one's own second included. */
export function tcxSpans(file: TcxFile): RecordedSpan[] {
  const tracks = lapsOf(file)
    .flatMap(spansOf)
    .sort((one, other) => one.firstMs - other.firstMs);
  const stepMs = stepOf(tracks);
  const spans: RecordedSpan[] = [];
  for (const { firstMs, lastMs } of tracks) {
    const former = spans.at(-1);
    const endMs = lastMs + stepMs;
    // A lap ends between two points as well, and a point may be missing there.
    const goesOn = former !== undefined && firstMs - former.endMs <= stepMs;
    if (goesOn) spans[spans.length - 1] = { startMs: former.startMs, endMs: Math.max(former.endMs, endMs) };
    else spans.push({ startMs: firstMs, endMs });
  }
  return spans;
}

/** How far apart a file's points lie: one second, where no track has two of them. */
function stepOf(tracks: readonly TrackSpan[]): number {
  const steps = tracks.reduce((sum, { points }) => sum + points - 1, 0);
  const lengthMs = tracks.reduce((sum, { firstMs, lastMs }) => sum + lastMs - firstMs, 0);
  return steps > 0 && lengthMs > 0 ? lengthMs / steps : 1000;
}
