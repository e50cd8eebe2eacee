import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Sleep } from "../../../models/index.ts";
import type { Sample } from "../healthkit/sample.ts";
import { app, make, makeAll, partsOf, phone, sample, settings, watch } from "../testing/person.ts";
import { samplesCompanions } from "./companions.ts";
import { SleepValue, sleepSessions } from "./sleep-sessions.ts";

const { InBed, Asleep, Awake, Core, Deep, Rem } = SleepValue;

const row = (time: string, value: number, more: Partial<Sample> = {}): Sample =>
  sample("HKCategoryTypeIdentifierSleepAnalysis", time, value, { zone: "Europe/Berlin", ...more });

/** 22:00 to 06:00 UTC: 4.5 h core, 1.5 h deep, 1.5 h REM, 0.5 h awake. */
const night = [
  row("2026-01-09T22:00/23:00", Core),
  row("2026-01-09T23:00/2026-01-10T00:30", Deep),
  row("2026-01-10T00:30/02:00", Core),
  row("2026-01-10T02:00/02:30", Awake),
  row("2026-01-10T02:30/04:00", Rem),
  row("2026-01-10T04:00/06:00", Core),
];

const durations = (sleep: Sleep | null | undefined) => sleep?.sleep_durations_data;

describe("a night", () => {
  it("belongs to the local day of waking, on the clock of its rows", () => {
    const nights = makeAll("sleep", partsOf(night));
    expect([...nights.keys()]).toEqual(["2026-01-10"]);
    expect(nights.get("2026-01-10")?.metadata).toEqual({
      summary_id: "2026-01-10",
      start_time: "2026-01-09T23:00:00.000000+01:00",
      end_time: "2026-01-10T07:00:00.000000+01:00",
      upload_type: 2,
      is_nap: false,
      timestamp_localization: 1,
    });
  });

  it("sums its stages; the sums are the night", () => {
    const made = durations(make("sleep", "2026-01-10", partsOf(night)));
    expect(made?.asleep).toMatchObject({
      duration_asleep_state_seconds: 7.5 * 3_600,
      duration_light_sleep_state_seconds: 4.5 * 3_600,
      duration_deep_sleep_state_seconds: 1.5 * 3_600,
      duration_REM_sleep_state_seconds: 1.5 * 3_600,
      num_REM_events: 1,
    });
    expect(made?.awake).toMatchObject({
      duration_awake_state_seconds: 1_800,
      duration_long_interruption_seconds: 1_800,
      num_wakeup_events: 1,
    });
    expect(made?.other).toEqual({
      duration_in_bed_seconds: null,
      duration_unmeasurable_sleep_seconds: 0,
    });
    expect(made?.sleep_efficiency).toBeNull();
    expect(made?.hypnogram_samples?.map(({ level }) => level)).toEqual([4, 5, 4, 1, 6, 4]);
  });

  it("has its time in bed from rows of that alone", () => {
    const bed = row("2026-01-09T21:30/2026-01-10T06:30", InBed, { source: phone });
    const made = durations(make("sleep", "2026-01-10", partsOf([...night, bed])));
    expect(made?.other?.duration_in_bed_seconds).toBe(9 * 3_600);
    expect(made?.sleep_efficiency).toBeCloseTo(100 * (7.5 / 9), 9);
  });

  it("is made of the best source's stages; others are named and add nothing", () => {
    const others = [
      row("2026-01-09T21:40/2026-01-10T06:20", Asleep, { source: phone }),
      row("2026-01-10T00:17/00:29", Rem, { source: app }),
      row("2026-01-10T03:11/03:12", Awake, { source: app }),
      row("2026-01-10T05:01/05:59", Deep, { source: app }),
    ];
    const alone = make("sleep", "2026-01-10", partsOf(night));
    const made = make("sleep", "2026-01-10", partsOf([...night, ...others]));
    expect(durations(made)).toEqual(durations(alone));
    expect(made?.device_data?.name).toBe("Apple Watch");
    expect(made?.device_data?.other_devices?.map(({ name }) => name)).toEqual(["iPhone", "Pedometer"]);
    expect([...makeAll("sleep", partsOf([...night, ...others])).keys()]).toEqual(["2026-01-10"]);
  });

  it("has no part that another source tells within two hours of it", () => {
    const before = row("2026-01-09T20:30/21:00", Asleep, { source: app });
    const nights = makeAll("sleep", partsOf([...night, before]));
    expect([...nights.keys()]).toEqual(["2026-01-10"]);
    expect(nights.get("2026-01-10")?.metadata.start_time).toBe("2026-01-09T23:00:00.000000+01:00");
    const earlier = row("2026-01-09T19:00/19:30", Asleep, { source: app });
    expect([...makeAll("sleep", partsOf([...night, earlier])).keys()]).toEqual(["2026-01-09", "2026-01-10"]);
  });

  it("has no stages where the device tells none", () => {
    const plain = row("2026-01-09T22:00/2026-01-10T06:00", Asleep, { source: phone });
    const made = durations(make("sleep", "2026-01-10", partsOf([plain])));
    expect(made?.asleep).toMatchObject({
      duration_asleep_state_seconds: 8 * 3_600,
      duration_deep_sleep_state_seconds: null,
      duration_light_sleep_state_seconds: null,
      duration_REM_sleep_state_seconds: null,
    });
    expect(made?.hypnogram_samples?.map(({ level }) => level)).toEqual([2]);
  });

  it("may be the time in bed alone, which says nothing about sleep", () => {
    const bed = row("2026-01-09T22:00/2026-01-10T06:00", InBed, { source: phone });
    const made = durations(make("sleep", "2026-01-10", partsOf([bed])));
    expect(made?.asleep?.duration_asleep_state_seconds).toBeNull();
    expect(made?.other?.duration_in_bed_seconds).toBe(8 * 3_600);
  });

  it("reads the heart, the breath, the oxygen and the wrist's temperature of its time alone", () => {
    const reading = (type: string, time: string, value: number) =>
      sample(`HKQuantityTypeIdentifier${type}`, time, value);
    const made = make(
      "sleep",
      "2026-01-10",
      partsOf([
        ...night,
        reading("HeartRate", "2026-01-09T21:59", 90),
        reading("HeartRate", "2026-01-09T22:00", 60),
        reading("HeartRate", "2026-01-10T05:59", 50),
        reading("HeartRate", "2026-01-10T06:00", 80),
        reading("HeartRateVariabilitySDNN", "2026-01-10T01:00", 0.05),
        reading("RespiratoryRate", "2026-01-10T01:00", 14),
        reading("RespiratoryRate", "2026-01-10T02:00", 15),
        reading("OxygenSaturation", "2026-01-10T01:00", 0.96),
        reading("AppleSleepingWristTemperature", "2026-01-09T22:05/2026-01-10T05:50", 35.87),
      ]),
    );
    expect(made?.heart_rate_data?.summary).toMatchObject({
      avg_hr_bpm: 55,
      min_hr_bpm: 50,
      avg_hrv_sdnn: 50,
    });
    expect(made?.heart_rate_data?.detailed?.hrv_samples_sdnn).toHaveLength(1);
    expect(made?.respiration_data?.breaths_data).toMatchObject({ avg_breaths_per_min: 14.5 });
    expect(made?.respiration_data?.oxygen_saturation_data?.avg_saturation_percentage).toBe(96);
    expect(made?.temperature_data?.delta).toBeNull();
    expect(made?.provider_data?.apple).toEqual({
      clock: { basis: "zone", zone: "Europe/Berlin" },
      wrist_temperature_celsius: 35.87,
    });
  });

  it("keeps the offset of each of its ends where the clocks change", () => {
    const spring = row("2026-03-28T23:00/2026-03-29T05:00", Asleep);
    expect(make("sleep", "2026-03-29", partsOf([spring]))?.metadata).toMatchObject({
      start_time: "2026-03-29T00:00:00.000000+01:00",
      end_time: "2026-03-29T07:00:00.000000+02:00",
    });
  });

  it("is read from the sums of a format, of old versions too", () => {
    const summed = (metadata: Sample["metadata"]) =>
      durations(
        make(
          "sleep",
          "2026-01-10",
          partsOf([row("2026-01-09T22:00/2026-01-10T06:00", Asleep, { isAggregate: true, metadata })]),
        ),
      );
    const staged = summed({
      totalSleep: 7.5,
      asleep: 0,
      core: 4.5,
      deep: 1.5,
      rem: 1.5,
      awake: 0.5,
      inBed: 0,
    });
    expect(staged?.asleep).toMatchObject({
      duration_asleep_state_seconds: 27_000,
      duration_light_sleep_state_seconds: 16_200,
      duration_deep_sleep_state_seconds: 5_400,
      duration_REM_sleep_state_seconds: 5_400,
    });
    expect(staged?.awake?.duration_awake_state_seconds).toBe(1_800);
    expect(staged?.other?.duration_in_bed_seconds).toBeNull();
    const old = summed({ asleep: 7.25, inBed: 8 });
    expect(old?.asleep?.duration_asleep_state_seconds).toBe(26_100);
    expect(old?.asleep?.duration_deep_sleep_state_seconds).toBeNull();
    expect(old?.other?.duration_in_bed_seconds).toBe(28_800);
  });
});

describe("a nap", () => {
  const nap = row("2026-01-10T13:10/13:50", Core);

  it("is a session of its own, at the hour at which it began", () => {
    const nights = makeAll("sleep", partsOf([...night, nap]));
    expect([...nights].map(([key, { metadata }]) => [key, metadata.is_nap])).toEqual([
      ["2026-01-10", false],
      ["2026-01-10T13", true],
    ]);
    expect(durations(nights.get("2026-01-10T13"))?.asleep?.duration_asleep_state_seconds).toBe(2_400);
  });

  it("of the evening before and one of the same hour of the day itself are two", () => {
    const evening = row("2026-01-09T23:10/23:50", Core);
    const day = row("2026-01-10T08:00/14:00", Core);
    const doze = row("2026-01-10T22:10/22:40", Core);
    const second = row("2026-01-09T22:10/22:40", Core, { source: watch, zone: "Asia/Kathmandu" });
    const keys = (...rows: Sample[]) => [...makeAll("sleep", partsOf(rows)).keys()];
    expect(keys(evening, day, doze)).toEqual(["2026-01-10", "2026-01-10T-1", "2026-01-10T22"]);
    expect(keys(second, day, doze)).toEqual(["2026-01-10", "2026-01-10T-2", "2026-01-10T22"]);
  });

  it("is what the person's longer sleep of a day makes of the shorter, whichever came first", () => {
    const alone = makeAll("sleep", partsOf([nap]));
    expect([...alone].map(([key, { metadata }]) => [key, metadata.is_nap])).toEqual([["2026-01-10", false]]);
  });
});

describe("the records of a sleep part", () => {
  it("are found from the part itself and those around it", () => {
    const parts = partsOf([...night, row("2026-01-10T13:10/13:50", Core)]);
    for (const part of parts) {
      const around = new Set(samplesCompanions(part).map(({ key }) => key));
      const asked = parts.filter((other) => other === part || around.has(other.key));
      expect([...makeAll("sleep", asked).keys()]).toEqual(["2026-01-10", "2026-01-10T13"]);
    }
  });
});

describe("any nights", () => {
  const rows = fc.array(
    fc
      .tuple(
        fc.constantFrom(watch, phone, app),
        fc.constantFrom(InBed, Asleep, Awake, Core, Deep, Rem),
        fc.nat(3 * 24 * 60),
        fc.integer({ min: 1, max: 300 }),
      )
      .map(([source, value, minute, length]) => {
        const startMs = Date.parse("2026-01-09T00:00Z") + minute * 60_000;
        return {
          ...row("2026-01-09T00:00", value, { source, zone: null }),
          startMs,
          endMs: startMs + length * 60_000,
        };
      }),
    { minLength: 1, maxLength: 20 },
  );

  it("have sums that are their length, and keys of their own", () => {
    fc.assert(
      fc.property(rows, (all) => {
        const nights = makeAll("sleep", [...partsOf(all), settings({ zone: "America/New_York" })]);
        const ids = [...nights.values()].map(({ metadata }) => metadata.start_time);
        expect(new Set(ids).size).toBe(ids.length);
        for (const sleep of nights.values()) {
          const { asleep, awake, other } = durations(sleep) ?? {};
          if (asleep?.duration_asleep_state_seconds == null) continue;
          const { start_time, end_time } = sleep.metadata;
          const length = (Date.parse(end_time) - Date.parse(start_time)) / 1_000;
          const sum = [
            asleep.duration_asleep_state_seconds,
            awake?.duration_awake_state_seconds,
            other?.duration_unmeasurable_sleep_seconds,
          ].reduce<number>((whole, part) => whole + (part ?? 0), 0);
          expect(sum).toBe(length);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("are the same in whatever order rows and parts came", () => {
    const shuffled = rows.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
    );
    fc.assert(
      fc.property(shuffled, ([one, other]) => {
        expect(makeAll("sleep", partsOf(other).toReversed())).toEqual(makeAll("sleep", partsOf(one)));
      }),
      { numRuns: 40 },
    );
  });

  it("are found by the keys that their parts affect", () => {
    fc.assert(
      fc.property(rows, (all) => {
        const sessions = sleepSessions(all);
        // No window of days holds a sleep of days.
        fc.pre(sessions.every(({ startMs, endMs }) => endMs - startMs < 24 * 3_600_000));
        const found = [...makeAll("sleep", partsOf(all)).values()].map(({ metadata }) => metadata.start_time);
        const starts = found.map((time) => Date.parse(time)).toSorted((one, other) => one - other);
        expect(starts).toEqual(sessions.map(({ startMs }) => startMs));
      }),
      { numRuns: 40 },
    );
  });
});
