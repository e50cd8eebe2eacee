/**
 * Proves that every instant that a sensor, a file or SleepWise names is the same in the record, wherever on Earth the
 * person is.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseTimestamp } from "../../../models/index.ts";
import { minuteMs } from "../../kit/iso-time.ts";
import { make, partsOf } from "../testing/bodies.ts";
import { filePartsOf, tcxFile, tcxLap } from "../testing/files.ts";

/** −12:00 to +14:00 in quarters of an hour. */
const offset = fc.integer({ min: -48, max: 56 }).map((quarters) => quarters * 15);
/** Leap days and ends of years are among them. */
const instant = fc.oneof(
  fc
    .integer({ min: Date.UTC(2015, 0, 1) / 1000, max: Date.UTC(2035, 0, 1) / 1000 })
    .map((second) => second * 1000),
  fc.constantFrom(
    Date.UTC(2024, 1, 28, 23, 59, 59),
    Date.UTC(2024, 1, 29, 12),
    Date.UTC(2024, 11, 31, 23, 59, 59),
    Date.UTC(2025, 2, 30, 1),
    Date.UTC(2025, 9, 26, 0, 30),
  ),
);
const delta = fc.integer({ min: 0, max: 86_400_000 });

const instantOf = (timestamp: string | null | undefined) => parseTimestamp(timestamp ?? "").instantEpochMs;
const offsetOf = (timestamp: string | null | undefined) => parseTimestamp(timestamp ?? "").offsetMinutes;
const withoutZ = (ms: number) => new Date(ms).toISOString().slice(0, -1);
const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, 10);

describe("time", () => {
  it("of an ECG and its samples is the test's, in the test's offset, in seconds or milliseconds", () => {
    fc.assert(
      fc.property(instant, offset, delta, fc.boolean(), (at, minutes, deltaMs, inSeconds) => {
        const samples = [{ recording_time_delta_ms: deltaMs, amplitude_mv: 1 }];
        const test = {
          test_time: inSeconds ? at / 1000 : at,
          time_zone_offset: minutes,
          rri_ms: 900,
          samples,
        };
        const parts = partsOf("ecg", "*", [test]);
        const [reading] = make("body", parts).heart_data?.ecg_signal ?? [];
        expect(parts.map(({ key }) => key)).toEqual([dayOf(at)]);
        expect(instantOf(reading?.start_timestamp)).toBe(at);
        expect(offsetOf(reading?.start_timestamp)).toBe(minutes);
        expect(instantOf(reading?.raw_signal?.[0]?.timestamp)).toBe(at + deltaMs);
      }),
    );
  });

  it("of SpO2 is the test's", () => {
    fc.assert(
      fc.property(instant, fc.option(offset), (at, minutes) => {
        const test = { test_time: at / 1000, time_zone_offset: minutes, blood_oxygen_percent: 97 };
        const [sample] = make("body", partsOf("spo2", "*", [test])).oxygen_data?.saturation_samples ?? [];
        expect(instantOf(sample?.timestamp)).toBe(at);
        expect(offsetOf(sample?.timestamp)).toBe(minutes ?? 0);
      }),
    );
  });

  it("of a temperature is the recording's start and the delta, and the record's day holds the start", () => {
    fc.assert(
      fc.property(instant, delta, (at, deltaMs) => {
        const samples = [{ temperature_celsius: 34.5, recording_time_delta_milliseconds: deltaMs }];
        const recording = { measurement_type: "TM_SKIN_TEMPERATURE", start_time: withoutZ(at), samples };
        const body = make("body", partsOf("body-temperature", "*", [recording]));
        expect(instantOf(body.temperature_data?.skin_temperature_samples?.[0]?.timestamp)).toBe(at + deltaMs);
        const [start, end] = [instantOf(body.metadata.start_time), instantOf(body.metadata.end_time)];
        expect(start !== null && end !== null && start <= at && at < end).toBe(true);
      }),
    );
  });

  it("of SleepWise falls on the local day the sleep ended, as the night's date does", () => {
    fc.assert(
      fc.property(instant, offset, (end, minutes) => {
        const item = { sleep_period_end_time: withoutZ(end), sleep_timezone_offset_minutes: minutes };
        const [part] = partsOf("sleepwise-alertness", "*", [item]);
        expect(part?.key).toBe(dayOf(end + minutes * minuteMs));
      }),
    );
  });

  it("of a lap is the file's, in the exercise's offset, whatever offset the file is written in", () => {
    fc.assert(
      fc.property(instant, offset, offset, (at, minutes, written) => {
        const sign = written < 0 ? "-" : "+";
        const size = Math.abs(written);
        const two = (value: number) => String(value).padStart(2, "0");
        const spelt = `${withoutZ(at + written * minuteMs)}${sign}${two(Math.floor(size / 60))}:${two(size % 60)}`;
        const lap = tcxLap(spelt, "<TotalTimeSeconds>60</TotalTimeSeconds>");
        const exercise = {
          id: "a1",
          start_time: withoutZ(at + minutes * minuteMs).slice(0, 19),
          start_time_utc_offset: minutes,
          duration: "PT3600S",
        };
        const parts = [...partsOf("exercise", "*", exercise), ...filePartsOf("tcx", "a1", tcxFile(lap))];
        const [made] = make("activity", parts).lap_data?.laps ?? [];
        expect([instantOf(made?.start_time), instantOf(made?.end_time)]).toEqual([at, at + 60_000]);
        expect(offsetOf(made?.start_time)).toBe(minutes);
      }),
    );
  });
});
