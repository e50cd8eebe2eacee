/**
 * Real bodies, read from beside the repository, with expected values taken from their raw text: what a record says is
 * what Polar said.
 */
import { describe, expect, it } from "vitest";
import { parseTimestamp, SleepLevel } from "../../models/index.ts";
import { capturedFiles, capturedIsThere, make, partsOf, whyCapturedIsSkipped } from "./testing/bodies.ts";

if (!capturedIsThere) process.stdout.write(`captured payloads are skipped: ${whyCapturedIsSkipped}\n`);

/** The value of a key in the raw text, read without the parser and the schemas of the plugin. */
function rawNumber(text: string, key: string): number | null {
  const found = new RegExp(`"${key}":\\s*(-?[\\d.]+)`).exec(text);
  return found ? Number(found[1]) : null;
}

function rawString(text: string, key: string): string {
  return new RegExp(`"${key}":\\s*"([^"]*)"`).exec(text)?.[1] ?? "";
}

/** The numbers of one series of an exercise, read from the raw text. */
function rawSeries(text: string, type: number): number[] {
  const found = new RegExp(`"sample_type":\\s*${type},\\s*"data":\\s*"([^"]*)"`).exec(text);
  return found?.[1] ? found[1].split(",").map(Number) : [];
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const instant = (timestamp: string | null | undefined) => parseTimestamp(timestamp ?? "").instantEpochMs;

describe.skipIf(!capturedIsThere).each(capturedFiles("exercises"))("exercise $name", ({ text }) => {
  const activity = make("activity", partsOf("exercise", "*", JSON.parse(text)));
  const startMs =
    Date.parse(`${rawString(text, "start_time")}Z`) -
    (rawNumber(text, "start_time_utc_offset") ?? 0) * 60_000;
  const seconds = Number(/PT([\d.]+)S/.exec(rawString(text, "duration"))?.[1]);

  it("has Polar's start, end and name", () => {
    expect(activity.metadata.summary_id).toBe(rawString(text, "id"));
    expect(instant(activity.metadata.start_time)).toBe(startMs);
    expect(instant(activity.metadata.end_time)).toBe(startMs + Math.round(seconds * 1000));
    expect(activity.active_durations_data?.activity_seconds).toBe(seconds);
    expect(activity.distance_data?.summary?.distance_meters).toBe(rawNumber(text, "distance"));
    expect(activity.calories_data?.total_burned_calories).toBe(rawNumber(text, "calories"));
    expect(activity.heart_rate_data?.summary).toMatchObject({
      avg_hr_bpm: rawNumber(text, "average"),
      max_hr_bpm: rawNumber(text, "maximum"),
    });
  });

  it("has the heart rate's samples: as many, the same mean and maximum, first and last in place", () => {
    const raw = rawSeries(text, 0);
    const samples = activity.heart_rate_data?.detailed?.hr_samples ?? [];
    const bpms = samples.map(({ bpm }) => bpm ?? 0);
    expect(bpms).toEqual(raw);
    expect(mean(bpms)).toBe(mean(raw));
    expect(Math.max(...bpms)).toBe(Math.max(...raw));
    expect(instant(samples[0]?.timestamp)).toBe(startMs);
    expect(instant(samples.at(-1)?.timestamp)).toBe(startMs + (raw.length - 1) * 1000);
  });

  it("has the values without a Terra field beside it, as Polar sent them", () => {
    const { polar } = (activity as unknown as { provider_data: { polar: Record<string, never> } })
      .provider_data;
    const { exercise } = polar as { exercise?: Record<string, unknown> };
    const temperatures = rawSeries(text, 9);
    const load = rawNumber(text, "muscle-load");
    expect(exercise?.running_index ?? null).toBe(rawNumber(text, "running_index"));
    expect(exercise?.fat_percentage ?? null).toBe(rawNumber(text, "fat_percentage"));
    expect((exercise?.training_load_pro as { muscle_load?: number })?.muscle_load ?? null).toBe(
      load === -1 ? null : load,
    );
    expect(exercise?.samples ?? []).toEqual(
      temperatures.length > 0 ? [{ sample_type: 9, recording_rate: 1, data: temperatures }] : [],
    );
    const limits = [...text.matchAll(/"lower_limit":\s*(\d+)/g)].map(([, limit]) => Number(limit));
    const zones = exercise?.heart_rate_zones as { index: number; lower_limit: number }[];
    expect(zones.map(({ lower_limit }) => lower_limit)).toEqual(limits);
    expect(zones.map(({ index }) => index)).toEqual(limits.map((_, index) => index));
  });

  it("has every other series whole, and none of only zeros", () => {
    const unlessZero = (values: number[]) => (values.every((value) => value === 0) ? [] : values);
    const { movement_data, distance_data, power_data } = activity;
    expect(movement_data?.speed_samples?.map((s) => s.speed_meters_per_second)).toEqual(
      unlessZero(rawSeries(text, 1)).map((kmh) => kmh / 3.6),
    );
    expect(movement_data?.cadence_samples?.map((s) => s.cadence_rpm)).toEqual(rawSeries(text, 2));
    expect(distance_data?.detailed?.elevation_samples?.map((s) => s.elev_meters)).toEqual(rawSeries(text, 3));
    expect(power_data?.power_samples?.map((s) => s.watts)).toEqual(rawSeries(text, 4));
    expect(distance_data?.detailed?.distance_samples?.map((s) => s.distance_meters)).toEqual(
      unlessZero(rawSeries(text, 10)),
    );
  });
});

describe.skipIf(!capturedIsThere)("the captured night with its recharge", () => {
  const [sleep] = capturedFiles("sleep");
  const [recharge] = capturedFiles("nightly-recharge");
  const text = sleep?.text ?? "{}";
  const parts = capturedIsThere
    ? [
        ...partsOf("sleep", "2025-10-01", JSON.parse(text)),
        ...partsOf("nightly-recharge", "2025-10-01", JSON.parse(recharge?.text ?? "{}")),
      ]
    : [];
  const night = capturedIsThere ? make("sleep", parts) : null;
  const startMs = Date.parse(rawString(text, "sleep_start_time"));
  const endMs = Date.parse(rawString(text, "sleep_end_time"));
  const pairsOf = (raw: string, key: string) => {
    const inside = new RegExp(`"${key}":\\s*{([^}]*)}`).exec(raw)?.[1] ?? "";
    return [...inside.matchAll(/"(\d\d:\d\d)":\s*([\d.]+)/g)].map(([, clock, value]) => [
      clock,
      Number(value),
    ]);
  };

  it("has Polar's start and end, and its parts add up to it", () => {
    expect(instant(night?.metadata.start_time)).toBe(startMs);
    expect(instant(night?.metadata.end_time)).toBe(endMs);
    const { asleep, awake, other } = night?.sleep_durations_data ?? {};
    expect(asleep).toMatchObject({
      duration_light_sleep_state_seconds: rawNumber(text, "light_sleep"),
      duration_deep_sleep_state_seconds: rawNumber(text, "deep_sleep"),
      duration_REM_sleep_state_seconds: rawNumber(text, "rem_sleep"),
    });
    expect(other?.duration_in_bed_seconds).toBe(27_600);
    const accounted = [
      asleep?.duration_asleep_state_seconds,
      awake?.duration_awake_state_seconds,
      other?.duration_unmeasurable_sleep_seconds,
    ];
    expect(accounted.reduce<number>((sum, part) => sum + (part ?? Number.NaN), 0)).toBe(27_600);
  });

  it("has every sample of every series, in Polar's order, inside the night", () => {
    const heart = night?.heart_rate_data?.detailed;
    const series = [
      ["heart_rate_samples", text, heart?.hr_samples?.map((s) => [s.timestamp, s.bpm])],
      ["hrv_samples", recharge?.text, heart?.hrv_samples_rmssd?.map((s) => [s.timestamp, s.hrv_rmssd])],
      [
        "breathing_samples",
        recharge?.text,
        night?.respiration_data?.breaths_data?.samples?.map((s) => [s.timestamp, s.breaths_per_min]),
      ],
    ] as const;
    expect(series.map(([, , made]) => made?.length)).toEqual([92, 91, 92]);
    for (const [key, raw, made = []] of series) {
      expect(made.map(([timestamp, value]) => [String(timestamp).slice(11, 16), value])).toEqual(
        pairsOf(raw ?? "", key),
      );
      const instants = made.map(([timestamp]) => instant(String(timestamp)) ?? Number.NaN);
      expect([...instants].sort((one, other) => one - other)).toEqual(instants);
      // Keys are minutes: the first may be up to one before the start.
      expect(instants[0]).toBeGreaterThan(startMs - 60_000);
      expect(instants.at(-1)).toBeLessThanOrEqual(endMs);
    }
  });

  it("has every change of the hypnogram", () => {
    const made = night?.sleep_durations_data?.hypnogram_samples ?? [];
    expect(made).toHaveLength(pairsOf(text, "hypnogram").length);
    expect(made.slice(0, 4).map((s) => [s.timestamp, s.level])).toEqual([
      ["2025-09-30T23:33:00.000000+01:00", SleepLevel.Light],
      ["2025-09-30T23:34:00.000000+01:00", SleepLevel.Deep],
      ["2025-09-30T23:58:00.000000+01:00", SleepLevel.Light],
      ["2025-09-30T23:59:00.000000+01:00", SleepLevel.Awake],
    ]);
    expect(made.at(-1)?.timestamp).toBe("2025-10-01T07:13:00.000000+01:00");
  });

  it("has the recharge's own averages", () => {
    expect(night?.heart_rate_data?.summary).toMatchObject({
      avg_hr_bpm: rawNumber(recharge?.text ?? "", "heart_rate_avg"),
      avg_hrv_rmssd: rawNumber(recharge?.text ?? "", "heart_rate_variability_avg"),
    });
    expect(night?.readiness_data?.recovery_level).toBe(3);
  });
});

describe.skipIf(!capturedIsThere).each(capturedFiles("activities"))("activity $name", ({ text }) => {
  const daily = make("daily", partsOf("activity", "*", JSON.parse(text)));

  it("has Polar's numbers", () => {
    expect(daily.distance_data).toMatchObject({
      steps: rawNumber(text, "steps"),
      distance_meters: rawNumber(text, "distance_from_steps"),
    });
    expect(daily.calories_data).toMatchObject({
      total_burned_calories: rawNumber(text, "calories"),
      net_activity_calories: rawNumber(text, "active_calories"),
    });
    expect(daily.metadata.start_time).toBe(`${rawString(text, "start_time").slice(0, 10)}T00:00:00.000000`);
  });

  it("has zones that add up to Polar's own durations and to the day", () => {
    const stamps = [...text.matchAll(/"timestamp":\s*"([^"]+)"/g)].map(([, stamp]) => stamp);
    const durations = daily.active_durations_data;
    expect(durations?.activity_levels_samples).toHaveLength(stamps.length);
    if (stamps.length === 0) return;
    const { low_intensity_seconds: low, moderate_intensity_seconds: moderate } = durations ?? {};
    const active = (low ?? 0) + (moderate ?? 0) + (durations?.vigorous_intensity_seconds ?? 0);
    expect(active).toBe(durations?.activity_seconds);
  });
});

describe.skipIf(!capturedIsThere).each(capturedFiles("continuous-heart-rate"))(
  "heart rates of $name",
  ({ text }) => {
    const daily = make("daily", partsOf("continuous-heart-rate", "2025-10-01", JSON.parse(text)));
    const raw = [...text.matchAll(/"heart_rate":\s*(\d+),\s*"sample_time":\s*"([^"]+)"/g)].map(
      ([, bpm, time]) => [Number(bpm), time] as const,
    );

    it("are all there except the zeros, each at its second", () => {
      const signal = raw.filter(([bpm]) => bpm > 0);
      const samples = daily.heart_rate_data?.detailed?.hr_samples ?? [];
      expect(raw.length).toBeGreaterThan(500);
      expect(samples.map((s) => [s.bpm, s.timestamp?.slice(11, 19)])).toEqual(
        signal.map(([bpm, time]) => [bpm, time]),
      );
      expect(daily.heart_rate_data?.summary).toMatchObject({
        max_hr_bpm: Math.max(...signal.map(([bpm]) => bpm)),
        min_hr_bpm: Math.min(...signal.map(([bpm]) => bpm)),
      });
      expect(daily.metadata.start_time).toBe(`${rawString(text, "date")}T00:00:00.000000`);
    });
  },
);
