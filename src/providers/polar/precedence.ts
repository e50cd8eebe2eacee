/** Which API is asked first for each field of a record that both make. README.md has the same table; a test compares. */
import type { DataType } from "../../models/index.ts";
import { isFields } from "../ledger-tree.ts";
import { accesslink, dynamic } from "./names.ts";

/** One row. It stands for the field and everything below it; the row with the longest path counts. */
export interface Precedence {
  /** The field's path; `*` for the whole record. */
  readonly path: string;
  /** The API whose value is taken; the other's where this one has none. */
  readonly first: typeof accesslink | typeof dynamic;
  readonly why: string;
  /** The list is a list of points in time: both APIs' items are kept. */
  readonly isJoined?: true;
}

const v3 = (path: string, why: string): Precedence => ({ path, first: accesslink, why });
const v4 = (path: string, why: string): Precedence => ({ path, first: dynamic, why });

/** Where the files of v3 show when a session was paused, all of its times are v3's: v4's series do not tell. */
const timedByFile: readonly Precedence[] = [v3("*", "v3's files show the pauses")];

/** Tells whether v3 has moved its samples behind the pauses that a file shows. */
function isTimedByFile(record: unknown): boolean {
  const polar = fieldIn(fieldIn(record, "provider_data"), "polar");
  return fieldIn(fieldIn(polar, "sample_clock"), "basis") === "recorded";
}

const fieldIn = (value: unknown, key: string): unknown => (isFields(value) ? value[key] : undefined);

/** Returns the rows that hold for a record, of which v3 has this one. */
export const precedenceFor = (type: DataType, v3Record: unknown): readonly Precedence[] =>
  type === "activity" && isTimedByFile(v3Record) ? timedByFile : precedence[type];

export const precedence: Readonly<Record<DataType, readonly Precedence[]>> = {
  sleep: [
    v3("*", "times, totals, averages and scores: v3 says each in a field of its own"),
    v4(
      "sleep_durations_data.hypnogram_samples",
      "to the second; v3's keys are whole minutes, which lose stages",
    ),
    v4("heart_rate_data.detailed.hrv_samples_rmssd", "with times to the second"),
    v4(
      "respiration_data.breaths_data.samples",
      "with times to the second; the average stays v3's, since v4 says 0",
    ),
  ],
  daily: [
    v3("*", "steps, distance, calories and active times: only v3 says totals"),
    v4("heart_rate_data", "with times to the millisecond"),
    v4("distance_data.detailed", "every minute; v3 leaves out repeated values"),
    v4("MET_data", "only v4 says it"),
  ],
  activity: [
    v3("*", "totals, sport, device and times: v3 says each in a field of its own"),
    v4("heart_rate_data.detailed", "v4's series have gaps where v3's have zeros"),
    v4("movement_data.speed_samples", "the same series as the heart rate's"),
    v4("movement_data.max_speed_meters_per_second", "the largest of those samples"),
    v4("movement_data.cadence_samples", "the same series as the heart rate's"),
    v4("movement_data.max_cadence_rpm", "the largest of those samples"),
    v4("distance_data.detailed", "the same series as the heart rate's"),
    v4("distance_data.summary.elevation.max_meters", "the largest of those samples"),
    v4("distance_data.summary.elevation.min_meters", "the smallest of those samples"),
    v4("position_data", "on the same clock as the series"),
    v4("power_data.power_samples", "the same series as the heart rate's"),
    v4("power_data.max_watts", "the largest of those samples"),
    v4("lap_data", "v4 tells laps itself; v3 only in files"),
  ],
  body: [
    v3("*", "v3's measurements name their kind"),
    {
      path: "measurements_data.measurements",
      first: accesslink,
      isJoined: true,
      why: "points in time, so both are kept, in the order of time. One of the same instant is one; so is one of equal values where a time or an offset is missing",
    },
  ],
  athlete: [v3("*", "v3 has the person's name")],
  menstruation: [],
  nutrition: [],
};
