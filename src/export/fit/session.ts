/** The session message of a workout, and the activity message that ends its file. */
import type { Activity } from "../../models/index.ts";
import { carry, carryAll, into, valueAt } from "./carried.ts";
import { fitSeconds, localOf } from "./clock.ts";
import { semicirclesOf, wholeAndFraction } from "./convert.ts";
import { Message } from "./message.ts";
import type { Omissions } from "./omissions.ts";
import { ACTIVITY, SESSION } from "./profile.ts";
import type { Span } from "./span.ts";
import { type FitSport, isOnFoot } from "./sports.ts";

const session = into(SESSION);
const rounded = { note: "rounded" };

const positionFields = (start: "start" | "end") =>
  session(
    `position_data.${start}_pos_lat_lng_deg[]`,
    [`${start}_position_lat`, `${start}_position_long`],
    "semicircles",
    "derived",
    {
      note: "rounded to 2³¹/180 a degree",
      convert: (position: unknown) => {
        const at = semicirclesOf(position);
        if (at === null) return {};
        return { [`${start}_position_lat`]: at.latitude, [`${start}_position_long`]: at.longitude };
      },
    },
  );

/** An unknown position is an empty list. */
const positions = [positionFields("start"), positionFields("end")] as const;

const summary = "distance_data.summary";
const altitude = (name: "avg" | "max" | "min") =>
  session(
    `${summary}.elevation.${name}_meters`,
    [`enhanced_${name}_altitude`, `${name}_altitude`],
    "m",
    "derived",
    { note: "rounded to 0.2 m" },
  );

const plainFields = [
  session("metadata.name", "sport_profile_name", null),
  session(`${summary}.distance_meters`, "total_distance", "m", "derived", {
    note: "rounded to a centimetre",
  }),
  session("calories_data.total_burned_calories", "total_calories", "kcal", "derived", rounded),
  session("calories_data.BMR_calories", "metabolic_calories", "kcal", "derived", rounded),
  session(
    "movement_data.avg_speed_meters_per_second",
    ["enhanced_avg_speed", "avg_speed"],
    "m/s",
    "derived",
    {
      note: "rounded to 1 mm/s",
    },
  ),
  session(
    "movement_data.max_speed_meters_per_second",
    ["enhanced_max_speed", "max_speed"],
    "m/s",
    "derived",
    {
      note: "rounded to 1 mm/s",
    },
  ),
  session("heart_rate_data.summary.avg_hr_bpm", "avg_heart_rate", "bpm", "derived", rounded),
  session("heart_rate_data.summary.max_hr_bpm", "max_heart_rate", "bpm", "derived", rounded),
  session("heart_rate_data.summary.min_hr_bpm", "min_heart_rate", "bpm", "derived", rounded),
  session("heart_rate_data.summary.avg_hrv_rmssd", "rmssd_hrv", "ms", "derived", rounded),
  session("heart_rate_data.summary.avg_hrv_sdnn", "sdrr_hrv", "ms", "derived", rounded),
  session("movement_data.avg_cadence_rpm", ["avg_cadence", "avg_fractional_cadence"], "rpm", "derived", {
    note: "rounded to 1/128",
    convert: wholeAndFraction("avg_cadence", "avg_fractional_cadence"),
  }),
  session("movement_data.max_cadence_rpm", ["max_cadence", "max_fractional_cadence"], "rpm", "derived", {
    note: "rounded to 1/128",
    convert: wholeAndFraction("max_cadence", "max_fractional_cadence"),
  }),
  session("power_data.avg_watts", "avg_power", "W", "derived", rounded),
  session("power_data.max_watts", "max_power", "W", "derived", rounded),
  session(`${summary}.elevation.gain_actual_meters`, "total_ascent", "m", "derived", rounded),
  session(`${summary}.elevation.loss_actual_meters`, "total_descent", "m", "derived", rounded),
  altitude("avg"),
  altitude("max"),
  altitude("min"),
  session(`${summary}.swimming.num_laps`, "num_lengths", "lengths"),
  session(`${summary}.swimming.pool_length_meters`, ["pool_length", "pool_length_unit"], "m", "exact", {
    note: "with pool_length_unit: metric",
    convert: (metres: number) => ({ pool_length: metres, pool_length_unit: 0 }),
  }),
  session("work_data.work_kilojoules", "total_work", "J", "derived", {
    note: "rounded",
    convert: (kilojoules: number) => ({ total_work: kilojoules * 1000 }),
  }),
  session("oxygen_data.avg_saturation_percentage", "avg_spo2", "%", "derived", rounded),
] as const;

const tss = "TSS_data.TSS_samples[]";
const stressFields = [
  session(`${tss}.actual`, "training_stress_score", "TSS", "derived", {
    note: "of the first; rounded to 0.1",
  }),
  session(`${tss}.intensity_factor_actual`, "intensity_factor", null, "derived", {
    note: "of the first; rounded to 0.001",
  }),
  session(`${tss}.normalized_power_watts`, "normalized_power", "W", "derived", {
    note: "of the first; rounded",
  }),
] as const;

const cyclesNote = "on foot: steps / 2, which FIT calls strides; otherwise left out";
const steps = session(`${summary}.steps`, ["total_cycles", "total_fractional_cycles"], "strides", "exact", {
  note: cyclesNote,
  convert: (count: number) => wholeAndFraction("total_cycles", "total_fractional_cycles")(count / 2),
});
const strokes = session(`${summary}.swimming.num_strokes`, "total_cycles", "strokes");

export const sessionTimer = session(
  "active_durations_data.activity_seconds",
  "total_timer_time",
  "s",
  "exact",
  {
    note: "without it, the time without the pauses; activity.total_timer_time too",
  },
);
export const sessionType = session("metadata.type", ["sport", "sub_sport"], null, "derived", {
  note: "by the table in sports.ts",
});
export const sessionStart = session("metadata.start_time", "start_time", "s since 1989", "derived", {
  note: "the second that it is in; activity.local_timestamp has the offset",
});
export const sessionEnd = session("metadata.end_time", "timestamp", "s since 1989", "derived", {
  note: "the second that it is in, or that of a later sample; start_time and total_elapsed_time say the end",
});
export const sessionFields = [...plainFields, ...positions, ...stressFields, steps, strokes] as const;

export interface SessionFacts {
  readonly span: Span;
  /** The file's last second, at which both messages are written. */
  readonly lastSecond: number;
  readonly sport: FitSport;
  readonly timerSeconds: number;
  readonly laps: number;
  readonly secondsInZones: readonly (number | null)[];
}

const SESSION_EVENT = 8;
const ACTIVITY_EVENT = 26;
const STOP = 1;

export function sessionMessage(activity: Activity, facts: SessionFacts, omissions: Omissions): Message {
  const { span, sport } = facts;
  const message = new Message(SESSION, {
    timestamp: facts.lastSecond,
    message_index: 0,
    event: SESSION_EVENT,
    event_type: STOP,
    start_time: fitSeconds(span.startMs),
    sport: sport.sport,
    sub_sport: sport.subSport,
    total_elapsed_time: (span.endMs - span.startMs) / 1000,
    total_timer_time: facts.timerSeconds,
    first_lap_index: 0,
    num_laps: facts.laps,
    trigger: 0,
  });
  carryAll(message, plainFields, activity, omissions);
  for (const position of positions) {
    const given = valueAt(activity, position.path.slice(0, -"[]".length));
    if (Array.isArray(given) && given.length > 0) carry(message, position, given, omissions);
  }
  carryCycles(message, activity, sport, omissions);
  carryStress(message, activity, omissions);
  if (facts.secondsInZones.length > 0) message.put("time_in_hr_zone", facts.secondsInZones);
  return message;
}

/** FIT has one number of cycles, whose meaning follows from the sport. */
function carryCycles(
  message: Message<keyof typeof SESSION.fields>,
  activity: Activity,
  sport: FitSport,
  omissions: Omissions,
): void {
  const swum = carry(message, strokes, valueAt(activity, strokes.path), omissions);
  const count = valueAt(activity, steps.path);
  if (!swum && isOnFoot(sport)) carry(message, steps, count, omissions);
  else if (typeof count === "number") omissions.add(steps.path, "FIT counts steps only of sports on foot");
}

function carryStress(
  message: Message<keyof typeof SESSION.fields>,
  { TSS_data }: Activity,
  omissions: Omissions,
): void {
  const [first, ...others] = TSS_data?.TSS_samples ?? [];
  carryAll(message, stressFields, first, omissions);
  if (others.length > 0) omissions.add(tss, "FIT has one score for a session");
}

/**
 * Returns the seconds without pauses: the record's own where it can be, else the time less its pauses. A rounded
 * duration may be a little longer than the time.
 */
export function timerSeconds(activity: Activity, span: Span, paused: number, omissions: Omissions): number {
  const elapsed = (span.endMs - span.startMs) / 1000;
  const given = activity.active_durations_data?.activity_seconds;
  if (given === null || given === undefined) return elapsed - paused;
  if (given >= 0 && given < elapsed + 1) return Math.min(given, elapsed);
  omissions.add(sessionTimer.path, "longer than the workout, or negative");
  return elapsed - paused;
}

export const activityMessage = ({
  span,
  lastSecond,
  timerSeconds: total_timer_time,
}: SessionFacts): Message =>
  new Message(ACTIVITY, {
    timestamp: lastSecond,
    total_timer_time,
    num_sessions: 1,
    type: 0,
    event: ACTIVITY_EVENT,
    event_type: STOP,
    local_timestamp: localOf(lastSecond, span.start.offsetMinutes),
  });
