/** Finds when a recording was paused. Only what a file states counts: a gap between records may also be a sensor's. */

import { instantMs, parseTime } from "../iso-time.ts";
import type { FitFile } from "./fit-schema.ts";
import type { TcxFile, TcxLap } from "./tcx-schema.ts";

/** A pause, both ends in UTC. */
export interface Pause {
  readonly start_time: string;
  readonly end_time: string;
}

/**
 * Returns the pauses of a FIT file: from a timer event that stops to the next that starts. A stop without a following
 * start is the end.
 */
export function fitPauses(file: FitFile): Pause[] {
  const pauses: Pause[] = [];
  let stoppedMs: number | null = null;
  for (const { ms, isStart } of timerEvents(file)) {
    if (!isStart) stoppedMs ??= ms;
    else if (stoppedMs !== null) {
      if (stoppedMs < ms) pauses.push({ start_time: utc(stoppedMs), end_time: utc(ms) });
      stoppedMs = null;
    }
  }
  return pauses;
}

interface TimerEvent {
  readonly ms: number;
  readonly isStart: boolean;
}

/** Returns the timer's events in the order of time; at the same instant, a stop comes before a start. */
export function timerEvents({ event = [] }: FitFile): TimerEvent[] {
  return event
    .flatMap(({ event: name, event_type: type, timestamp }) => {
      const isStart = type === "start";
      if (name !== "timer" || !timestamp || !(isStart || type?.startsWith("stop"))) return [];
      return { ms: instantMs(parseTime(timestamp)), isStart };
    })
    .sort((one, other) => one.ms - other.ms || Number(one.isStart) - Number(other.isStart));
}

/**
 * Returns the pauses of a TCX file: where one <Track> of a lap ends and the next begins, from the last point of one to
 * the first point of the other.
 */
export function tcxPauses(file: TcxFile): Pause[] {
  return lapsOf(file)
    .flatMap((lap) => {
      const spans = spansOf(lap);
      return spans.slice(1).flatMap(({ firstMs }, index) => {
        const lastMs = spans[index]?.lastMs ?? firstMs;
        return lastMs < firstMs ? [{ start_time: utc(lastMs), end_time: utc(firstMs) }] : [];
      });
    })
    .sort((one, other) => one.start_time.localeCompare(other.start_time));
}

const utc = (ms: number) => new Date(ms).toISOString();

export interface TrackSpan {
  readonly firstMs: number;
  readonly lastMs: number;
  readonly points: number;
}

/** Returns the tracks that have points, in the order of time. */
export function spansOf({ track }: TcxLap): TrackSpan[] {
  return (track ?? []).filter((span) => span !== null).sort((one, other) => one.firstMs - other.firstMs);
}

export function lapsOf({ training_center_database: { activities } }: TcxFile): TcxLap[] {
  return (activities?.activity ?? []).flatMap(({ lap }) => lap);
}
