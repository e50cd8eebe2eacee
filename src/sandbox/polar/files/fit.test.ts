import FitParser, { type ParsedFit } from "fit-file-parser";
import { describe, expect, test } from "vitest";
import { toFit } from "./fit.ts";

/** Decodes the file with a decoder that checks both checksums. */
function decoded(body: object): ParsedFit {
  let read: ParsedFit | undefined;
  const file = toFit(
    JSON.stringify({ start_time: "2025-10-01T10:00:00", start_time_utc_offset: 120, ...body }),
  );
  new FitParser({ force: false }).parse(Buffer.from(file), (error, data) => {
    if (error) throw new Error(error);
    read = data;
  });
  if (!read) throw new Error("nothing read");
  return read;
}

const seconds = 700;
const series = (of: (second: number) => number) =>
  Array.from({ length: seconds }, (_, second) => of(second)).join();
const run = {
  duration: "PT700.4S",
  detailed_sport_info: "TRAIL_RUNNING",
  calories: 120,
  distance: 2100.5,
  heart_rate: { average: 140, maximum: 160 },
  samples: [
    { recording_rate: 1, sample_type: 0, data: series((second) => 120 + (second % 40)) },
    { recording_rate: 1, sample_type: 3, data: series((second) => 20 + Math.abs(350 - second) / 10) },
    { recording_rate: 1, sample_type: 10, data: series((second) => second * 3) },
  ],
  route: [{ latitude: 60.2, longitude: -24.9, time: "PT1S" }],
};

describe("a FIT file of an exercise", () => {
  test("has a lap for each whole kilometre, without distance, and no events", () => {
    const { laps, events, messages } = decoded(run);
    expect(laps).toMatchObject([
      {
        start_time: new Date("2025-10-01T08:00:00Z"),
        timestamp: new Date("2025-10-01T08:05:34Z"),
        avg_speed: 2.994,
      },
      { start_time: new Date("2025-10-01T08:05:34Z"), timestamp: new Date("2025-10-01T08:11:07Z") },
    ]);
    expect(laps?.[0]).not.toHaveProperty("total_distance");
    expect(laps?.[0]).toMatchObject({ lap_trigger: "time", total_elapsed_time: 334, max_heart_rate: 159 });
    expect(events).toEqual([]);
    expect(messages?.file_id).toMatchObject([{ type: "activity", manufacturer: "development" }]);
  });

  test("has a record a second, with markers where nothing was measured", () => {
    const { records } = decoded(run);
    expect(records).toHaveLength(seconds);
    expect(records?.[0]).toMatchObject({ heart_rate: 120, altitude: 55, distance: 0 });
    expect(records?.[0]).not.toHaveProperty("position_lat");
    expect(records?.[1]?.position_lat).toBeCloseTo(60.2, 6);
    expect(records?.[1]?.position_long).toBeCloseTo(-24.9, 6);
  });

  test("has one session with its totals", () => {
    expect(decoded(run).sessions).toMatchObject([
      {
        sport: "running",
        total_elapsed_time: 700.4,
        total_distance: 2100.5,
        total_ascent: 35,
        total_descent: 35,
      },
    ]);
    expect(decoded(run).activity).toMatchObject({ num_sessions: 1, event: "activity" });
  });

  test("of an exercise without samples has one lap, the whole session", () => {
    const { laps, sessions, records } = decoded({ duration: "PT60S" });
    expect(records).toEqual([]);
    expect(laps).toMatchObject([{ total_elapsed_time: 60, timestamp: new Date("2025-10-01T08:01:00Z") }]);
    expect(sessions?.[0]).not.toHaveProperty("avg_heart_rate");
  });
});
