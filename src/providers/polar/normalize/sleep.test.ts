import { describe, expect, it } from "vitest";
import { SleepLevel, SleepUploadType } from "../../../models/index.ts";
import { fixture, make, makeNight, partsOf } from "../testing/bodies.ts";

const changed = (name: string, change: object) => makeNight({ ...(fixture(name) as object), ...change });
const at = (samples: readonly { timestamp?: string | null | undefined }[] | null | undefined) =>
  (samples ?? []).map(({ timestamp }) => timestamp ?? "");
const night = makeNight(fixture("sleep-midnight"), fixture("recharge-midnight"));

describe("a night with its recharge", () => {
  it("keeps Polar's date as its id, and the times with offset and milliseconds", () => {
    expect(night.metadata).toEqual({
      summary_id: "2025-05-12",
      start_time: "2025-05-11T23:40:12.345000+03:00",
      end_time: "2025-05-12T00:20:12.345000+03:00",
      upload_type: SleepUploadType.Automatic,
      is_nap: null,
      timestamp_localization: 1,
    });
    expect(night.device_data?.serial_number).toBe("0C11AB22");
  });

  it("takes the stages from Polar's totals, which add up to the night with the rest", () => {
    const durations = night.sleep_durations_data;
    expect(durations).toMatchObject({
      sleep_efficiency: null,
      asleep: {
        duration_asleep_state_seconds: 1920,
        duration_light_sleep_state_seconds: 1200,
        duration_deep_sleep_state_seconds: 300,
        duration_REM_sleep_state_seconds: 420,
        num_REM_events: null,
      },
      awake: {
        duration_awake_state_seconds: 420,
        duration_short_interruption_seconds: 120,
        duration_long_interruption_seconds: 300,
        num_wakeup_events: null,
      },
      other: { duration_in_bed_seconds: 2400, duration_unmeasurable_sleep_seconds: 60 },
    });
    expect(1920 + 420 + 60).toBe(durations?.other?.duration_in_bed_seconds);
  });

  it("carries the hypnogram across midnight, repeated codes included", () => {
    expect(night.sleep_durations_data?.hypnogram_samples?.map((s) => [s.timestamp, s.level])).toEqual([
      ["2025-05-11T23:40:00.000000+03:00", SleepLevel.Light],
      ["2025-05-11T23:50:00.000000+03:00", SleepLevel.Deep],
      ["2025-05-11T23:55:00.000000+03:00", SleepLevel.Light],
      ["2025-05-12T00:00:00.000000+03:00", SleepLevel.Rem],
      ["2025-05-12T00:07:00.000000+03:00", SleepLevel.Rem],
      ["2025-05-12T00:10:00.000000+03:00", SleepLevel.Unknown],
      ["2025-05-12T00:11:00.000000+03:00", SleepLevel.Awake],
    ]);
  });

  it("drops heart rates of 0 and null", () => {
    const { summary, detailed } = night.heart_rate_data ?? {};
    expect(detailed?.hr_samples?.map((s) => [s.timestamp?.slice(11, 16), s.bpm])).toEqual([
      ["23:41", 55],
      ["23:51", 53],
      ["23:56", 52],
      ["00:01", 58],
    ]);
    expect(summary).toMatchObject({ min_hr_bpm: 52, max_hr_bpm: 58 });
  });

  it("has the recharge's averages, RMSSD and breathing", () => {
    expect(night.heart_rate_data?.summary).toMatchObject({
      avg_hr_bpm: 56,
      avg_hrv_rmssd: 61,
      avg_hrv_sdnn: null,
    });
    expect(night.heart_rate_data?.detailed?.hrv_samples_rmssd).toEqual([
      { timestamp: "2025-05-11T23:45:00.000000+03:00", hrv_rmssd: 61 },
      { timestamp: "2025-05-12T00:00:00.000000+03:00", hrv_rmssd: 58 },
    ]);
    expect(night.respiration_data?.breaths_data).toMatchObject({
      avg_breaths_per_min: 11.6,
      max_breaths_per_min: null,
    });
    expect(at(night.respiration_data?.breaths_data?.samples)).toEqual([
      "2025-05-11T23:43:00.000000+03:00",
      "2025-05-11T23:58:00.000000+03:00",
      "2025-05-12T00:13:00.000000+03:00",
    ]);
    expect(night.readiness_data).toEqual({ readiness: null, recovery_level: 5 });
    expect(night.scores?.sleep).toBe(80);
  });
});

describe("an impossible value", () => {
  it("is null: negative time in bed", () => {
    const turned = changed("sleep-midnight", {
      sleep_start_time: "2025-05-12T07:00:00+03:00",
      sleep_end_time: "2025-05-11T23:00:00+03:00",
    });
    expect(turned.sleep_durations_data?.other?.duration_in_bed_seconds).toBeNull();
    expect(turned.sleep_durations_data?.asleep?.duration_asleep_state_seconds).toBe(1920);
  });
});

describe("keys that continue in the offset of the start", () => {
  const clocks = {
    sleep_start_time: "2025-03-30T00:10:22+01:00",
    sleep_end_time: "2025-03-30T07:10:22+02:00",
  };
  const ends = (series: object) =>
    at(
      changed("sleep-sentinels", { ...clocks, heart_rate_samples: series }).heart_rate_data?.detailed
        ?.hr_samples,
    );

  it("in spring show an hour that the wall clock skipped, or reach the end only in this reading", () => {
    expect(ends({ "00:15": 50, "02:30": 51, "06:00": 52 })).toEqual([
      "2025-03-30T00:15:00.000000+01:00",
      "2025-03-30T02:30:00.000000+01:00",
      "2025-03-30T06:00:00.000000+01:00",
    ]);
    expect(ends({ "00:15": 50, "06:10": 52 }).at(-1)).toBe("2025-03-30T06:10:00.000000+01:00");
  });

  it("are read by the wall clock where that fits too", () => {
    expect(ends({ "00:15": 50, "06:00": 52 }).at(-1)).toBe("2025-03-30T06:00:00.000000+02:00");
    expect(ends({ "00:15": 50, "07:10": 52 }).at(-1)).toBe("2025-03-30T07:10:00.000000+02:00");
  });
});

describe("a missing value", () => {
  it("is null, as are Polar's words for nothing", () => {
    const empty = makeNight(fixture("sleep-sentinels"));
    expect(empty.scores?.sleep).toBeNull();
    expect(empty.metadata.upload_type).toBe(SleepUploadType.Unknown);
    expect(empty.sleep_durations_data).toMatchObject({
      asleep: { duration_asleep_state_seconds: null, duration_light_sleep_state_seconds: 20_000 },
      awake: { duration_awake_state_seconds: null },
      hypnogram_samples: [],
    });
    expect(empty.heart_rate_data).toMatchObject({
      summary: { avg_hr_bpm: null, min_hr_bpm: null, max_hr_bpm: null },
      detailed: { hr_samples: [], hrv_samples_rmssd: [] },
    });
  });

  it("without a recharge is missing only in the recharge's fields", () => {
    const alone = makeNight(fixture("sleep-midnight"));
    expect(alone.heart_rate_data?.summary).toMatchObject({
      avg_hr_bpm: null,
      avg_hrv_rmssd: null,
      min_hr_bpm: 52,
    });
    expect(alone.readiness_data?.recovery_level).toBeNull();
    expect(alone.sleep_durations_data).toEqual(night.sleep_durations_data);
  });

  it("without its night a recharge makes no record", () => {
    const parts = partsOf("nightly-recharge", "*", fixture("recharge-midnight"));
    expect(() => make("sleep", parts)).toThrow();
  });
});

describe("a night in which the clocks change", () => {
  it("in spring: local times jump, instants continue", () => {
    const spring = makeNight(fixture("sleep-spring"));
    expect(spring.sleep_durations_data?.other?.duration_in_bed_seconds).toBe(3 * 3600);
    expect(at(spring.sleep_durations_data?.hypnogram_samples)).toEqual([
      "2025-03-30T00:10:00.000000+01:00",
      "2025-03-30T01:50:00.000000+01:00",
      "2025-03-30T03:05:00.000000+02:00",
      "2025-03-30T04:00:00.000000+02:00",
    ]);
    expect(at(spring.heart_rate_data?.detailed?.hr_samples)).toEqual([
      "2025-03-30T01:55:00.000000+01:00",
      "2025-03-30T03:00:00.000000+02:00",
      "2025-03-30T03:05:00.000000+02:00",
    ]);
  });

  it("in autumn: an hour occurs twice, and a step back is its second pass", () => {
    const autumn = makeNight(fixture("sleep-autumn"));
    expect(autumn.sleep_durations_data?.other?.duration_in_bed_seconds).toBe(4 * 3600);
    expect(at(autumn.sleep_durations_data?.hypnogram_samples)).toEqual([
      "2025-10-26T01:10:00.000000+02:00",
      "2025-10-26T02:40:00.000000+02:00",
      "2025-10-26T02:20:00.000000+01:00",
      "2025-10-26T03:30:00.000000+01:00",
    ]);
    expect(at(autumn.heart_rate_data?.detailed?.hr_samples)).toEqual([
      "2025-10-26T01:55:00.000000+02:00",
      "2025-10-26T02:55:00.000000+02:00",
      "2025-10-26T02:10:00.000000+01:00",
      "2025-10-26T03:05:00.000000+01:00",
    ]);
  });

  it("between the changes of two zones: there is only local time", () => {
    const newYork = {
      sleep_start_time: "2025-11-01T23:30:00-04:00",
      sleep_end_time: "2025-11-02T06:00:00-05:00",
    };
    const disputed = {
      ...newYork,
      heart_rate_samples: { "23:55": 50, "00:55": 51, "01:30": 52, "02:05": 53 },
    };
    expect(at(changed("sleep-sentinels", disputed).heart_rate_data?.detailed?.hr_samples)).toEqual([
      "2025-11-01T23:55:00.000000-04:00",
      "2025-11-02T00:55:00.000000-04:00",
      "2025-11-02T01:30:00.000000",
      "2025-11-02T02:05:00.000000-05:00",
    ]);
    // Havana's clocks were not set back at 01:50.
    const seen = { ...newYork, heart_rate_samples: { "01:50": 51, "01:10": 52 } };
    expect(at(changed("sleep-sentinels", seen).heart_rate_data?.detailed?.hr_samples)).toEqual([
      "2025-11-02T01:50:00.000000-04:00",
      "2025-11-02T01:10:00.000000-05:00",
    ]);
  });

  it("by travel: the change is where the keys show it, else unknown", () => {
    const flight = {
      sleep_start_time: "2025-06-01T22:00:00+00:00",
      sleep_end_time: "2025-06-02T09:00:00+03:00",
      heart_rate_samples: { "22:05": 50, "22:10": 51, "01:15": 52, "01:20": 53 },
    };
    expect(at(changed("sleep-sentinels", flight).heart_rate_data?.detailed?.hr_samples)).toEqual([
      "2025-06-01T22:05:00.000000+00:00",
      "2025-06-01T22:10:00.000000+00:00",
      "2025-06-02T01:15:00.000000+03:00",
      "2025-06-02T01:20:00.000000+03:00",
    ]);
    const hidden = { ...flight, heart_rate_samples: { "22:05": 50, "22:10": 51 } };
    expect(at(changed("sleep-sentinels", hidden).heart_rate_data?.detailed?.hr_samples)).toEqual([
      "2025-06-01T22:05:00.000000",
      "2025-06-01T22:10:00.000000",
    ]);
  });
});
