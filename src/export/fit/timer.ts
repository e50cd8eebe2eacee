/** Finds the pauses of a workout in the timers of its samples, and writes them as events. */
import { fitSeconds, type SampleClock } from "./clock.ts";
import { Message } from "./message.ts";
import { EVENT } from "./profile.ts";
import { samplesOf, type Timed } from "./series.ts";
import type { Span } from "./span.ts";

export interface Pause {
  readonly fromMs: number;
  readonly toMs: number;
}

interface Reading {
  readonly ms: number;
  /** Seconds since the start, without the pauses. */
  readonly timer: number;
}

/** A timer is rounded, so a shorter standstill is none. */
const leastPauseSeconds = 1;

/**
 * Returns the pauses. Between two samples the timer ran as long as it says; the rest of the time is a pause, which
 * begins at the first of them. `activeSeconds` is the timer at the end.
 */
export function pausesOf(
  record: unknown,
  paths: readonly string[],
  span: Span,
  { activeSeconds, clock }: { activeSeconds: number | null; clock: SampleClock },
): Pause[] {
  const readings = paths
    .flatMap((path) => samplesOf(record, path).flatMap((sample) => readingOf(sample, span, clock)))
    .sort((a, b) => a.ms - b.ms);
  const last = readings.at(-1);
  if (last === undefined) return [];
  const end = activeSeconds ?? Number.NaN;
  const anchors = end >= last.timer ? [{ ms: span.endMs, timer: end }] : [];
  return gaps([{ ms: span.startMs, timer: 0 }, ...readings, ...anchors]);
}

function readingOf(sample: object, { startMs, endMs }: Span, clock: SampleClock): Reading[] {
  const { timestamp, timer_duration_seconds: timer } = sample as {
    timestamp?: string | null;
    timer_duration_seconds?: number | null;
  };
  const ms = clock.ms(timestamp);
  if (ms === null || ms < startMs || ms > endMs) return [];
  return typeof timer === "number" && timer >= 0 ? [{ ms, timer }] : [];
}

function gaps(readings: readonly Reading[]): Pause[] {
  return readings.flatMap((reading, index) => {
    const next = readings[index + 1];
    if (next === undefined || next.timer < reading.timer) return [];
    const ran = next.timer - reading.timer;
    const stood = (next.ms - reading.ms) / 1000 - ran;
    return stood > leastPauseSeconds ? [{ fromMs: reading.ms, toMs: next.ms - ran * 1000 }] : [];
  });
}

/** Returns how many seconds of the pauses are between the two times. */
export const pausedSeconds = (pauses: readonly Pause[], fromMs: number, toMs: number): number =>
  pauses.reduce(
    (sum, pause) => sum + Math.max(0, Math.min(pause.toMs, toMs) - Math.max(pause.fromMs, fromMs)),
    0,
  ) / 1000;

const TIMER = 0;
const START = 0;
const STOP_ALL = 4;

/** Returns the timer's start at the first second, its stops and starts at the pauses, and its stop at the last second. */
export function timerEvents(firstSecond: number, lastSecond: number, pauses: readonly Pause[]) {
  const event = (second: number, event_type: number): Timed => ({
    second,
    message: new Message(EVENT, { timestamp: second, event: TIMER, event_type, data: 0 }),
  });
  const seconds = pauses
    .map(({ fromMs, toMs }) => ({ from: fitSeconds(fromMs), to: fitSeconds(toMs) }))
    .filter(({ from, to }) => to > from);
  return {
    starts: [event(firstSecond, START), ...seconds.map(({ to }) => event(to, START))],
    stops: [...seconds.map(({ from }) => event(from, STOP_ALL)), event(lastSecond, STOP_ALL)],
  };
}
