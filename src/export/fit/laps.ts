/** The laps of a workout. */
import type { Activity, Lap } from "../../models/index.ts";
import { carryAll, into } from "./carried.ts";
import { fitSeconds, type SampleClock } from "./clock.ts";
import { lengthsOf, strokes, type TimedLap } from "./lengths.ts";
import { Message } from "./message.ts";
import { Omissions } from "./omissions.ts";
import { LAP } from "./profile.ts";
import type { Timed } from "./series.ts";
import type { Span } from "./span.ts";
import type { FitSport } from "./sports.ts";
import { type Pause, pausedSeconds } from "./timer.ts";

const list = "lap_data.laps[]";

/** Numbers of the profile's type `lap_trigger`, by Terra's word for the cause. */
const triggers: Readonly<Record<string, number>> = {
  MANUAL: 0,
  TIME: 1,
  DISTANCE: 2,
  POSITION_START: 3,
  POSITION_LAP: 4,
  POSITION_WAYPOINT: 5,
  POSITION_MARKED: 6,
  SESSION_END: 7,
  FITNESS_EQUIPMENT: 8,
};
const sessionEnd = 7;

const lap = into(LAP);

export const lapFields = [
  lap(`${list}.distance_meters`, "total_distance", "m", "derived", { note: "rounded to a centimetre" }),
  lap(`${list}.total_strokes`, "total_cycles", "strokes"),
  lap(`${list}.calories`, "total_calories", "kcal", "derived", { note: "rounded" }),
  lap(`${list}.avg_speed_meters_per_second`, ["enhanced_avg_speed", "avg_speed"], "m/s", "derived", {
    note: "rounded to 1 mm/s",
  }),
  lap(`${list}.avg_hr_bpm`, "avg_heart_rate", "bpm", "derived", { note: "rounded" }),
  lap(`${list}.avg_watts`, "avg_power", "W", "derived", { note: "rounded" }),
  lap(`${list}.stroke_type`, "swim_stroke", null, "exact", {
    note: "the four strokes; length.swim_stroke too",
    convert: (stroke: string) => ({ swim_stroke: strokes[stroke.toLowerCase()] ?? Number.NaN }),
  }),
] as const;
export const lapTrigger = lap(`${list}.trigger_method`, "lap_trigger", null, "exact", {
  note: "UNSPECIFIED is left out",
});
export const lapTimer = lap(`${list}.active_duration_seconds`, "total_timer_time", "s", "exact", {
  note: "without it, the lap's time without the pauses",
});
export const lapStart = lap(`${list}.start_time`, "start_time", "s since 1989", "derived", {
  note: "the second that it is in",
});
export const lapEnd = lap(`${list}.end_time`, "timestamp", "s since 1989", "derived", {
  note: "the second that it is in, of the last lap the file's last; start_time and total_elapsed_time say the end",
});

export interface LapMessages {
  /** In the order of their ends, without the last. Readers take the points before a lap's message as the lap's. */
  readonly laps: Timed[];
  /** Written at the file's last second, so that all points are before it; its own times say when it ended. */
  readonly lastLap: Timed;
  /** Each at its end, and to be put before the lap that ends in the same second. */
  readonly lengths: Timed[];
}

interface Context {
  readonly span: Span;
  /** The last second of the span and of what was measured. */
  readonly lastSecond: number;
  readonly sport: FitSport;
  readonly pauses: readonly Pause[];
  /** The session's seconds without its pauses. */
  readonly timerSeconds: number;
  readonly clock: SampleClock;
  readonly omissions: Omissions;
}

/** Returns the laps in the order of their times. A workout without laps has one, because readers expect one. */
export function lapMessages(activity: Activity, context: Context): LapMessages {
  const given = oneSeries(timedLaps(activity.lap_data?.laps ?? [], context), context.omissions);
  const isWhole = given.length === 0;
  const timed = isWhole ? [wholeTime(activity, context)] : given;
  // What the one lap cannot hold, the session cannot hold either, and notes it.
  const omissions = isWhole ? new Omissions() : context.omissions;
  const { ofLaps, lengths } = lengthsOf(activity, timed, context);
  const ends = [...timed.map(({ toMs }) => fitSeconds(toMs)), ...lengths.map(({ second }) => second)];
  const last = Math.max(context.lastSecond, ...ends);
  const laps = timed.map((one, index): Timed => {
    const second = index === timed.length - 1 ? last : fitSeconds(one.toMs);
    const message = lapMessage(one, { index, second, sport: context.sport }, omissions);
    const { first, count } = ofLaps[index] ?? {};
    message.set({ num_lengths: count ?? null, first_length_index: first ?? null });
    return { second, message };
  });
  return { laps: laps.slice(0, -1), lastLap: laps.at(-1) as Timed, lengths };
}
/** Returns the one lap of a workout without laps, with the workout's own totals. */
function wholeTime(activity: Activity, { span, timerSeconds }: Context): TimedLap {
  const { calories_data, heart_rate_data, movement_data, power_data } = activity;
  const total = activity.distance_data?.summary;
  return {
    fromMs: span.startMs,
    toMs: span.endMs,
    timerSeconds,
    trigger: sessionEnd,
    lap: {
      distance_meters: total?.distance_meters,
      total_strokes: total?.swimming?.num_strokes,
      calories: calories_data?.total_burned_calories,
      avg_hr_bpm: heart_rate_data?.summary?.avg_hr_bpm,
      avg_speed_meters_per_second: movement_data?.avg_speed_meters_per_second,
      avg_watts: power_data?.avg_watts,
    },
  };
}

/** Returns the laps with their times: a missing start is the end of the lap before, a missing end the next start. */
function timedLaps(laps: readonly Lap[], context: Context): TimedLap[] {
  const { span, clock, omissions } = context;
  const starts = laps.map(({ start_time }) => clock.ms(start_time));
  const ends = laps.map(({ end_time }) => clock.ms(end_time));
  const timed = laps.flatMap((lap, index) => {
    const fromMs = starts[index] ?? (index === 0 ? span.startMs : (ends[index - 1] ?? null));
    const toMs = ends[index] ?? (index === laps.length - 1 ? span.endMs : (starts[index + 1] ?? null));
    if (fromMs !== null && toMs !== null && toMs >= fromMs) {
      const timerSeconds = timerOf(fromMs, toMs, lap, context);
      return [{ fromMs, toMs, timerSeconds, lap, trigger: triggerOf(lap, omissions) }];
    }
    omissions.add(list.slice(0, -2), "a lap without its times, or one that ends before it begins");
    return [];
  });
  return timed.sort((a, b) => a.toMs - b.toMs || a.fromMs - b.fromMs);
}

/** Ends and starts are rounded apart from each other. */
const roundingMs = 1_000;

/**
 * Returns laps that follow each other, as readers expect of a file. Terra's list may have several series that overlap, such
 * as the laps that the person pressed for and automatic ones; the person's stand, else the kind that comes first.
 */
function oneSeries(laps: readonly TimedLap[], omissions: Omissions): readonly TimedLap[] {
  const inOrder = laps.toSorted((one, other) => one.fromMs - other.fromMs);
  const isOverlapping = inOrder.some(({ fromMs }, index) => {
    const former = inOrder[index - 1];
    return former !== undefined && fromMs < former.toMs - roundingMs;
  });
  const kinds = new Set(laps.map(kindOf));
  if (!isOverlapping || kinds.size < 2) return laps;
  const kept = kinds.has("MANUAL") ? "MANUAL" : kindOf(laps[0] as TimedLap);
  return laps.filter((one) => {
    const isKept = kindOf(one) === kept;
    if (!isKept) omissions.add(list.slice(0, -2), "a lap of another kind, which overlaps others");
    return isKept;
  });
}

const kindOf = ({ lap: { trigger_method: method } }: TimedLap): string | null => method ?? null;

function triggerOf({ trigger_method: method }: Lap, omissions: Omissions): number | null {
  if (method === null || method === undefined || method === "UNSPECIFIED") return null;
  const trigger = triggers[method];
  if (trigger === undefined) omissions.add(lapTrigger.path, "a cause that FIT does not know");
  return trigger ?? null;
}

const LAP_EVENT = 9;
const STOP = 1;

function lapMessage(
  { fromMs, toMs, timerSeconds, lap, trigger }: TimedLap,
  { index, second, sport: { sport, subSport } }: { index: number; second: number; sport: FitSport },
  omissions: Omissions,
): Message {
  const message = new Message(LAP, {
    timestamp: second,
    message_index: index,
    event: LAP_EVENT,
    event_type: STOP,
    start_time: fitSeconds(fromMs),
    total_elapsed_time: (toMs - fromMs) / 1000,
    total_timer_time: timerSeconds,
    sport,
    sub_sport: subSport,
    lap_trigger: trigger,
  });
  carryAll(message, lapFields, lap, omissions);
  return message;
}

/** Returns the seconds of the lap without pauses. */
function timerOf(fromMs: number, toMs: number, lap: Lap, { pauses, omissions }: Context): number {
  const elapsed = (toMs - fromMs) / 1000;
  const given = lap.active_duration_seconds;
  if (typeof given === "number") {
    // The model has whole seconds.
    if (given >= 0 && given < elapsed + 1) return Math.min(given, elapsed);
    omissions.add(lapTimer.path, "longer than the lap, or negative");
  }
  return elapsed - pausedSeconds(pauses, fromMs, toMs);
}
