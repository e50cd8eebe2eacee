/** Events for the queries of README.md and of the guide to several providers, and the results that the files show. */
import { readFileSync } from "node:fs";
import path from "node:path";
import type { DataType } from "../../../../models/index.ts";
import { plainEvent } from "../../../conformance/events.ts";
import type { OutgoingEvent } from "../../../destination.ts";

const repository = path.join(import.meta.dirname, "../../../../..");

export interface Query {
  readonly sql: string;
  /** The table below it: a row's cells by their column. */
  readonly output: readonly Readonly<Record<string, string>>[];
}

/** Returns the queries of a file that have their result below them. */
function queriesOf(file: string): Query[] {
  const text = readFileSync(path.join(repository, file), "utf8");
  return [...text.matchAll(/```sql\n(.*?)```\n\n((?:\|[^\n]*\n)+)/gs)].map(([, sql = "", table = ""]) => ({
    sql,
    output: rowsOf(table),
  }));
}

export const queries: readonly Query[] = queriesOf("src/destinations/kit/sql/README.md");
export const queriesOfSeveral: readonly Query[] = queriesOf("docs/guides/several-providers.md");

function rowsOf(table: string): Query["output"] {
  const [names = [], , ...rows] = table
    .trim()
    .split("\n")
    .map((line) =>
      line
        .slice(1, -1)
        .split("|")
        .map((cell) => cell.trim()),
    );
  return rows.map((cells) => Object.fromEntries(cells.map((cell, index) => [names[index], cell])));
}

const minute = (at: number): string => `2026-03-01T07:${String(at).padStart(2, "0")}:00.000000+02:00`;
const march = (day: number, time = "00:00"): string =>
  `2026-03-${String(day).padStart(2, "0")}T${time}:00.000000+02:00`;

function run(person: string, number: number, meters: number, bpm: number, more: object = {}): OutgoingEvent {
  const metadata = {
    summary_id: `${person}-run-${number}`,
    start_time: march(number, "07:00"),
    end_time: march(number, "08:00"),
    type: 8,
    upload_type: 1,
  };
  const heart = { summary: { avg_hr_bpm: bpm }, ...((more as { heart?: object }).heart ?? {}) };
  const { heart: _, ...rest } = more as { heart?: object };
  const record = {
    metadata,
    distance_data: { summary: { distance_meters: meters } },
    heart_rate_data: heart,
    ...rest,
  };
  return event(person, "activity", metadata.summary_id, record);
}

function night(person: string, endsOn: number, deepMinutes: number, rmssd: number): OutgoingEvent {
  const metadata = {
    start_time: march(endsOn - 1, "23:00"),
    end_time: march(endsOn, "06:30"),
    upload_type: 2,
    // Polar does not distinguish naps.
    is_nap: null,
  };
  return event(person, "sleep", `night-${endsOn}`, {
    metadata,
    sleep_durations_data: { asleep: { duration_deep_sleep_state_seconds: deepMinutes * 60 } },
    heart_rate_data: { summary: { avg_hrv_rmssd: rmssd } },
  });
}

function day(person: string, date: number, steps: number): OutgoingEvent {
  const metadata = { start_time: march(date), end_time: march(date + 1), upload_type: 1 };
  return event(person, "daily", `day-${date}`, { metadata, distance_data: { steps } });
}

function event(
  person: string,
  type: DataType,
  naturalKey: string,
  record: object,
  provider = "POLAR",
): OutgoingEvent {
  const id = provider === "POLAR" ? `user-of-${person}` : `${provider}-of-${person}`;
  const user = { user_id: id, reference_id: person, provider, active: true };
  const body = Buffer.from(JSON.stringify({ type, user, version: "2022-03-16", data: [record] }));
  const records = [{ type, naturalKey, revision: 1 }];
  return { ...plainEvent(type), userId: user.user_id, referenceId: person, records, body };
}

const laps = [
  { start_time: minute(0), end_time: minute(5), distance_meters: 1_000 },
  { start_time: minute(5), end_time: minute(10), distance_meters: 1_000 },
];
const heartRates = [
  [0, 121],
  [2, 130],
  [4, 139],
  [5, 144],
  [9, 148],
  [10, 150],
].map(([at, bpm]) => ({
  timestamp: minute(at as number),
  bpm,
}));

export const happenings: readonly OutgoingEvent[] = [
  run("anna", 1, 5_000, 138, { lap_data: { laps }, heart: { detailed: { hr_samples: heartRates } } }),
  run("anna", 3, 8_500, 146),
  run("ben", 2, 8_000, 151),
  night("anna", 2, 95, 61.5),
  night("anna", 3, 80, 55.25),
  night("ben", 2, 70, 38),
  day("anna", 2, 11_200),
  day("anna", 3, 9_000),
  day("ben", 2, 4_300),
];

function workout(person: string, provider: string, [start, end]: [string, string], meters: number) {
  const metadata = {
    summary_id: `${person} ${start}`,
    start_time: start,
    end_time: end,
    type: 8,
    upload_type: 1,
  };
  const record = { metadata, distance_data: { summary: { distance_meters: meters } } };
  return event(person, "activity", metadata.summary_id, record, provider);
}

/** Workouts of two people, some of which two providers have. */
export const happeningsOfSeveral: readonly OutgoingEvent[] = [
  workout("anna", "POLAR", [march(1, "07:00"), march(1, "07:30")], 5_000),
  workout("anna", "OURA", [march(1, "07:02"), march(1, "07:28")], 4_700),
  workout("anna", "OURA", [march(2, "18:00"), march(2, "18:40")], 3_100),
  workout("ben", "APPLE", [march(3, "07:01"), march(3, "07:49")], 8_000),
  workout("ben", "OURA", [march(3, "07:00"), march(3, "07:50")], 8_100),
  workout("ben", "GARMIN", [march(3, "07:00"), march(3, "07:51")], 8_150),
  workout("ben", "APPLE", [march(4, "12:00"), march(4, "12:30")], 2_400),
];
