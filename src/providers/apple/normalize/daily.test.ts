import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { grow, inForce, nothingGrown } from "../../kit/growing/fold.ts";
import { type Growing, growingSample } from "../healthkit/growing-parts.ts";
import type { Sample, Source } from "../healthkit/sample.ts";
import {
  app,
  make,
  makeAll,
  partsOf,
  phone,
  sample,
  settings,
  spanOf,
  statistic,
  watch,
  workout,
} from "../testing/person.ts";

const steps = (time: string, value: number, source: Source = watch, more: Partial<Sample> = {}) =>
  sample("HKQuantityTypeIdentifierStepCount", time, value, { source, ...more });
const energy = (time: string, value: number, source: Source = watch) =>
  sample("HKQuantityTypeIdentifierActiveEnergyBurned", time, value, { source });
const heartRate = (time: string, value: number, more: Partial<Sample> = {}) =>
  sample("HKQuantityTypeIdentifierHeartRate", time, value, more);

const berlin = settings({ zone: "Europe/Berlin" });
const stepsOf = (parts: ReturnType<typeof partsOf>, date: string) =>
  make("daily", date, parts)?.distance_data?.steps;

describe("the steps of a day", () => {
  // The made-up export of two devices: 1040 + 500 + 300 + 900 + 2000, and 400 over midnight.
  const two = partsOf([
    steps("2026-01-10T08:00/08:10", 1_000, phone),
    steps("2026-01-10T08:00/08:10", 1_040),
    steps("2026-01-10T08:10/08:20", 600, phone),
    steps("2026-01-10T08:10/08:15", 500),
    steps("2026-01-10T11:00/11:20", 900, phone),
    steps("2026-01-10T14:00/14:30", 2_000),
    steps("2026-01-10T08:00/15:00", 3_300, app),
    steps("2026-01-10T22:50/23:10", 400),
    steps("2026-01-11T09:00/09:05", 700, phone, { isUserEntered: true }),
  ]);

  it("are merged over sources; a sample over midnight counts wholly for the day it began on", () => {
    expect(stepsOf([...two, berlin], "2026-01-10")).toBe(5_140);
    expect(stepsOf([...two, berlin], "2026-01-11")).toBe(700);
    expect([...makeAll("daily", [...two, berlin]).keys()]).toEqual(["2026-01-10", "2026-01-11"]);
  });

  it("of a row that is repeated count once", () => {
    const row = steps("2026-01-10T08:00/08:10", 1_000);
    expect(stepsOf(partsOf([row, { ...row }, { ...row, uuid: "a" }]), "2026-01-10")).toBe(1_000);
  });

  it("that the person typed in count beside those of devices", () => {
    const typed = steps("2026-01-10T08:00/09:00", 70, phone, { isUserEntered: true });
    const day = make("daily", "2026-01-10", partsOf([steps("2026-01-10T08:00/09:00", 100), typed]));
    expect(day?.distance_data?.steps).toBe(170);
    expect(day?.metadata.upload_type).toBe(2);
  });

  it("and the energy of many days in one sample belong to none of them, and are carried", () => {
    const basal = "HKQuantityTypeIdentifierBasalEnergyBurned";
    const day = make(
      "daily",
      "2026-01-10",
      partsOf([
        sample(basal, "2026-01-10T01:25/2026-01-22T12:18", 18_087.8),
        sample(basal, "2026-01-10T01:00/01:10", 12),
      ]),
    );
    expect(day?.calories_data?.BMR_calories).toBe(12);
    expect(day?.provider_data?.apple.samples).toMatchObject({ samples: [{ type: basal, value: 18_087.8 }] });
  });

  it("that cannot be read make no day", () => {
    const unreadable = sample("HKQuantityTypeIdentifierStepCount", "2026-01-10T08:00/09:00", null);
    expect(makeAll("daily", partsOf([unreadable])).size).toBe(0);
  });

  it("can be corrected downwards: a day that is pushed again replaces the day", () => {
    const period = spanOf("2026-01-10T00:00/2026-01-11T00:00");
    const pushed = (order: number, value: number) => ({
      order,
      format: "test",
      samples: [growingSample(steps("2026-01-10T08:00/09:00", value, phone, { isAggregate: true }))],
      replaces: { fromMs: period.startMs, toMs: period.endMs },
    });
    const grown = [pushed(1, 900), pushed(2, 850)].reduce(grow<Growing<"samples">>, nothingGrown);
    const key = "2026-01-10/HKQuantityTypeIdentifierStepCount";
    expect(stepsOf([{ resource: "samples", key, value: inForce(grown) }], "2026-01-10")).toBe(850);
  });

  it("of bodies without a source are no other person's: sums of the same time lack nothing", () => {
    const nameless: Source = { name: null, bundleId: null, model: null };
    const summed = steps("2026-01-10T08:00/09:00", 500, nameless, { isAggregate: true });
    const parts = partsOf([
      summed,
      steps("2026-01-10T08:00/08:30", 300),
      steps("2026-01-10T08:30/09:00", 200),
    ]);
    expect(stepsOf(parts, "2026-01-10")).toBe(500);
  });

  it("are those of all sources, however many there are", () => {
    const rows = Array.from({ length: 73 }, (_, index) => {
      const time = `2026-01-10T${String(Math.floor(index / 4)).padStart(2, "0")}:${(index % 4) * 15}`;
      const startMs = Date.parse(`${time.replace(/:(\d)$/, ":0$1")}Z`);
      const source = { name: `Apple Watch 0x${index}`, bundleId: null, model: null };
      return { ...steps("2026-01-10T00:00", 100, source), startMs, endMs: startMs + 600_000 };
    });
    expect(stepsOf(partsOf(rows), "2026-01-10")).toBe(7_300);
  });

  it("are whole where a format spread them over minutes", () => {
    const minutes = [12.4, 13.3, 9.8].map((value, index) =>
      steps(`2026-01-10T08:0${index}/08:0${index + 1}`, value, phone, { isAggregate: true }),
    );
    const day = make("daily", "2026-01-10", partsOf(minutes));
    expect(day?.distance_data?.steps).toBe(36);
    expect(day?.distance_data?.detailed?.step_samples?.map(({ steps }) => steps)).toEqual([12.4, 25.7, 35.5]);
  });

  it("are not those of ignored sources, and come first from the preferred ones", () => {
    const both = partsOf([steps("2026-01-10T08:00/09:00", 100), steps("2026-01-10T08:00/09:00", 90, app)]);
    expect(stepsOf([...both, settings({ ignored: ["Apple\u00a0Watch"] })], "2026-01-10")).toBe(90);
    expect(stepsOf([...both, settings({ priority: ["com.example.steps"] })], "2026-01-10")).toBe(90);
  });

  it("and the energy of a run count once, though its workout tells them too", () => {
    const run = workout("2026-01-10T08:00/09:00", {
      statistics: [statistic("StepCount", { sum: 5_000 }), statistic("ActiveEnergyBurned", { sum: 300 })],
    });
    const samples = [steps("2026-01-10T08:00/09:00", 5_000), energy("2026-01-10T08:00/09:00", 300)];
    const day = make("daily", "2026-01-10", partsOf(samples, [run]));
    expect([day?.distance_data?.steps, day?.calories_data?.net_activity_calories]).toEqual([5_000, 300]);
  });
});

describe("the day of a sample", () => {
  it("is the calendar day of its own zone, whatever the person's zone is now", () => {
    const tokyo = steps("2026-01-10T16:00/16:10", 100, watch, { zone: "Asia/Tokyo" });
    const parts = [...partsOf([tokyo]), settings({ zone: "America/New_York" })];
    expect([...makeAll("daily", parts).keys()]).toEqual(["2026-01-11"]);
    expect(make("daily", "2026-01-11", parts)?.metadata).toMatchObject({
      start_time: "2026-01-11T00:00:00.000000+09:00",
      end_time: "2026-01-12T00:00:00.000000+09:00",
      timestamp_localization: 1,
    });
  });

  it("is that of the offset a format states, else of the chosen zone, else of UTC", () => {
    const late = "2026-01-10T23:30/23:40";
    const keys = (...parts: ReturnType<typeof partsOf>) => [...makeAll("daily", parts).keys()];
    const stated = partsOf([steps(late, 1, watch, { offsetMinutes: 60 })]);
    expect(keys(...stated)).toEqual(["2026-01-11"]);
    expect(keys(...partsOf([steps(late, 1)]), berlin)).toEqual(["2026-01-11"]);
    const unknown = partsOf([steps(late, 1)]);
    expect(keys(...unknown)).toEqual(["2026-01-10"]);
    const day = make("daily", "2026-01-10", unknown);
    expect(day?.metadata.timestamp_localization).toBe(0);
    expect(day?.provider_data?.apple.clock).toEqual({ basis: "utc", zone: null, hours: 24 });
  });

  it("has 23 hours where the clocks go forward and 25 where they go back", () => {
    const hours = (date: string) => {
      const day = make("daily", date, [...partsOf([steps(`${date}T10:00/10:10`, 1)]), berlin]);
      const clock = day?.provider_data?.apple.clock as { readonly hours: number } | undefined;
      return [clock?.hours, day?.metadata.end_time.slice(-6)];
    };
    expect(hours("2026-03-29")).toEqual([23, "+02:00"]);
    expect(hours("2026-10-25")).toEqual([25, "+01:00"]);
  });

  it("is longer for a person who flies west, and loses nothing", () => {
    const parts = partsOf([
      steps("2026-01-10T08:00/08:10", 100, watch, { zone: "Europe/Paris" }),
      steps("2026-01-11T03:00/03:10", 50, watch, { zone: "America/New_York" }),
      steps("2026-01-11T15:00/15:10", 7, watch, { zone: "America/New_York" }),
    ]);
    const days = makeAll("daily", parts);
    expect([...days].map(([date, day]) => [date, day.distance_data?.steps])).toEqual([
      ["2026-01-10", 150],
      ["2026-01-11", 7],
    ]);
    expect(days.get("2026-01-10")?.provider_data?.apple.clock).toMatchObject({ hours: 30 });
  });
});

describe("the figures of a day", () => {
  it("turn the heart-rate context round, and keep SDNN apart from RMSSD", () => {
    const day = make(
      "daily",
      "2026-01-10",
      partsOf([
        heartRate("2026-01-10T08:00", 60, { metadata: { HKMetadataKeyHeartRateMotionContext: "1" } }),
        heartRate("2026-01-10T09:00", 120, { metadata: { HKMetadataKeyHeartRateMotionContext: 2 } }),
        heartRate("2026-01-10T10:00", 66, { metadata: { HKMetadataKeyHeartRateMotionContext: "0" } }),
        sample("HKQuantityTypeIdentifierHeartRateVariabilitySDNN", "2026-01-10T08:00", 0.0421),
      ]),
    );
    const detailed = day?.heart_rate_data?.detailed;
    expect(detailed?.hr_samples?.map(({ bpm, context }) => [bpm, context])).toEqual([
      [60, 2],
      [120, 1],
      [66, 0],
    ]);
    expect(detailed?.hrv_samples_sdnn?.map(({ hrv_sdnn }) => hrv_sdnn)).toEqual([42.1]);
    expect(detailed?.hrv_samples_rmssd).toEqual([]);
    expect(day?.heart_rate_data?.summary).toMatchObject({
      avg_hr_bpm: 82,
      min_hr_bpm: 60,
      max_hr_bpm: 120,
      avg_hrv_sdnn: 42.1,
      avg_hrv_rmssd: null,
    });
    expect(day?.stress_data?.avg_stress_level).toBeNull();
  });

  it("take the resting heart rate of its day, which is written hours later and revised", () => {
    const resting = "HKQuantityTypeIdentifierRestingHeartRate";
    const parts = partsOf([
      sample(resting, "2026-01-10T05:13/11:00", 57),
      sample(resting, "2026-01-10T05:13/20:11", 55),
    ]);
    expect(make("daily", "2026-01-10", parts)?.heart_rate_data?.summary?.resting_hr_bpm).toBe(55);
  });

  it("are the union of all sources' readings, each once", () => {
    const told = [
      heartRate("2026-01-10T08:00", 60, { uuid: "a" }),
      heartRate("2026-01-10T08:00", 60),
      heartRate("2026-01-10T08:00", 60, { source: phone }),
      heartRate("2026-01-10T08:05", 61, { source: phone }),
      // A format's mean of the minute in which single readings lie.
      heartRate("2026-01-10T08:05/08:06", 64, { source: app, isAggregate: true }),
    ];
    const day = make("daily", "2026-01-10", partsOf(told));
    expect(day?.heart_rate_data?.detailed?.hr_samples?.map(({ bpm }) => bpm)).toEqual([60, 60, 61]);
  });

  it("are those of the newest version of a sample", () => {
    const version = (value: number, number: number) =>
      heartRate("2026-01-10T08:00", value, {
        metadata: { HKMetadataKeySyncIdentifier: "one", HKMetadataKeySyncVersion: number },
      });
    const day = make("daily", "2026-01-10", partsOf([version(70, 1), version(75, 10), version(72, 9)]));
    expect(day?.heart_rate_data?.summary?.avg_hr_bpm).toBe(75);
  });

  it("keep energy and heart rate apart", () => {
    const day = make(
      "daily",
      "2026-01-10",
      partsOf([
        heartRate("2026-01-10T08:00", 61),
        energy("2026-01-10T08:00/09:00", 10),
        sample("HKQuantityTypeIdentifierBasalEnergyBurned", "2026-01-10T08:00/09:00", 70.5),
      ]),
    );
    expect(day?.calories_data).toMatchObject({
      net_activity_calories: 10,
      BMR_calories: 70.5,
      total_burned_calories: 80.5,
    });
    expect(day?.heart_rate_data?.summary?.max_hr_bpm).toBe(61);
  });

  it("count energy of one time once, whichever records tell it", () => {
    const parts = partsOf([
      energy("2026-01-10T08:00/09:00", 300),
      energy("2026-01-10T08:00/09:00", 310, phone),
    ]);
    expect(make("daily", "2026-01-10", parts)?.calories_data?.net_activity_calories).toBe(300);
  });

  it("count each hour stood once", () => {
    const stood = Array.from({ length: 14 }, (_, index) =>
      sample(
        "HKCategoryTypeIdentifierAppleStandHour",
        `2026-01-10T${String(index + 8).padStart(2, "0")}:00`,
        0,
      ),
    );
    const idle = sample("HKCategoryTypeIdentifierAppleStandHour", "2026-01-10T22:00", 1);
    const twice = sample("HKCategoryTypeIdentifierAppleStandHour", "2026-01-10T08:00", 0, { source: phone });
    const day = make("daily", "2026-01-10", partsOf([...stood, idle, twice]));
    expect(day?.active_durations_data?.standing_hours_count).toBe(14);
  });

  it("are percent where HealthKit has fractions, without noise", () => {
    const spo2 = "HKQuantityTypeIdentifierOxygenSaturation";
    const day = make("daily", "2026-01-10", partsOf([sample(spo2, "2026-01-10T03:00", 0.97)]));
    expect(day?.oxygen_data?.saturation_samples).toEqual([
      { timestamp: "2026-01-10T03:00:00.000000+00:00", percentage: 97, type: 0 },
    ]);
  });

  it("carry what Daily has no field for", () => {
    const day = make(
      "daily",
      "2026-01-10",
      partsOf([
        sample("HKQuantityTypeIdentifierTimeInDaylight", "2026-01-10T08:00/08:10", 600),
        sample("HKQuantityTypeIdentifierWalkingSpeed", "2026-01-10T08:00/08:01", 1.3),
        sample("HKCategoryTypeIdentifierCoughing", "2026-01-10T08:00", 3),
        sample("HKCategoryTypeIdentifierFever", "2026-01-10T08:00", 1),
      ]),
    );
    expect(day?.provider_data?.apple).toMatchObject({
      totals: [{ type: "HKQuantityTypeIdentifierTimeInDaylight", value: 600, unit: "s" }],
      samples: { samples: [{ type: "HKQuantityTypeIdentifierWalkingSpeed", value: 1.3, unit: "m/s" }] },
    });
    expect(day?.tag_data?.tags?.map(({ tag_name, notes }) => [tag_name, notes])).toEqual([
      ["Coughing", "moderate"],
    ]);
  });
});

describe("Apple's own figures of a day", () => {
  const rings = (activeEnergyKcal: number) => ({
    resource: "activity-summaries",
    key: "2026-01-10",
    value: [
      {
        date: "2026-01-10",
        activeEnergyKcal,
        activeEnergyGoalKcal: 500,
        moveMinutes: null,
        moveGoalMinutes: null,
        exerciseMinutes: 34,
        exerciseGoalMinutes: 30,
        standHours: 11,
        standGoalHours: 12,
      },
    ],
  });
  const told = (kcal: number) =>
    make("daily", "2026-01-10", [...partsOf([energy("2026-01-10T08:00/09:00", 500)]), rings(kcal)]);

  it("are told where they differ from the merged ones by more than 2 %", () => {
    expect(told(509)?.provider_data?.apple.differs_from_rings).toBeUndefined();
    expect(told(512)?.provider_data?.apple.differs_from_rings).toEqual([
      { field: "calories_data.net_activity_calories", merged: 500, rings: 512 },
    ]);
  });

  it("stand back where samples tell them", () => {
    const exercise = sample("HKQuantityTypeIdentifierAppleExerciseTime", "2026-01-10T08:00/08:20", 1_200);
    const day = make("daily", "2026-01-10", [...partsOf([exercise]), rings(500)]);
    expect(day?.active_durations_data?.activity_seconds).toBe(1_200);
    expect(day?.provider_data?.apple.differs_from_rings).toEqual([
      { field: "active_durations_data.activity_seconds", merged: 1_200, rings: 2_040 },
    ]);
  });

  it("stand in where no sample tells them", () => {
    const day = told(500);
    expect(day?.active_durations_data).toMatchObject({ activity_seconds: 2_040, standing_hours_count: 11 });
    expect(day?.provider_data?.apple.taken_from_rings).toEqual([
      "active_durations_data.activity_seconds",
      "active_durations_data.standing_hours_count",
    ]);
  });

  it("make no day of zeros", () => {
    const zeros = { ...rings(0), value: [{ ...rings(0).value[0], exerciseMinutes: 0, standHours: 0 }] };
    expect(make("daily", "2026-01-10", [zeros])).toBeNull();
  });
});

describe("any day", () => {
  const zones = fc.constantFrom(null, "Europe/Berlin", "America/New_York", "Asia/Tokyo");
  const samples = fc.array(
    fc
      .tuple(
        fc.constantFrom(watch, phone, app),
        fc.nat(72 * 60),
        fc.integer({ min: 0, max: 200 }),
        fc.nat(500),
        zones,
      )
      .map(([source, minute, length, value, zone]) => {
        const startMs = Date.parse("2026-03-28T00:00Z") + minute * 60_000;
        return {
          ...steps("2026-03-28T00:00", value, source),
          startMs,
          endMs: startMs + length * 60_000,
          zone,
        };
      }),
    { minLength: 1, maxLength: 25 },
  );

  it("is the same in whatever order samples and parts came", () => {
    const shuffled = samples.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
    );
    fc.assert(
      fc.property(shuffled, ([one, other]) => {
        const parts = partsOf(other).toReversed();
        expect(makeAll("daily", parts)).toEqual(makeAll("daily", partsOf(one)));
      }),
      { numRuns: 40 },
    );
  });

  it("loses nothing: all days together are between the most trusted source and all rows", () => {
    fc.assert(
      fc.property(samples, (all) => {
        const total = [...makeAll("daily", partsOf(all)).values()].reduce(
          (sum, day) => sum + (day.distance_data?.detailed?.step_samples?.at(-1)?.steps ?? 0),
          0,
        );
        const unique = new Map(
          partsOf(all)
            .flatMap(({ value }) => value as Sample[])
            .map((one) => [one, one.value]),
        );
        const sum = [...unique.values()].reduce<number>((whole, value) => whole + (value ?? 0), 0);
        const ofWatch = [...unique]
          .filter(([{ source }]) => source === watch)
          .reduce((whole, [, value]) => whole + (value ?? 0), 0);
        expect(total).toBeLessThanOrEqual(sum + 1e-6);
        expect(total).toBeGreaterThanOrEqual(ofWatch - 1e-6);
      }),
      { numRuns: 60 },
    );
  });
});
