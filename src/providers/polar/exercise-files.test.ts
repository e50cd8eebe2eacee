import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { ProviderError } from "../provider.ts";
import { resources } from "./resources.ts";
import { fixture, make, partsOf } from "./testing/bodies.ts";
import {
  type FitField,
  filePartsOf,
  fitFile,
  fitMessage,
  fitTime,
  tcxFile,
  tcxLap,
} from "./testing/files.ts";

const id = "Ab3kQ9zX";
/** A run that starts 2025-05-11T06:59:58 at +180. */
const run = { ...(fixture("exercise-run") as object), samples: [], duration: "PT1800S" };
const exercise = partsOf("exercise", id, run);
const activityOf = (...files: ReturnType<typeof filePartsOf>[]) =>
  make("activity", [...exercise, ...files.flat()]);

const lapFields = (start: string, end: string, ...more: FitField[]) =>
  [
    fitMessage.lap,
    [2, "uint32", fitTime(start)],
    [253, "uint32", fitTime(end)],
    [7, "uint32", 600_000],
    [8, "uint32", 590_600],
    ...more,
  ] as const;

const timer = (at: string, type: number) =>
  [fitMessage.event, [253, "uint32", fitTime(at)], [0, "enum", 0], [1, "enum", type]] as const;

const laps = [
  lapFields(
    "2025-05-11T03:59:58Z",
    "2025-05-11T04:09:58Z",
    [9, "uint32", 201_525],
    [15, "uint8", 142],
    [24, "enum", 0],
  ),
  lapFields(
    "2025-05-11T04:09:58Z",
    "2025-05-11T04:20:03Z",
    [9, "uint32", 0xffffffff],
    [15, "uint8", 0xff],
    [24, "enum", 7],
  ),
];

describe("FIT", () => {
  it("gives the laps, in the exercise's own offset and Terra's units", () => {
    const [first, second, ...others] = activityOf(filePartsOf("fit", id, fitFile(laps))).lap_data?.laps ?? [];
    expect(others).toEqual([]);
    expect(first).toEqual({
      start_time: "2025-05-11T06:59:58.000000+03:00",
      end_time: "2025-05-11T07:09:58.000000+03:00",
      distance_meters: 2015.25,
      calories: null,
      avg_hr_bpm: 142,
      avg_speed_meters_per_second: null,
      avg_watts: null,
      total_strokes: null,
      stroke_type: null,
      active_duration_seconds: 591,
      trigger_method: "MANUAL",
    });
    // Markers of "invalid" are nothing, and a trigger keeps its name.
    expect(second).toMatchObject({ distance_meters: null, avg_hr_bpm: null, trigger_method: "SESSION_END" });
  });

  it("gives climb, cadence and power of a single session, and none of several", () => {
    const session = [
      fitMessage.session,
      [22, "uint16", 218],
      [23, "uint16", 200],
      [18, "uint8", 86],
      [20, "uint16", 251],
    ] as const;
    const one = activityOf(filePartsOf("fit", id, fitFile([session])));
    expect(one.distance_data?.summary?.elevation).toMatchObject({
      gain_actual_meters: 218,
      loss_actual_meters: 200,
    });
    expect(one.movement_data?.avg_cadence_rpm).toBe(86);
    expect(one.power_data?.avg_watts).toBe(251);
    const two = activityOf(filePartsOf("fit", id, fitFile([session, session])));
    expect(two.distance_data?.summary?.elevation).toMatchObject({ gain_actual_meters: null });
  });

  it("has the strokes of a swim, and does not count the strides of a run as strokes", () => {
    const lapOf = (sport: number) => {
      const made = lapFields(
        "2025-05-11T03:59:58Z",
        "2025-05-11T04:09:58Z",
        [10, "uint32", 412],
        [25, "enum", sport],
        [38, "enum", 2],
      );
      return activityOf(filePartsOf("fit", id, fitFile([made])));
    };
    expect(lapOf(5).lap_data?.laps?.[0]).toMatchObject({ total_strokes: 412, stroke_type: "breaststroke" });
    const running = lapOf(1);
    expect(running.lap_data?.laps?.[0]?.total_strokes).toBeNull();
    expect(running).toMatchObject({
      provider_data: { polar: { "exercise-fit": { lap: [{ total_cycles: 412 }] } } },
    });
  });

  it("has pauses where its timer was stopped and started again", () => {
    const events = [
      timer("2025-05-11T03:59:58Z", 0),
      timer("2025-05-11T04:05:00Z", 4),
      timer("2025-05-11T04:05:00Z", 1),
      timer("2025-05-11T04:07:30Z", 0),
      timer("2025-05-11T04:29:58Z", 4),
    ];
    const [part] = filePartsOf("fit", id, fitFile(events));
    expect(part?.value).toMatchObject({
      pauses: [{ start_time: "2025-05-11T04:05:00.000Z", end_time: "2025-05-11T04:07:30.000Z" }],
    });
  });

  it("leaves Polar's active time unchanged", () => {
    const seconds = activityOf(filePartsOf("fit", id, fitFile(laps))).active_durations_data?.activity_seconds;
    expect(seconds).toBe(1800);
  });

  it("is a part that JSON can hold", () => {
    const [part] = filePartsOf("fit", id, fitFile([...laps, timer("2025-05-11T04:05:00Z", 1)]));
    expect(JSON.parse(JSON.stringify(part))).toEqual(part);
  });
});

describe("both files", () => {
  const seconds = "<TotalTimeSeconds>600</TotalTimeSeconds>";
  const same = tcxFile(
    tcxLap(
      "2025-05-11T03:59:58.400Z",
      `${seconds}<DistanceMeters>2000</DistanceMeters><Calories>90</Calories>`,
    ) +
      tcxLap(
        "2025-05-11T04:09:58.400Z",
        `${seconds}<DistanceMeters>1990.5</DistanceMeters><Calories>80</Calories>`,
      ),
  );
  const of = (tcx: string) =>
    activityOf(filePartsOf("fit", id, fitFile(laps)), filePartsOf("tcx", id, tcx)).lap_data?.laps;

  it("with the same laps are joined; the FIT's values have priority", () => {
    expect(of(same)).toMatchObject([
      { distance_meters: 2015.25, calories: 90, active_duration_seconds: 591, trigger_method: "MANUAL" },
      { distance_meters: 1990.5, calories: 80, start_time: "2025-05-11T07:09:58.000000+03:00" },
    ]);
  });

  it("with different laps are not joined", () => {
    expect(of(same.replace("04:09:58.400Z", "04:10:01.400Z"))).toMatchObject([{}, { distance_meters: null }]);
    expect(of(tcxFile(tcxLap("2025-05-11T03:59:58.400Z", seconds)))).toHaveLength(2);
  });
});

describe("values without a Terra field", () => {
  it("are beside the activity, by file", () => {
    const fit = fitFile([...laps, timer("2025-05-11T04:05:00Z", 1), timer("2025-05-11T04:07:30Z", 0)]);
    const pause = { start_time: "2025-05-11T04:05:00.000Z", end_time: "2025-05-11T04:07:30.000Z" };
    const notes = tcxFile('<Lap StartTime="2025-05-11T03:59:58Z"/>').replace(
      "</Activity>",
      "<Notes>Hot &amp; dry</Notes></Activity>",
    );
    expect(activityOf(filePartsOf("fit", id, fit), filePartsOf("tcx", id, notes))).toMatchObject({
      provider_data: {
        polar: {
          "exercise-fit": {
            pauses: [pause],
            lap: [
              { start_time: "2025-05-11T03:59:58.000Z", total_elapsed_time: 600 },
              { total_elapsed_time: 600 },
            ],
          },
          "exercise-tcx": {
            training_center_database: { activities: { activity: [{ notes: "Hot & dry" }] } },
          },
        },
      },
    });
  });
});

describe("one lap that is the whole session", () => {
  const [start, end] = ["2025-05-11T03:59:58Z", "2025-05-11T04:29:57Z"];
  const seconds = "<TotalTimeSeconds>1800.0</TotalTimeSeconds>";

  it("is not listed, but one that ends earlier is", () => {
    expect(activityOf(filePartsOf("fit", id, fitFile([lapFields(start, end)]))).lap_data?.laps).toEqual([]);
    expect(activityOf(filePartsOf("tcx", id, tcxFile(tcxLap(start, seconds)))).lap_data?.laps).toEqual([]);
    const early = fitFile([lapFields(start, "2025-05-11T04:29:00Z")]);
    expect(activityOf(filePartsOf("fit", id, early)).lap_data?.laps).toHaveLength(1);
  });

  it("does not hide another file's laps", () => {
    const fit = filePartsOf("fit", id, fitFile([lapFields(start, end)]));
    const half = "<TotalTimeSeconds>900</TotalTimeSeconds>";
    const tcx = tcxFile(tcxLap(start, half) + tcxLap("2025-05-11T04:14:58Z", half));
    expect(activityOf(fit, filePartsOf("tcx", id, tcx)).lap_data?.laps).toHaveLength(2);
  });

  it("is not listed with pauses in TCX either, whose seconds leave them out", () => {
    const lap = tcxLap(start, "<TotalTimeSeconds>1500.0</TotalTimeSeconds>", [start], [end]);
    expect(activityOf(filePartsOf("tcx", id, tcxFile(lap))).lap_data?.laps).toEqual([]);
  });
});

describe("TCX", () => {
  const two = tcxFile(
    tcxLap(
      "2025-05-11T03:59:58.250Z",
      "<TotalTimeSeconds>599.6</TotalTimeSeconds><DistanceMeters>2015.2</DistanceMeters><Calories>301</Calories>" +
        "<AverageHeartRateBpm><Value>142</Value></AverageHeartRateBpm><TriggerMethod>Distance</TriggerMethod>",
      ["2025-05-11T03:59:58.250Z", "2025-05-11T04:03:00.250Z"],
      ["2025-05-11T04:05:00.250Z", "2025-05-11T04:12:00.250Z"],
      [],
    ) +
      tcxLap(
        "2025-05-11T04:12:00.250Z",
        "<TotalTimeSeconds>900</TotalTimeSeconds><DistanceMeters>0.0</DistanceMeters><Calories>0</Calories>",
      ),
  );

  it("gives the laps when FIT has none; a paused lap ends with its last point", () => {
    const made = activityOf(filePartsOf("fit", id, fitFile([])), filePartsOf("tcx", id, two));
    expect(made.lap_data?.laps).toMatchObject([
      {
        start_time: "2025-05-11T06:59:58.250000+03:00",
        end_time: "2025-05-11T07:12:00.250000+03:00",
        distance_meters: 2015.2,
        avg_hr_bpm: 142,
        active_duration_seconds: 600,
        trigger_method: "DISTANCE",
      },
      { end_time: "2025-05-11T07:27:00.250000+03:00", distance_meters: 0, trigger_method: null },
    ]);
  });

  it("does not give the first lap the calories of the whole activity", () => {
    const calories = (text: string) =>
      activityOf(filePartsOf("tcx", id, text)).lap_data?.laps?.map((lap) => lap.calories);
    expect(calories(two)).toEqual([null, null]);
    expect(calories(two.replace("<Calories>0<", "<Calories>5<"))).toEqual([301, 5]);
  });

  it("has no distance where every lap says 0, as of a pool", () => {
    const made = activityOf(filePartsOf("tcx", id, two.replace("2015.2", "0.0")));
    expect(made.lap_data?.laps?.map((lap) => lap.distance_meters)).toEqual([null, null]);
  });

  it("has a pause between two tracks of one lap, and none between laps", () => {
    const [part] = filePartsOf("tcx", id, two);
    expect(part?.value).toMatchObject({
      pauses: [{ start_time: "2025-05-11T04:03:00.250Z", end_time: "2025-05-11T04:05:00.250Z" }],
    });
  });

  it("may be packed without saying so, begin with white space, and have an offset in its times", () => {
    const moved = two.replaceAll(
      /T0(\d):(\d\d):(\d\d)\.250Z/g,
      (_, h, m, s) => `T0${Number(h) + 1}:${m}:${s}.250+01:00`,
    );
    expect(moved).not.toBe(two);
    const expected = activityOf(filePartsOf("tcx", id, two));
    expect(activityOf(filePartsOf("tcx", id, gzipSync(moved)))).toEqual(expected);
    expect(activityOf(filePartsOf("tcx", id, `\uFEFF\n${two}`))).toEqual(expected);
    expect(activityOf(filePartsOf("tcx", id, ` \n${two}`))).toEqual(expected);
  });

  it("without content gives nothing", () => {
    const empty = "<TrainingCenterDatabase><Activities/></TrainingCenterDatabase>";
    expect(activityOf(filePartsOf("tcx", id, empty)).lap_data?.laps).toEqual([]);
  });
});

describe("a file that cannot be read", () => {
  const dangerous = `<?xml version="1.0"?><!DOCTYPE gpx [<!ENTITY x SYSTEM "file:///etc/passwd">]><gpx>&x;</gpx>`;
  const good = fitFile(laps);
  const oneLap = tcxFile(tcxLap("2025-05-11T03:59:58Z", "<Calories>1</Calories>"));
  const cutAfterLap = oneLap.slice(0, oneLap.indexOf("</Activity>"));
  const wrong = Buffer.from(good);
  wrong[40] = (wrong[40] ?? 0) ^ 1;

  it.each([
    ["fit", "nothing", Buffer.alloc(0)],
    ["fit", "something else", Buffer.from("<html></html>")],
    ["fit", "half a file", good.subarray(0, good.length - 30)],
    ["fit", "one bit wrong", wrong],
    ["tcx", "nothing", Buffer.alloc(0)],
    ["tcx", "another root", Buffer.from("<gpx></gpx>")],
    ["tcx", "only its first lap", Buffer.from(cutAfterLap)],
    ["tcx", "half a file", Buffer.from(tcxFile("<Lap>").slice(0, -40))],
    ["tcx", "half of what was packed", gzipSync(tcxFile("")).subarray(0, 60)],
    ["gpx", "entities", Buffer.from(dangerous)],
  ] as const)("is refused for good: %s, %s", (format, _what, bytes) => {
    const thrown = (() => {
      try {
        return filePartsOf(format, id, bytes);
      } catch (error) {
        return error;
      }
    })();
    expect(thrown).toBeInstanceOf(ProviderError);
    expect(thrown).toMatchObject({ code: "PROVIDER_BODY_INVALID", retry: "never" });
  });
});

describe("the files to fetch with an exercise", () => {
  const [part] = exercise;
  const resource = resources.find(({ name }) => name === "exercise");
  const followed = (has_route: unknown) => {
    if (!part) throw new Error("no exercise");
    const value = { ...(part.value as object), has_route };
    return resource?.followUps?.({ ...part, value }).map((ref) => `${ref.resource} ${ref.key}`);
  };

  it("are FIT and TCX, and GPX when there is a route; v4's session of its local day is fetched with them", () => {
    const session = "v4-training-session 2025-05-11";
    const [fit, tcx, gpx] = ["fit", "tcx", "gpx"].map((format) => `exercise-${format} ${id}`);
    expect(followed(true)).toEqual([fit, tcx, gpx, session]);
    expect(followed(false)).toEqual([fit, tcx, session]);
    expect(followed(undefined)).toEqual([fit, tcx, session]);
  });

  it("are requested with their own media type", () => {
    const requests = ["fit", "tcx", "gpx"].map((format) =>
      resources.find(({ name }) => name === `exercise-${format}`)?.request(id, "475"),
    );
    expect(requests).toEqual([
      { method: "GET", path: `/v3/exercises/${id}/fit`, accept: "*/*" },
      { method: "GET", path: `/v3/exercises/${id}/tcx`, accept: "application/vnd.garmin.tcx+xml" },
      { method: "GET", path: `/v3/exercises/${id}/gpx`, accept: "application/gpx+xml" },
    ]);
  });
});

const captured = path.join(
  import.meta.dirname,
  "../../../../../shared/polar-payloads/fit/polar-ignite-run.fit",
);

describe.skipIf(!existsSync(captured))("the captured FIT file", () => {
  const base = { id, start_time: "2020-09-27T13:29:29", start_time_utc_offset: 120, duration: "PT4495S" };
  const parts = () => [...partsOf("exercise", id, base), ...filePartsOf("fit", id, readFileSync(captured))];

  it("has fifteen laps that follow one another, without a distance, and no pause", () => {
    const found = make("activity", parts()).lap_data?.laps ?? [];
    expect(found).toHaveLength(15);
    expect(found[0]).toMatchObject({
      start_time: "2020-09-27T13:29:30.000000+02:00",
      end_time: "2020-09-27T13:34:34.000000+02:00",
      distance_meters: null,
      avg_hr_bpm: 130,
      avg_speed_meters_per_second: 3.281,
      active_duration_seconds: 304,
      trigger_method: "TIME",
    });
    for (const [index, lap] of found.entries()) {
      if (index > 0) expect(lap.start_time).toBe(found[index - 1]?.end_time);
    }
    expect(parts().find(({ resource }) => resource === "exercise-fit")?.value).toMatchObject({ pauses: [] });
  });

  it("has the climb", () => {
    expect(make("activity", parts()).distance_data?.summary?.elevation).toMatchObject({
      gain_actual_meters: 218,
      loss_actual_meters: 200,
    });
  });
});
