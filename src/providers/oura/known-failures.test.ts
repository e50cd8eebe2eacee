/** Failures that others met with Oura's data, each with its test. README.md says where those are tested that are not here. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { models } from "../../models/index.ts";
import { servedResourceOf } from "../conformance/subject.ts";
import { isNamedBy, isServed, type Part } from "../provider.ts";
import oura from "./index.ts";
import * as bodies from "./testing/bodies.ts";
import { make, partsOf } from "./testing/make.ts";
import { notifications } from "./webhook.ts";

type Json = ReturnType<typeof JSON.parse>;

const day = "2025-05-12";
const days = `${day}..${day}`;
const pathOf = (resource: string, key: string) =>
  servedResourceOf(oura, { resource, key }).request(key, "person-1").path;

const nightKey = `${day}/${bodies.night.id}`;
const nightOf = (changed: object): Json =>
  make("sleep", nightKey, { sleep: [{ ...bodies.night, ...changed }] });

/** Returns the records of one type that parts make, by their keys. */
function recordsOf(type: string, parts: readonly Part[]): Map<string, Json> {
  const normalizer = oura.normalizers.find((one) => one.type === type);
  const keys = new Set(parts.flatMap((part) => normalizer?.affects(part) ?? []).map((ref) => ref.naturalKey));
  return new Map(
    [...keys].map((key) => {
      const own =
        normalizer?.partsOf(key).flatMap((ref) => parts.filter((part) => isNamedBy(ref, part))) ?? [];
      return [key, normalizer?.normalize(own, key)];
    }),
  );
}

describe("a failure of others:", () => {
  it("4: the day of waking up is taken for the day of going to bed; times come from the bedtimes", () => {
    const { metadata } = nightOf({});
    expect(metadata.start_time).toBe("2025-05-11T23:00:00.000000+02:00");
    expect(metadata.end_time).toBe("2025-05-12T06:30:00.000000+02:00");
    const nap = make("sleep", `${day}/${bodies.lateNap.id}`, { sleep: [bodies.lateNap] });
    expect(nap.metadata.end_time).toBe("2025-05-11T18:40:00.000000+02:00");
  });

  it("5: the offset is dropped, and the night lands on the day that it was in UTC", () => {
    const { metadata } = nightOf({
      bedtime_start: "2025-05-11T22:30:00-07:00",
      bedtime_end: "2025-05-12T06:30:00-07:00",
    });
    expect(metadata.start_time).toBe("2025-05-11T22:30:00.000000-07:00");
    expect(metadata.end_time).toBe("2025-05-12T06:30:00.000000-07:00");
  });

  describe("6: bedtimes change during the day", () => {
    it("because a nap takes the place of the night; each is a record of its own", () => {
      const nap = {
        ...bodies.night,
        id: bodies.id(50),
        type: "sleep",
        bedtime_start: "2025-05-12T13:00:00+02:00",
        bedtime_end: "2025-05-12T13:40:00+02:00",
      };
      const before = recordsOf("sleep", partsOf({ sleep: [bodies.night] }));
      const after = recordsOf("sleep", partsOf({ sleep: [bodies.night, nap] }));
      expect([...after.keys()].sort()).toEqual([nightKey, `${day}/${nap.id}`].sort());
      expect(after.get(nightKey)).toEqual(before.get(nightKey));
      expect(after.get(`${day}/${nap.id}`).metadata.start_time).toBe("2025-05-12T13:00:00.000000+02:00");
    });

    it("because a long night is analysed again; it stays one record, with nothing of the former analysis", () => {
      const first = nightOf({});
      const again = nightOf({
        bedtime_start: "2025-05-11T20:10:00+02:00",
        bedtime_end: "2025-05-12T10:20:00+02:00",
        time_in_bed: 51_000,
        total_sleep_duration: 46_800,
        deep_sleep_duration: 7_200,
        sleep_phase_5_min: "44",
        app_sleep_phase_5_min: "44",
        heart_rate: { interval: 300, items: [58], timestamp: "2025-05-11T20:10:00.000+02:00" },
        hrv: null,
        average_hrv: null,
      });
      // The id at the end of the key is the record's identity; its key stays, too, where the day stays.
      const normalizer = oura.normalizers.find(({ type }) => type === "sleep");
      expect(normalizer?.ownIdIn?.(nightKey)).toBe(normalizer?.ownIdIn?.(`2025-05-13/${bodies.night.id}`));
      expect(again.metadata.summary_id).toBe(first.metadata.summary_id);
      expect(again.metadata).toMatchObject({
        start_time: "2025-05-11T20:10:00.000000+02:00",
        end_time: "2025-05-12T10:20:00.000000+02:00",
      });
      expect(again.sleep_durations_data).toMatchObject({
        asleep: { duration_asleep_state_seconds: 46_800, duration_deep_sleep_state_seconds: 7_200 },
        other: { duration_in_bed_seconds: 51_000 },
        hypnogram_samples: [
          { timestamp: "2025-05-11T20:10:00.000000+02:00", level: 1 },
          { timestamp: "2025-05-11T20:15:00.000000+02:00", level: 1 },
        ],
      });
      expect(again.heart_rate_data.detailed.hr_samples).toMatchObject([
        { timestamp: "2025-05-11T20:10:00.000000+02:00", bpm: 58 },
      ]);
      expect(again.heart_rate_data.detailed.hrv_samples_rmssd).toEqual([]);
      expect(again.heart_rate_data.summary.avg_hrv_rmssd).toBeNull();
    });

    it("because midnight passes; a list of the new day that is empty says nothing of the day before", () => {
      const sleep = servedResourceOf(oura, { resource: "sleep", key: days });
      expect(sleep.parts("2025-05-13..2025-05-13", bodies.listOf())).toEqual([]);
      expect(pathOf("sleep", "2025-05-13..2025-05-13")).toContain("start_date=2025-05-12&");
    });

    it("because the recommended bedtime does; it is of its own day, and the newest one stands", () => {
      const later = {
        ...bodies.bedtime,
        optimal_bedtime: { day_tz: 7200, end_offset: -900, start_offset: -2700 },
      };
      const daily = make("daily", day, { "sleep-time": [bodies.bedtime, later] });
      expect(daily.provider_data.oura["sleep-time"].optimal_bedtime.start_offset).toBe(-2700);
      expect(make("daily", "2025-05-13", { "sleep-time": [later] })).toBeNull();
    });
  });

  it("7: wrong paths; each collection is asked for by the path of Oura's description, by days and by id", () => {
    const paths = Object.fromEntries(
      oura.resources
        .filter(isServed)
        .filter(({ name }) => name !== "personal-info")
        .map(({ name }) => [name, pathOf(name, name === "ring-configuration" ? "*" : days).split("?")[0]]),
    );
    const root = "/v2/usercollection";
    expect(paths).toEqual({
      sleep: `${root}/sleep`,
      "daily-activity": `${root}/daily_activity`,
      workout: `${root}/workout`,
      session: `${root}/session`,
      "daily-sleep": `${root}/daily_sleep`,
      "daily-readiness": `${root}/daily_readiness`,
      "daily-spo2": `${root}/daily_spo2`,
      "daily-stress": `${root}/daily_stress`,
      "daily-resilience": `${root}/daily_resilience`,
      "cardiovascular-age": `${root}/daily_cardiovascular_age`,
      "vo2-max": `${root}/vO2_max`,
      "sleep-time": `${root}/sleep_time`,
      "enhanced-tag": `${root}/enhanced_tag`,
      tag: `${root}/tag`,
      "rest-mode-period": `${root}/rest_mode_period`,
      heartrate: `${root}/heartrate`,
      "ring-battery-level": `${root}/ring_battery_level`,
      "ring-configuration": `${root}/ring_configuration`,
    });
    expect(pathOf("personal-info", "current")).toBe(`${root}/personal_info`);
    for (const [name, path] of Object.entries(paths))
      if (name !== "heartrate" && name !== "ring-battery-level")
        expect(pathOf(name, bodies.id(1))).toBe(`${path}/${bodies.id(1)}`);
  });

  it("3: a single day is answered differently by each collection; all are asked with a day on either side", () => {
    const asked = oura.resources.filter(isServed).filter(({ discovery }) => discovery?.announced);
    const byDays = asked.filter(({ name }) => name !== "ring-configuration");
    expect(byDays).toHaveLength(15);
    for (const { name } of byDays)
      expect(pathOf(name, days).split("?")[1]).toBe("start_date=2025-05-11&end_date=2025-05-13T23:59:59");
  });

  describe("8: most nights are missing, and nothing says why", () => {
    const unworn = { ...bodies.activityDay, class_5_min: "0".repeat(288), non_wear_time: 86_400 };

    it("because the ring was not worn; the day says so, and no night is made up", () => {
      const parts = partsOf({ "daily-activity": [unworn] });
      const daily = recordsOf("daily", parts).get(day);
      const levels = daily.active_durations_data.activity_levels_samples;
      expect(levels).toHaveLength(288);
      expect(new Set(levels.map(({ activity_level }: Json) => activity_level))).toEqual(new Set([0]));
      expect([levels[0].timestamp, levels[287].timestamp]).toEqual([
        "2025-05-12T04:00:00.000000+02:00",
        "2025-05-13T03:55:00.000000+02:00",
      ]);
      expect(daily.provider_data.oura["daily-activity"].non_wear_time).toBe(86_400);
      expect([...recordsOf("sleep", parts).values()].filter((record) => record !== null)).toEqual([]);
    });

    it("because Oura has none although the ring was worn; the levels of the day show that it was", () => {
      const daily = make("daily", day, {
        "daily-activity": [{ ...unworn, class_5_min: "1".repeat(288), non_wear_time: 0 }],
      });
      const levels = daily.active_durations_data.activity_levels_samples;
      expect(levels.every(({ activity_level }: Json) => activity_level !== 0)).toBe(true);
    });
    // Because it was never fetched: test/oura/known-failures.test.ts.
  });

  it("11: what is announced as vo2_max is fetched from /vo2_max, which answers 404", () => {
    const said = {
      event_type: "update",
      data_type: "vo2_max",
      object_id: bodies.id(16),
      user_id: "person-1",
    };
    const [meaning] = notifications.read(Buffer.from(JSON.stringify(said))) as Json[];
    expect(meaning.fetches).toEqual([{ resource: "vo2-max", key: bodies.id(16) }]);
    expect(pathOf("vo2-max", bodies.id(16))).toBe(`/v2/usercollection/vO2_max/${bodies.id(16)}`);
  });

  it("12: negative offsets are lost, and HRV lands at noon; each sample is at its own instant in any offset", () => {
    fc.assert(
      fc.property(fc.integer({ min: -48, max: 56 }), (quarters) => {
        const minutes = Math.abs(quarters) * 15;
        const two = (value: number) => String(value).padStart(2, "0");
        const offset = `${quarters < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
        const timestamp = `2025-05-11T23:00:00.000${offset}`;
        const night = nightOf({ hrv: { interval: 300, items: [20, null, 30], timestamp } });
        expect(night.heart_rate_data.detailed.hrv_samples_rmssd).toEqual([
          { timestamp: `2025-05-11T23:00:00.000000${offset}`, hrv_rmssd: 20 },
          { timestamp: `2025-05-11T23:10:00.000000${offset}`, hrv_rmssd: 30 },
        ]);
      }),
    );
  });

  describe("13: documents are not what the description says", () => {
    it("without an id: the day identifies them, and one that comes with an id later takes their place", () => {
      const { vascular_age: age } = bodies.cardiovascularAge;
      const before = { ...bodies.cardiovascularAge, day: "2025-05-11", vascular_age: age + 1 };
      const given = [bodies.cardiovascularAge, before];
      const ageOn = (date: string, ages: readonly object[]) =>
        make("daily", date, { "cardiovascular-age": ages })?.provider_data.oura["cardiovascular-age"]
          .vascular_age;
      expect([ageOn(day, given), ageOn("2025-05-11", given)]).toEqual([age, age + 1]);
      const named = { ...bodies.cardiovascularAge, id: bodies.id(60), vascular_age: age + 2 };
      expect(ageOn(day, [...given, named])).toBe(age + 2);
    });

    it("contributors that are null, alone or all at once: the score stands", () => {
      for (const contributors of [null, { deep_sleep: null, timing: null }, {}]) {
        const daily = make("daily", day, {
          "daily-sleep": [{ ...bodies.sleepScore, contributors }],
          "daily-readiness": [{ ...bodies.readinessScore, contributors }],
          "daily-activity": [{ ...bodies.activityDay, contributors }],
        });
        expect(models.daily.parse(daily).scores).toMatchObject({ sleep: 77, recovery: 86, activity: 95 });
      }
      const night = nightOf({ readiness: { ...bodies.night.readiness, contributors: null } });
      expect(night.readiness_data.readiness).toBe(71);
    });

    it("items that are null, alone or all at once: no sample, and no figure of one", () => {
      const none = { interval: 300, items: [null, null, null], timestamp: "2025-05-11T23:00:00.000+02:00" };
      const { heart_rate_data: measured } = nightOf({ heart_rate: none, hrv: none });
      expect(measured.detailed).toMatchObject({ hr_samples: [], hrv_samples_rmssd: [] });
      expect(measured.summary.max_hr_bpm).toBeNull();
      // Oura's own averages are of finer samples, and stay.
      expect(measured.summary.avg_hr_bpm).toBe(61.25);
      for (const met of [none, null]) {
        const daily = make("daily", day, { "daily-activity": [{ ...bodies.activityDay, met }] });
        expect(daily.MET_data.MET_samples).toEqual([]);
      }
      const moment = make("activity", `${day}/${bodies.session.id}`, {
        session: [{ ...bodies.session, heart_rate: none, heart_rate_variability: null }],
      });
      expect(moment.heart_rate_data.summary).toMatchObject({ max_hr_bpm: null, min_hr_bpm: null });
    });

    it.each([{ average: 0 }, { average: null }, {}, null])(
      "oxygen of %j: no measurement, in the day and in its night",
      (spo2_percentage) => {
        const given = { sleep: [bodies.night], "daily-spo2": [{ ...bodies.spo2, spo2_percentage }] };
        expect(make("daily", day, given).oxygen_data.avg_saturation_percentage).toBeNull();
        expect(
          make("sleep", nightKey, given).respiration_data.oxygen_saturation_data.avg_saturation_percentage,
        ).toBeNull();
      },
    );

    it.each(["1970-01-01T00:00:00+00:00", "1970-01-01T00:00:00Z"])(
      "a ring that was set up at %s: that is not known, and the ring is there",
      (set_up_at) => {
        const person = servedResourceOf(oura, { resource: "personal-info", key: "current" });
        const parts = [
          ...person.parts("current", bodies.person),
          ...partsOf({ "ring-configuration": [{ ...bodies.ring, set_up_at }] }),
        ];
        const athlete = recordsOf("athlete", parts).get("athlete");
        const [ring] = athlete.provider_data.oura["ring-configuration"];
        expect(ring.hardware_type).toBe("gen3");
        expect(ring.set_up_at ?? null).toBeNull();
        expect(JSON.stringify(athlete)).not.toContain("1970");
      },
    );
  });

  describe("15: rest and deleted periods are counted as sleep", () => {
    it.each(["rest", "deleted"])("%s: no record, and the night beside it is as before", (type) => {
      const other = { ...bodies.lateNap, id: bodies.id(70), type };
      const records = recordsOf("sleep", partsOf({ sleep: [bodies.night, other] }));
      expect(records.get(`${day}/${other.id}`)).toBeNull();
      expect(records.get(nightKey)).toEqual(nightOf({}));
    });

    it("a night that was deleted ends its record, also where nothing is left in it, and can come back", () => {
      expect(nightOf({ type: "deleted" })).toBeNull();
      const { id, bedtime_start, bedtime_end } = bodies.night;
      const bare = {
        id,
        day,
        bedtime_start,
        bedtime_end,
        low_battery_alert: false,
        period: 0,
        time_in_bed: 0,
      };
      expect(make("sleep", nightKey, { sleep: [{ ...bare, type: "deleted" }] })).toBeNull();
      expect(nightOf({ type: "long_sleep" })).not.toBeNull();
    });
  });
});
