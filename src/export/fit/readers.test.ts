/**
 * Files read by programs that we did not write. gpsbabel and fit-file-parser refuse a broken checksum; fit2tcx writes
 * nothing for an activity that lacks a message; ExifTool knows the profile's newer messages.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import fc from "fast-check";
import { readFitMessages } from "fit-file-parser";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Activity, DataType } from "../../models/index.ts";
import { WorkoutEventType } from "../../providers/apple/healthkit/workout.ts";
import {
  partsOf as appleParts,
  sample as appleSample,
  makeAll,
  spanOf,
  workout,
} from "../../providers/apple/testing/person.ts";
import {
  capturedIsThere,
  givenBodies,
  partsOf,
  recordsOf,
  whyCapturedIsSkipped,
} from "../../providers/polar/testing/bodies.ts";
import type { ExportableRecord } from "../contract.ts";
import { type FitContent, fit } from "./index.ts";
import { anyActivity } from "./testing/activities.ts";
import { parser } from "./testing/parser.ts";
import { exiftool, findReaders, fit2tcx, gpsbabel, installMs, type Tags } from "./testing/readers.ts";

const settings = { fhirBase: "https://example.com/fhir", birthDate: false };

function recordToExport(type: DataType, naturalKey: string, data: unknown): ExportableRecord {
  const person = { userId: "2f1c6a52-0c5b-4b5a-9b60-5d6b1f6a1e57", referenceId: null, provider: "POLAR" };
  return { ...person, type, naturalKey, revision: 1, data } as ExportableRecord;
}

interface Subject {
  readonly name: string;
  readonly type: DataType;
  readonly data: unknown;
  readonly files: readonly FitContent[];
}

function subjectOf(name: string, type: DataType, data: unknown): Subject {
  return { name, type, data, files: fit.write(recordToExport(type, name, data), settings)?.content ?? [] };
}

const polar = givenBodies().flatMap(({ name, resource, key, body }) =>
  [...recordsOf(partsOf(resource, key, body))].map(([id, data]) => {
    const [type = ""] = id.split(" ");
    return subjectOf(`${name} ${id}`, type as DataType, data);
  }),
);
/** A phone's workout of an hour with two pauses, and a heart rate every half minute outside of them. */
const workouts = ["2026-01-10", "2026-10-25"].map((day) => {
  const events = [
    { type: WorkoutEventType.Pause, ...spanOf(`${day}T09:10`), metadata: {} },
    { type: WorkoutEventType.Resume, ...spanOf(`${day}T09:15`), metadata: {} },
    { type: WorkoutEventType.Pause, ...spanOf(`${day}T09:30`), metadata: {} },
    { type: WorkoutEventType.Resume, ...spanOf(`${day}T09:31`), metadata: {} },
  ];
  const minutes = Array.from({ length: 60 }, (_, minute) => String(minute).padStart(2, "0"));
  const beats = minutes
    .filter((minute) => !/^(1[0-4]|30)$/.test(minute))
    .map((minute) =>
      appleSample("HKQuantityTypeIdentifierHeartRate", `${day}T09:${minute}`, 100 + Number(minute)),
    );
  return makeAll("activity", appleParts(beats, [workout(`${day}T09:00/10:00`, { events })]));
});
const apple = workouts.flatMap((made) =>
  [...made].map(([key, data]) => subjectOf(`apple ${key}`, "activity", data)),
);
const generated = fc
  .sample(anyActivity, { seed: 13, numRuns: 15 })
  .map((data, index) => subjectOf(`generated ${index}`, "activity", data));

const subjects = [...polar, ...apple, ...generated].filter(({ files }) => files.length > 0);
const activities = subjects.filter(({ type }) => type === "activity");

const directory = mkdtempSync(path.join(os.tmpdir(), "systole-fit-"));
const fileName = (subject: Subject, kind: string): string => `${subjects.indexOf(subject)}-${kind}.fit`;
const fileOf = (subject: Subject, kind = "activity"): string => path.join(directory, fileName(subject, kind));

const missing = await findReaders();
if (missing) process.stdout.write(`readers of FIT are skipped: ${missing.reason}\n`);
if (!capturedIsThere) process.stdout.write(`captured payloads are skipped: ${whyCapturedIsSkipped}\n`);

let tags: Map<string, Tags>;

beforeAll(async () => {
  for (const subject of subjects)
    for (const { kind, bytes } of subject.files) writeFileSync(fileOf(subject, kind), bytes);
  tags = await exiftool(directory);
}, installMs);
afterAll(() => rmSync(directory, { recursive: true }));

interface Sample {
  readonly timestamp?: string | null | undefined;
}

/** Returns the first value of a series in each second, as milliseconds and value. */
function firstOfSecond<One extends Sample>(
  samples: readonly One[] | null | undefined,
  valueIn: (sample: One) => number | null | undefined,
): Map<number, number> {
  const found = new Map<number, number>();
  for (const sample of samples ?? []) {
    const value = valueIn(sample);
    const second = Math.floor(instantOf(sample.timestamp ?? "") / 1000) * 1000;
    if (typeof value === "number" && !found.has(second)) found.set(second, value);
  }
  return new Map([...found].sort(([a], [b]) => a - b));
}

/** A time without an offset is written as if it were UTC. */
const instantOf = (text: string): number => Date.parse(/(Z|[+-]\d\d:\d\d)$/.test(text) ? text : `${text}Z`);

function seriesOf({ data }: Subject) {
  const activity = data as Activity;
  const { heart_rate_data, distance_data, movement_data, power_data, position_data } = activity;
  const saturation = activity.oxygen_data?.saturation_samples?.filter(({ type }) => type === 1);
  return {
    heart_rate: firstOfSecond(heart_rate_data?.detailed?.hr_samples, ({ bpm }) => bpm),
    distance: firstOfSecond(distance_data?.detailed?.distance_samples, (one) => one.distance_meters),
    enhanced_altitude: firstOfSecond(distance_data?.detailed?.elevation_samples, (one) => one.elev_meters),
    enhanced_speed: firstOfSecond(movement_data?.speed_samples, (one) => one.speed_meters_per_second),
    cadence: firstOfSecond(movement_data?.cadence_samples, (one) => one.cadence_rpm),
    power: firstOfSecond(power_data?.power_samples, ({ watts }) => watts),
    position_lat: firstOfSecond(position_data?.position_samples, ({ coords_lat_lng_deg: at }) =>
      at?.[1] !== null && at?.[1] !== undefined ? at[0] : null,
    ),
    saturated_hemoglobin_percent: firstOfSecond(saturation, ({ percentage }) => percentage),
  };
}

/** Half of a field's step, and a little for the binary fraction. */
const tolerance: Readonly<Record<keyof ReturnType<typeof seriesOf>, number>> = {
  heart_rate: 0.5,
  distance: 0.005,
  enhanced_altitude: 0.1,
  enhanced_speed: 0.0005,
  cadence: 1 / 256,
  power: 0.5,
  position_lat: 90 / 2 ** 31,
  saturated_hemoglobin_percent: 0.05,
};

const secondsOf = (subject: Subject): number[] =>
  [...new Set(Object.values(seriesOf(subject)).flatMap((series) => [...series.keys()]))].sort(
    (a, b) => a - b,
  );

/** Returns the value of a field; cadence has its fraction in a field of its own. */
const valueIn = (record: Readonly<Record<string, unknown>>, field: string): number =>
  Number(record[field]) + (field === "cadence" ? Number(record.fractional_cadence ?? 0) : 0);

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

describe.skipIf(missing !== null).each(activities)("$name, read by gpsbabel and fit2tcx", (subject) => {
  const expected = secondsOf(subject);
  const beats = [...seriesOf(subject).heart_rate.values()].map(Math.round);

  it("has each point at its second, the mean heart rate, and the laps", async () => {
    const read = { gpsbabel: await gpsbabel(fileOf(subject)), fit2tcx: await fit2tcx(fileOf(subject)) };
    for (const [name, { points }] of Object.entries(read)) {
      expect(
        points.map(({ time }) => time),
        name,
      ).toEqual(expected);
      const found = points.flatMap(({ heartRate }) => heartRate ?? []);
      if (beats.length > 0) expect(mean(found), name).toBeCloseTo(mean(beats), 9);
    }
    // fit2tcx writes no activity when a message is missing that one must have.
    expect(read.fit2tcx.text).toContain("<Activity Sport=");
    const given = (subject.data as Activity).lap_data?.laps ?? [];
    const last = expected.at(-1) ?? 0;
    // fit2tcx leaves out laps that begin after the last point.
    const areShown = given.every(({ start_time: start }) => !start || instantOf(start) <= last);
    if (areShown) expect(read.fit2tcx.laps).toBe(Math.max(1, given.length));
  }, 120_000);
});

describe.each(activities)("$name, read by ExifTool and fit-file-parser", (subject) => {
  const activity = subject.data as Activity;

  it("has the session's totals", () => {
    const found = tags.get(fileName(subject, "activity"));
    const { session: [session] = [] } = parser(subject.files[0]?.bytes ?? new Uint8Array());
    const metres = activity.distance_data?.summary?.distance_meters ?? null;
    const bpm = activity.heart_rate_data?.summary?.avg_hr_bpm ?? null;
    expect(session?.avg_heart_rate ?? null).toBe(bpm === null ? null : Math.round(bpm));
    if (metres === null) expect(session?.total_distance).toBeUndefined();
    else expect(Math.abs(Number(session?.total_distance) - metres)).toBeLessThanOrEqual(0.005);
    if (metres !== null) expect(found?.get("TotalDistance")).toContain(session?.total_distance);
    if (bpm !== null) expect(found?.get("AvgHeartRate")).toContain(Math.round(bpm));
    expect(found?.get("FITFileType")).toEqual([4]);
  });

  it("begins and ends when the record does", () => {
    const { session: [session] = [], activity: [last] = [] } = parser(
      subject.files[0]?.bytes ?? new Uint8Array(),
    );
    const { start_time, end_time } = activity.metadata;
    const start = Date.parse(String(session?.start_time));
    const end = Date.parse(String(session?.timestamp));
    expect(start).toBe(Math.floor(instantOf(start_time) / 1000) * 1000);
    expect(end).toBe(Math.floor(instantOf(end_time) / 1000) * 1000);
    expect(session?.total_elapsed_time).toBeCloseTo((instantOf(end_time) - instantOf(start_time)) / 1000, 3);
    expect(Math.abs(start + Number(session?.total_elapsed_time) * 1000 - end)).toBeLessThan(1000);
    const offset = /([+-])(\d\d):(\d\d)$/.exec(start_time);
    const minutes = offset ? Number(`${offset[1]}1`) * (Number(offset[2]) * 60 + Number(offset[3])) : 0;
    expect(Date.parse(String(last?.local_timestamp)) - end).toBe(minutes * 60_000);
  });

  it("has every series again, in the steps of its field", () => {
    const { record: records = [] } = parser(subject.files[0]?.bytes ?? new Uint8Array());
    for (const [field, series] of Object.entries(seriesOf(subject))) {
      const found = records.flatMap((record) =>
        record[field] === undefined
          ? []
          : [[Date.parse(String(record.timestamp)), valueIn(record, field)] as const],
      );
      expect(
        found.map(([time]) => time),
        field,
      ).toEqual([...series.keys()]);
      const allowed = tolerance[field as keyof typeof tolerance] + 1e-9;
      const values = [...series.values()];
      const worst = found.reduce(
        (most, [, value], at) => Math.max(most, Math.abs(value - (values[at] ?? 0))),
        0,
      );
      expect(worst, field).toBeLessThanOrEqual(allowed);
    }
  });

  it("has its records in strictly increasing time", () => {
    const { record: records = [] } = parser(subject.files[0]?.bytes ?? new Uint8Array());
    const times = records.map(({ timestamp }) => Date.parse(String(timestamp)));
    expect(times.every((time, at) => at === 0 || time > (times[at - 1] ?? 0))).toBe(true);
    expect(times).toEqual(secondsOf(subject));
  });

  it("has laps that count up within the session", () => {
    const { lap = [], session: [session] = [] } = parser(subject.files[0]?.bytes ?? new Uint8Array());
    expect(lap.map(({ message_index }) => (message_index as { value: number }).value)).toEqual(
      lap.map((_, at) => at),
    );
    expect(session?.num_laps).toBe(lap.length);
  });
});

/** record, event, weight_scale, blood_pressure, monitoring, spo2_data, sleep_level, respiration_rate, hrv_value. */
const measured: ReadonlySet<number> = new Set([20, 21, 30, 51, 55, 269, 275, 297, 371]);

describe.each(apple)("$name", ({ files, data }) => {
  // The timer ran for a minute between the samples around a pause; it is not said on which side.
  it("stops its timer as long as each pause, and starts it again", () => {
    const { event = [], session: [session] = [] } = parser(files[0]?.bytes ?? new Uint8Array());
    const times = (type: string) =>
      event
        .filter(({ event_type }) => event_type === type)
        .map(({ timestamp }) => String(timestamp).slice(11, 19));
    expect(times("start")).toEqual(["09:00:00", "09:14:00", "09:30:00"]);
    expect(times("stop_all")).toEqual(["09:09:00", "09:29:00", "10:00:00"]);
    expect(session?.total_timer_time).toBe((data as Activity).active_durations_data?.activity_seconds);
    expect(session?.total_timer_time).toBe(3_240);
  });
});

describe.each(subjects.flatMap((subject) => subject.files.map((file) => ({ ...subject, subject, ...file }))))(
  "$name as $kind",
  ({ subject, kind, bytes }) => {
    it("is read by fit-file-parser and ExifTool, and begins with its file_id", () => {
      expect(Object.keys(parser(bytes)).length).toBeGreaterThan(0);
      const found = tags.get(fileName(subject, kind));
      expect(found?.get("FileType")).toEqual(["FIT"]);
      expect(found?.has("Error") || found?.has("Warning")).toBe(false);
    });

    it("has what is measured in the order of time", () => {
      const found = readFitMessages(bytes).messages.filter((one) => measured.has(one.globalMessageNumber));
      const times = found.map(({ timestamp = Number.NaN }) => timestamp);
      expect(times).toEqual([...times].sort((a, b) => a - b));
    });

    it("is refused with a broken checksum", async () => {
      const broken = Buffer.from(bytes);
      broken.writeUInt8((broken.at(-1) ?? 0) ^ 0xff, broken.length - 1);
      expect(() => parser(broken)).toThrow();
      if (missing) return;
      const file = path.join(directory, "broken.fit");
      writeFileSync(file, broken);
      await expect(gpsbabel(file)).rejects.toThrow();
    });
  },
);
