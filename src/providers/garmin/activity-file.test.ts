/** Files of activities: samples, laps and heartbeats; and what is no such file. */
import { FitEncoder } from "fit-file-parser";
import { describe, expect, it } from "vitest";
import { countFitMessages } from "../kit/files/fit-count.ts";
import { unknownLeaves } from "../ledger-leaves.ts";
import { ProviderError } from "../provider.ts";
import { seriesOf } from "./files/series.ts";
import { activities } from "./resources/activities.ts";
import { activityFile } from "./resources/activity-file.ts";
import * as bodies from "./testing/bodies.ts";
import {
  type FitField,
  type FitMessage,
  filePartsOf,
  fitFile,
  fitTime,
  message,
  zipped,
} from "./testing/files.ts";
import { make, partsOf } from "./testing/make.ts";

const key = "7";
const at = (time: string) => `2025-06-14T${time}Z`;
const when = (time: string): FitField => [253, "uint32", fitTime(at(time))];
const record = (time: string, ...fields: FitField[]): FitMessage => [message.record, when(time), ...fields];
const timer = (time: string, type: number): FitMessage => [
  message.event,
  when(time),
  [0, "enum", 0],
  [1, "enum", type],
];
const [began, stopped] = [0, 4];
const semicircles = (degrees: number) => Math.round((degrees * 2 ** 31) / 180);

/** An activity from 7:00:00 to 7:10:00 UTC, at UTC+3. */
const listed = (changed: object = {}) => ({
  activityId: 7,
  activityType: { typeId: 1, typeKey: "running", parentTypeId: 17 },
  startTimeGMT: "2025-06-14 07:00:00",
  startTimeLocal: "2025-06-14 10:00:00",
  endTimeGMT: "2025-06-14 07:10:00",
  duration: 540,
  elapsedDuration: 600,
  distance: 2_000,
  averageHR: 141,
  ...changed,
});

const made = (messages: readonly FitMessage[], changed: object = {}) =>
  make(
    "activity",
    key,
    partsOf("activities", "x", [listed(changed)]),
    filePartsOf(key, zipped(fitFile(messages))),
  );

const run: FitField = [5, "enum", 1];
const session = (...fields: FitField[]): FitMessage => [message.session, when("07:10:00"), run, ...fields];

describe("samples of an activity's file", () => {
  it("have the times of their records, in the activity's offset, and units of the model", () => {
    const activity = made([
      timer("07:00:00", began),
      record(
        "07:00:01",
        [0, "sint32", semicircles(60.5)],
        [1, "sint32", semicircles(-24.25)],
        [3, "uint8", 120],
        [4, "uint8", 84],
        [53, "uint8", 64],
        [5, "uint32", 250],
        [7, "uint16", 260],
        [13, "sint8", -4],
        [57, "uint16", 654],
        [73, "uint32", 2_500],
        [78, "uint32", (12.4 + 500) * 5],
      ),
      session(),
    ]);
    const timed = { timestamp: "2025-06-14T10:00:01.000000+03:00", timer_duration_seconds: 1 };
    expect(activity?.heart_rate_data?.detailed?.hr_samples).toMatchObject([{ ...timed, bpm: 120 }]);
    expect(activity?.movement_data?.speed_samples).toEqual([{ ...timed, speed_meters_per_second: 2.5 }]);
    // 84.5 of one foot.
    expect(activity?.movement_data?.cadence_samples).toEqual([{ ...timed, cadence_rpm: 169 }]);
    expect(activity?.distance_data?.detailed).toMatchObject({
      distance_samples: [{ ...timed, distance_meters: 2.5 }],
      elevation_samples: [{ ...timed, elev_meters: 12.4 }],
    });
    expect(activity?.power_data?.power_samples).toEqual([{ ...timed, watts: 260 }]);
    const [{ coords_lat_lng_deg: place = [] } = {}] = activity?.position_data?.position_samples ?? [];
    expect(place?.map((degrees) => degrees?.toFixed(6))).toEqual(["60.500000", "-24.250000"]);
    expect(activity?.oxygen_data?.saturation_samples).toEqual([
      { timestamp: timed.timestamp, percentage: 65.4, type: 1 },
    ]);
    expect(activity).toMatchObject({
      provider_data: {
        garmin: {
          "activity-file": {
            record: { timestamp: [at("07:00:01").replace("Z", ".000Z")], temperature: [-4] },
          },
        },
      },
    });
  });

  it("are left out where the file says that there is no value", () => {
    const activity = made([
      record(
        "07:00:01",
        [0, "sint32", 0x7fffffff],
        [1, "sint32", 0x7fffffff],
        [3, "uint8", 0xff],
        [4, "uint8", 0xff],
        [5, "uint32", 0xffffffff],
        [7, "uint16", 0xffff],
        [73, "uint32", 0xffffffff],
        [78, "uint32", 0xffffffff],
      ),
      // No signal, no place yet, and sensors that are not there.
      record(
        "07:00:02",
        [0, "sint32", 0],
        [1, "sint32", 0],
        [3, "uint8", 0],
        [5, "uint32", 0],
        [73, "uint32", 0],
      ),
      session(),
    ]);
    expect(activity?.heart_rate_data?.detailed?.hr_samples).toEqual([]);
    expect(activity?.position_data?.position_samples).toEqual([]);
    expect(activity?.distance_data?.detailed).toMatchObject({ distance_samples: [], elevation_samples: [] });
    expect(activity?.movement_data).toMatchObject({ speed_samples: [], cadence_samples: [] });
    expect(activity?.power_data?.power_samples).toEqual([]);
  });

  it("of cycling keep the cadence", () => {
    const ride = [record("07:00:01", [4, "uint8", 90]), session()];
    const cadence = (changed: object) =>
      made(ride, changed)?.movement_data?.cadence_samples?.[0]?.cadence_rpm;
    expect(cadence({ averageBikingCadenceInRevPerMinute: 88 })).toBe(90);
    expect(cadence({ averageRunningCadenceInStepsPerMinute: 170 })).toBe(180);
  });

  it("count the timer without its pauses", () => {
    const pulse: FitField = [3, "uint8", 120];
    const activity = made([
      timer("07:00:00", began),
      ...["07:00:10", "07:01:00"].map((time) => record(time, pulse)),
      timer("07:01:00", stopped),
      timer("07:02:00", began),
      ...["07:02:00", "07:02:30"].map((time) => record(time, pulse)),
      timer("07:10:00", stopped),
      session(),
    ]);
    const samples = activity?.heart_rate_data?.detailed?.hr_samples ?? [];
    expect(samples.map(({ timer_duration_seconds: seconds }) => seconds)).toEqual([10, 60, 60, 90]);
    expect(activity).toMatchObject({
      provider_data: {
        garmin: {
          "activity-file": {
            pauses: [{ start_time: "2025-06-14T07:01:00.000Z", end_time: "2025-06-14T07:02:00.000Z" }],
          },
        },
      },
    });
  });

  it("outside the activity are left out: it was shortened, or is one leg of several", () => {
    const times = ["06:59:00", "06:59:58", "07:05:00", "07:10:02", "07:10:03"];
    const activity = made([...times.map((time) => record(time, [3, "uint8", 120])), session()]);
    expect(
      activity?.heart_rate_data?.detailed?.hr_samples?.map(({ timestamp }) => timestamp?.slice(11, 19)),
    ).toEqual(["09:59:58", "10:05:00", "10:10:02"]);
  });

  it("come in the order of time, and without a time there is none", () => {
    const activity = made([
      record("07:02:00", [3, "uint8", 121]),
      record("07:01:00", [3, "uint8", 120]),
      [message.record, [3, "uint8", 122]],
      // Seconds since the device was switched on.
      [message.record, [253, "uint32", 500], [3, "uint8", 123]],
      session(),
    ]);
    expect(activity?.heart_rate_data?.detailed?.hr_samples?.map(({ bpm }) => bpm)).toEqual([120, 121]);
  });
});

describe("the rest of an activity's file", () => {
  const lap = (from: string, to: string, ...fields: FitField[]): FitMessage => [
    message.lap,
    when(to),
    [2, "uint32", fitTime(at(from))],
    [7, "uint32", 300_000],
    [8, "uint32", 270_400],
    [24, "enum", 2],
    ...fields,
  ];

  it("has laps, unless there is one that is the whole activity", () => {
    const both = [
      lap("07:00:00", "07:05:00", [9, "uint32", 100_000], [15, "uint8", 140]),
      lap("07:05:00", "07:10:00"),
    ];
    expect(made([...both, session()])?.lap_data?.laps).toMatchObject([
      {
        start_time: "2025-06-14T10:00:00.000000+03:00",
        end_time: "2025-06-14T10:05:00.000000+03:00",
        distance_meters: 1_000,
        avg_hr_bpm: 140,
        active_duration_seconds: 270,
        trigger_method: "DISTANCE",
      },
      { start_time: "2025-06-14T10:05:00.000000+03:00" },
    ]);
    expect(made([lap("07:00:00", "07:10:00"), session()])?.lap_data?.laps).toEqual([]);
  });

  it("has the heartbeats in one list", () => {
    const beats = Buffer.alloc(10, 0xff);
    beats.writeUInt16LE(801, 0);
    beats.writeUInt16LE(799, 2);
    const activity = made([[message.hrv, [0, "uint16", new Uint8Array(beats)]], session()]);
    expect(activity).toMatchObject({
      provider_data: { garmin: { "activity-file": { rr_intervals: [801, 799] } } },
    });
  });

  it("fills what the search lacks, and leaves its totals", () => {
    const activity = made([session([64, "uint8", 96], [44, "uint16", 2_500], [16, "uint8", 99])]);
    expect(activity?.heart_rate_data?.summary).toMatchObject({ min_hr_bpm: 96, avg_hr_bpm: 141 });
    expect(activity?.distance_data?.summary?.swimming?.pool_length_meters).toBe(25);
    const untold = { endTimeGMT: null, elapsedDuration: null };
    expect(made([session()], untold)?.metadata.end_time).toBe("2025-06-14T10:10:00.000000+03:00");
  });

  it("is in the ledger, leaf by leaf", () => {
    const parts = filePartsOf(
      key,
      zipped(fitFile([record("07:00:01", [3, "uint8", 120]), lap("07:00:00", "07:10:00"), session()])),
    );
    expect(parts.map(({ value }) => unknownLeaves(activityFile.ledger, value))).toEqual([[]]);
  });
});

describe("an activity's file", () => {
  const fit = fitFile([record("07:00:01", [3, "uint8", 120]), session()]);
  const refusal = (body: Buffer): unknown => {
    try {
      filePartsOf(key, body);
    } catch (error) {
      if (error instanceof ProviderError) return [error.code, error.retry];
      throw error;
    }
    return "none";
  };

  it("may also come without a ZIP file around it", () => {
    expect(filePartsOf(key, fit)).toEqual(filePartsOf(key, zipped(fit)));
  });

  it("that is broken is refused for good, wherever it is broken", () => {
    const never = ["PROVIDER_BODY_INVALID", "never"];
    for (const body of [
      Buffer.alloc(0),
      Buffer.from("not a file"),
      Buffer.from("<html></html>"),
      zipped(Buffer.from("no FIT")),
      zipped(fit.subarray(0, fit.length - 3)),
      zipped(Buffer.concat([fit.subarray(0, 30), Buffer.alloc(fit.length - 30)])),
      zipped(fit).subarray(0, 60),
    ])
      expect(refusal(body)).toEqual(never);
  });

  it("with more values than any recording is refused", () => {
    const recorded = { timestamp: "2025-06-14T07:00:00.000Z", heart_rate: 120, cadence: 80 };
    expect(() => seriesOf(Array(700_000).fill(recorded))).toThrow(RangeError);
    expect(seriesOf(Array(600_000).fill(recorded)).native.cadence).toHaveLength(600_000);
  });

  it("with more messages than any recording is refused before they are decoded", () => {
    const head = fitFile([record("07:00:01", [3, "uint8", 120])]);
    const beats = (count: number): Buffer => {
      const definition = Buffer.from([0x40, 0, 0, message.record, 0, 1, 3, 1, 2]);
      const data = Buffer.concat([definition, Buffer.alloc(2 * count, Buffer.from([0, 120]))]);
      const bytes = Buffer.concat([head.subarray(0, -2), data]);
      bytes.writeUInt32LE(bytes.length - (bytes[0] ?? 0), 4);
      // No checksum of the header.
      bytes.writeUInt16LE(0, 12);
      const checksum = Buffer.alloc(2);
      checksum.writeUInt16LE(FitEncoder.calculateCRC(bytes));
      return Buffer.concat([bytes, checksum]);
    };
    // The identity of the file and its first record count, too.
    const reason = "too many messages";
    expect(() => filePartsOf(key, beats(999_999))).toThrow(
      expect.objectContaining({ retry: "never", details: { resource: "activity-file", reason } }),
    );
    expect(countFitMessages(beats(999_998))).toBe(1_000_000);
    expect(refusal(beats(1_000))).toBe("none");
  });

  it("costs the activity nothing", () => {
    const activity = make("activity", key, partsOf("activities", "x", [listed()]));
    expect(activity?.distance_data?.summary?.distance_meters).toBe(2_000);
    expect(activity?.heart_rate_data?.detailed?.hr_samples).toEqual([]);
  });

  it("is asked for as a ZIP file when its activity is new or changed, and not for one entered by hand", () => {
    expect(activityFile.request(key, "1")).toEqual({
      method: "GET",
      path: "/download-service/files/activity/7",
      accept: "application/x-zip-compressed",
    });
    const follows = (changed: object) =>
      partsOf("activities", "x", [{ ...bodies.activity, ...changed }]).flatMap((part) =>
        activities.followUps?.(part as never),
      );
    const id = String(bodies.activity.activityId);
    const [detail, file] = ["activity", "activity-file"].map((resource) => ({ resource, key: id }));
    expect(follows({})).toEqual([detail, file]);
    expect(follows({ manualActivity: true })).toEqual([detail]);
  });
});
