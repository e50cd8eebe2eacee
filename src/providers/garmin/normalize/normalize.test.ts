import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  ActivityType,
  MenstruationFlow,
  MenstruationInterval,
  NutritionUnits,
  TimestampLocalization,
  UploadType,
} from "../../../models/index.ts";
import { activityTypeOf } from "../sports.ts";
import * as bodies from "../testing/bodies.ts";
import { make, partsOf } from "../testing/make.ts";
import { offsetOf, writeInstant } from "../times.ts";

const day = "2025-05-12";
const days = `${day}..${day}`;
const daily = (body: object = bodies.day) => partsOf("daily-summary", day, body);
const nights = (...list: readonly object[]) => partsOf("sleep", days, list);
const listed = (given: object) => make("activity", "900001", partsOf("activities", days, [given]));

describe("a day", () => {
  it("has Garmin's figures in Terra's units", () => {
    const record = make("daily", day, daily());
    expect(record?.metadata).toMatchObject({
      start_time: "2025-05-12T00:00:00.000000+02:00",
      end_time: "2025-05-13T00:00:00.000000+02:00",
      upload_type: UploadType.Automatic,
    });
    expect(record?.calories_data).toMatchObject({
      total_burned_calories: 2_310,
      BMR_calories: 2_000,
      net_activity_calories: 310,
      net_intake_calories: null,
    });
    expect(record?.active_durations_data).toMatchObject({
      activity_seconds: 4_600,
      moderate_intensity_seconds: 720,
      vigorous_intensity_seconds: 300,
    });
    expect(record?.distance_data).toMatchObject({ steps: 8_765, distance_meters: 6_543, floors_climbed: 4 });
    expect(record?.stress_data).toMatchObject({ avg_stress_level: 27, max_stress_level: 95 });
  });

  it("has samples at their own instants; gaps give none", () => {
    const rates = partsOf("heart-rate", day, bodies.heartRateDay);
    const battery = partsOf("body-battery", days, [bodies.batteryDay]);
    const record = make("daily", day, daily(), rates, battery);
    expect(
      record?.heart_rate_data?.detailed?.hr_samples?.map(({ timestamp, bpm }) => [timestamp, bpm]),
    ).toEqual([
      ["2025-05-12T00:00:00.000000+02:00", 52],
      ["2025-05-12T00:04:00.000000+02:00", 54],
    ]);
    expect(record?.stress_data?.body_battery_samples).toEqual([
      { timestamp: "2025-05-12T00:00:00.000000+02:00", level: 30 },
      { timestamp: "2025-05-12T02:00:00.000000+02:00", level: 41 },
    ]);
  });

  it("reads rows by the names of their columns", () => {
    const turned = {
      ...bodies.heartRateDay,
      heartRateValueDescriptors: [
        { key: "heartrate", index: 0 },
        { key: "timestamp", index: 1 },
      ],
      heartRateValues: [[61, bodies.midnightMs]],
    };
    const record = make("daily", day, partsOf("heart-rate", day, turned));
    expect(record?.heart_rate_data?.detailed?.hr_samples?.[0]?.bpm).toBe(61);
  });

  it("without any value makes no record; −1 and −2 are no stress", () => {
    expect(make("daily", "2025-05-13", daily(bodies.emptyDay))).toBeNull();
    const record = make("daily", day, daily({ ...bodies.day, averageStressLevel: -1, maxStressLevel: -2 }));
    expect(record?.stress_data).toMatchObject({ avg_stress_level: null, max_stress_level: null });
  });

  it("that is not over ends at its own midnight, whatever its series say", () => {
    // Read at 08:31 local time: the local end is midnight, the GMT that of the latest sample.
    const morning = { ...bodies.heartRateDay, endTimestampGMT: "2025-05-12T06:31:00.0" };
    // A quarter of an hour off an hour looks like an offset.
    const later = { ...morning, endTimestampGMT: "2025-05-12T13:30:00.0" };
    for (const body of [morning, later])
      expect(make("daily", day, partsOf("heart-rate", day, body))?.metadata).toMatchObject({
        start_time: "2025-05-12T00:00:00.000000+02:00",
        end_time: "2025-05-13T00:00:00.000000+02:00",
      });
  });

  it("of a clock change has two offsets", () => {
    const changed = {
      ...bodies.day,
      wellnessEndTimeLocal: "2025-05-13T00:00:00.0",
      wellnessEndTimeGmt: "2025-05-12T23:00:00.0",
    };
    expect(make("daily", day, daily(changed))?.metadata).toMatchObject({
      start_time: "2025-05-12T00:00:00.000000+02:00",
      end_time: "2025-05-13T00:00:00.000000+01:00",
    });
  });
});

describe("a night", () => {
  it("is written in the offset that local − GMT is, and belongs to its own day, not to that of the next need", () => {
    const record = make("sleep", day, nights(bodies.night), partsOf("hrv", day, bodies.hrvNight));
    expect(record?.metadata).toMatchObject({
      start_time: "2025-05-12T01:00:00.000000+02:00",
      end_time: "2025-05-12T08:00:00.000000+02:00",
      is_nap: false,
    });
    expect(record?.sleep_durations_data?.asleep).toMatchObject({
      duration_asleep_state_seconds: 24_000,
      duration_REM_sleep_state_seconds: 5_500,
    });
    expect(record?.heart_rate_data).toMatchObject({
      summary: { avg_hr_bpm: 49, avg_hrv_rmssd: 46 },
      detailed: {
        hrv_samples_rmssd: [
          { timestamp: "2025-05-12T01:05:00.000000+02:00", hrv_rmssd: 45 },
          { timestamp: "2025-05-12T01:10:00.000000+02:00", hrv_rmssd: 47 },
        ],
      },
    });
    expect(record?.scores?.sleep).toBe(81);
    expect(make("sleep", "2025-05-13", nights(bodies.night))).toBeNull();
  });

  it("keeps its identity when its start is edited, which changes Garmin's id", () => {
    const edited = {
      ...bodies.night,
      id: bodies.night.id + 600_000,
      sleepStartTimestampGMT: bodies.night.sleepStartTimestampGMT + 600_000,
      sleepStartTimestampLocal: bodies.night.sleepStartTimestampLocal + 600_000,
    };
    expect(nights(bodies.night, edited).map(({ key }) => key)).toEqual([day]);
    expect(make("sleep", day, nights(edited))?.metadata.start_time).toBe("2025-05-12T01:10:00.000000+02:00");
  });

  it("without sleep is no record", () => {
    expect(make("sleep", "2025-05-13", nights(bodies.noNight))).toBeNull();
  });

  it("has its naps beside it, each a record; a nap that was taken away is none", () => {
    expect(make("sleep", bodies.napKey, nights(bodies.night))?.metadata).toMatchObject({
      start_time: "2025-05-12T15:00:00.000000+02:00",
      end_time: "2025-05-12T15:27:00.000000+02:00",
      is_nap: true,
    });
    expect(make("sleep", bodies.napKey, nights({ ...bodies.night, dailyNapDTOS: [] }))).toBeNull();
  });

  it("of a device that cannot tell REM has no REM", () => {
    const record = make(
      "sleep",
      day,
      nights({ ...bodies.night, deviceRemCapable: false, remSleepSeconds: 0 }),
    );
    expect(record?.sleep_durations_data?.asleep?.duration_REM_sleep_state_seconds).toBeNull();
  });
});

/** The settings of a person in Berlin, in whose zone the invented bodies are. */
const inBerlin = partsOf("user-settings", "current", bodies.settings);

describe("the zone of the settings", () => {
  const withoutLocal = {
    ...bodies.night,
    sleepStartTimestampLocal: null,
    sleepEndTimestampLocal: null,
    dailyNapDTOS: bodies.night.dailyNapDTOS.map((nap) => ({
      ...nap,
      napStartTimeOffset: null,
      napEndTimeOffset: null,
    })),
  };

  it("tells the offset of a night, its nap and its readings where Garmin told no local time", () => {
    const readings = bodies.hrvNight.hrvReadings.map((one) => ({ ...one, readingTimeLocal: null }));
    const hrv = partsOf("hrv", day, { ...bodies.hrvNight, hrvReadings: readings });
    const record = make("sleep", day, nights(withoutLocal), hrv, inBerlin);
    expect(record?.metadata).toMatchObject({
      start_time: "2025-05-12T01:00:00.000000+02:00",
      end_time: "2025-05-12T08:00:00.000000+02:00",
      timestamp_localization: TimestampLocalization.Local,
    });
    expect(record?.heart_rate_data?.detailed?.hrv_samples_rmssd?.[0]?.timestamp).toBe(
      "2025-05-12T01:05:00.000000+02:00",
    );
    expect(make("sleep", bodies.napKey, nights(withoutLocal), inBerlin)?.metadata.start_time).toBe(
      "2025-05-12T15:00:00.000000+02:00",
    );
  });

  it("tells that of a weigh-in, a food and a day", () => {
    const { date: _local, ...weighIn } = bodies.weighIn;
    const body = make("body", day, partsOf("weight", days, bodies.weights(weighIn)), inBerlin);
    expect(body?.measurements_data?.measurements?.[0]?.measurement_time).toBe(
      "2025-05-12T07:00:00.000000+02:00",
    );
    const [meal] = bodies.foods.mealDetails;
    const food = { ...meal?.loggedFoods[0], mealDateTimeWithOffset: null };
    const diary = { ...bodies.foods, mealDetails: [{ ...meal, loggedFoods: [food] }] };
    const eaten = make("nutrition", day, partsOf("food-log", day, diary), inBerlin);
    expect(eaten?.meals?.[0]?.timestamp).toBe("2025-05-12T07:41:12.000000+02:00");
    const changing = "2025-10-26";
    const summary = {
      ...bodies.day,
      calendarDate: changing,
      wellnessStartTimeLocal: null,
      wellnessEndTimeGmt: null,
    };
    const record = make("daily", changing, partsOf("daily-summary", changing, summary), inBerlin);
    expect(record?.metadata).toMatchObject({
      start_time: "2025-10-26T00:00:00.000000+02:00",
      end_time: "2025-10-27T00:00:00.000000+01:00",
    });
  });

  it("does not stand against a local time that Garmin told", () => {
    const inTokyo = partsOf("user-settings", "current", { ...bodies.settings, timeZone: "Asia/Tokyo" });
    expect(make("sleep", day, nights(bodies.night), inTokyo)).toEqual(
      make("sleep", day, nights(bodies.night)),
    );
    expect(make("daily", day, daily(), inTokyo)).toEqual(make("daily", day, daily()));
  });

  it.each([null, "Mars/Olympus", 7])("that is %s leaves the record in UTC, which it says", (timeZone) => {
    const odd = partsOf("user-settings", "current", { ...bodies.settings, timeZone });
    expect(make("sleep", day, nights(withoutLocal), odd)?.metadata).toMatchObject({
      start_time: "2025-05-11T23:00:00.000000+00:00",
      timestamp_localization: TimestampLocalization.Utc,
    });
  });
});

describe("an activity", () => {
  it("names no city: Garmin's name of a place need not be one", () => {
    const record = listed(bodies.activity);
    expect(record?.metadata.city).toBeNull();
    expect(JSON.stringify(record)).toContain("Somewhere");
  });

  it("has Garmin's figures, sport, offset and zones", () => {
    const record = listed(bodies.activity);
    expect(record?.metadata).toMatchObject({
      summary_id: "900001",
      start_time: "2025-05-12T08:10:21.000000+02:00",
      end_time: "2025-05-12T08:47:26.000000+02:00",
      type: ActivityType.TrailRunning,
      upload_type: UploadType.Automatic,
      name: "Morning run",
    });
    expect(
      record?.heart_rate_data?.summary?.hr_zone_data?.map((one) => [one.zone, one.duration_seconds]),
    ).toEqual([
      [0, 376.5],
      [1, 1_601.75],
    ]);
    expect(record?.distance_data?.summary).toMatchObject({ distance_meters: 4_261.5, steps: 5_310 });
  });

  it("without an end ends after the time that passed, pauses included", () => {
    const record = listed({ ...bodies.activity, endTimeGMT: null });
    expect(record?.metadata.end_time).toBe("2025-05-12T08:47:26.500000+02:00");
  });

  it("entered by hand says so", () => {
    expect(listed({ ...bodies.activity, manualActivity: true })?.metadata.upload_type).toBe(
      UploadType.Manual,
    );
  });

  it("of a sport that is not known counts as its parent, else as Other", () => {
    expect(activityTypeOf({ type_key: "moon_walking_v9", parent_type_id: 9 })).toBe(ActivityType.Walking);
    expect(activityTypeOf({ type_key: "moon_walking_v9", parent_type_id: 77_777 })).toBe(ActivityType.Other);
    expect(activityTypeOf({ type_key: "constructor" })).toBe(ActivityType.Other);
    expect(activityTypeOf(null)).toBe(ActivityType.Unknown);
  });
});

describe("a weigh-in", () => {
  it("is in kilograms, the masses of bone and muscle in grams", () => {
    const record = make("body", day, partsOf("weight", days, bodies.weights(bodies.weighIn)));
    expect(record?.measurements_data?.measurements).toEqual([
      expect.objectContaining({
        measurement_time: "2025-05-12T07:00:00.000000+02:00",
        weight_kg: 70.5,
        bone_mass_g: 3_100,
        muscle_mass_g: 31_000,
        bodyfat_percentage: 18.5,
        visceral_fat_level: null,
      }),
    ]);
  });

  it("of a neighbouring day, full of nulls, is none", () => {
    expect(partsOf("weight", days, bodies.weights())).toEqual([]);
  });
});

describe("food", () => {
  const record = () =>
    make(
      "nutrition",
      day,
      partsOf("food-log", day, bodies.foods),
      partsOf("hydration", days, [bodies.water]),
    );

  it("is what was eaten, not one serving", () => {
    const [meal] = record()?.meals ?? [];
    expect(meal).toMatchObject({
      id: "l-1",
      name: "Banana",
      timestamp: "2025-05-12T07:40:00.000000+02:00",
      quantity: { amount: 60 },
      macros: { calories: 52.5, carbohydrates_g: 13.5, sodium_mg: 0.5, fiber_g: null },
      micros: { vitamin_A_mg: 0.002 },
    });
  });

  it("has Garmin's sums, and the day's water", () => {
    expect(record()?.summary).toMatchObject({ macros: { calories: 202 }, water_ml: 1_750 });
  });

  it("without servings has no amount and no nutrients; without their units it is counted in servings", () => {
    const [meal] = bodies.foods.mealDetails;
    const [given] = meal?.loggedFoods ?? [];
    const made = (food: object) => {
      const body = { ...bodies.foods, mealDetails: [{ ...meal, loggedFoods: [{ ...given, ...food }] }] };
      return make("nutrition", day, partsOf("food-log", day, body))?.meals?.[0];
    };
    expect(made({ servingQty: null })).toMatchObject({
      quantity: { amount: null },
      macros: { calories: null, carbohydrates_g: null },
    });
    const content = { ...given?.nutritionContent, numberOfUnits: null };
    expect(made({ servingQty: 2, nutritionContent: content })).toMatchObject({
      quantity: { amount: 2, unit: NutritionUnits.Count },
      macros: { calories: 210 },
    });
  });

  it.each([0, 0.25, 1, 3, 12.5])("of %d servings is so many times one", (servingQty) => {
    const [meal] = bodies.foods.mealDetails;
    const food = { ...meal?.loggedFoods[0], servingQty };
    const body = { ...bodies.foods, mealDetails: [{ ...meal, loggedFoods: [food] }] };
    const made = make("nutrition", day, partsOf("food-log", day, body));
    expect(made?.meals?.[0]?.macros.calories).toBe(105 * servingQty);
  });
});

describe("a cycle", () => {
  const view = (body: object) => partsOf("menstrual-day", day, body);

  it("counts fertile days from 1, and has the day's flow", () => {
    const data = make("menstruation", day, view(bodies.cycleView))?.menstruation_data;
    expect(data).toMatchObject({
      period_start_date: "2025-05-01",
      current_phase: MenstruationInterval.Follicular,
      fertility_window_start: "2025-05-11",
      fertility_window_end: "2025-05-17",
      ovulation_day: "2025-05-16",
      last_updated_time: "2025-05-12T08:00:00.000000",
    });
    expect(data?.menstruation_flow).toEqual([
      { timestamp: "2025-05-12T00:00:00.000000", flow: MenstruationFlow.Heavy },
    ]);
  });

  it("does not guess a flow that it has no word for", () => {
    const dayLog = { ...bodies.cycleView.dayLog, flow: "SPOTTING" };
    const data = make("menstruation", day, view({ ...bodies.cycleView, dayLog }))?.menstruation_data;
    expect(data?.menstruation_flow?.map(({ flow }) => flow)).toEqual([MenstruationFlow.Unknown]);
  });

  it("of the summary stands where the day's view is empty", () => {
    expect(view({})).toEqual([]);
    const record = make("menstruation", day, view({}), partsOf("menstrual-summary", day, bodies.cycle));
    expect(record?.menstruation_data?.day_in_cycle).toBe(12);
  });

  it.each([
    [13, MenstruationInterval.FirstTrimester],
    [14, MenstruationInterval.SecondTrimester],
    [27, MenstruationInterval.SecondTrimester],
    [28, MenstruationInterval.ThirdTrimester],
  ])("of a pregnancy in week %d is a trimester", (numberOfWeek, phase) => {
    const body = { daySummary: { ...bodies.cycle, pregnancyCycle: true, currentPhase: 6, numberOfWeek } };
    expect(make("menstruation", day, view(body))?.menstruation_data?.current_phase).toBe(phase);
  });

  it("keeps what is intimate out of the record", () => {
    const text = JSON.stringify(make("menstruation", day, view(bodies.cycleView)));
    expect(text).not.toMatch(/CRAMPS|private/);
  });
});

describe("times", () => {
  const instants = fc.integer({ min: Date.UTC(2013, 0), max: Date.UTC(2099, 0) });
  const quarters = fc.integer({ min: -12 * 4, max: 14 * 4 }).map((quarter) => quarter * 15);

  it("name their instant, whatever the offset", () => {
    fc.assert(
      fc.property(instants, quarters, (at, minutes) => {
        const offset = offsetOf(at, at + minutes * 60_000);
        expect(offset).toBe(minutes);
        expect(Date.parse(writeInstant(at, offset))).toBe(at);
      }),
    );
  });

  it("are the same as text and as milliseconds", () => {
    fc.assert(
      fc.property(instants, quarters, (at, minutes) => {
        const start = at - (at % 1_000);
        const text = (ms: number) => new Date(ms).toISOString().slice(0, 19);
        const local = start + minutes * 60_000;
        const asText = listed({
          ...bodies.activity,
          startTimeGMT: text(start).replace("T", " "),
          startTimeLocal: text(local),
          endTimeGMT: null,
        });
        const asNumber = listed({
          ...bodies.activity,
          startTimeGMT: start,
          startTimeLocal: local,
          endTimeGMT: null,
        });
        expect(asText).toEqual(asNumber);
        expect(Date.parse(asText?.metadata.start_time ?? "")).toBe(start);
      }),
      { numRuns: 50 },
    );
  });
});
