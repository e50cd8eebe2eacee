/**
 * Every captured body of Garmin's that is one of the Personal API goes the whole way: sandbox → fetch → raw → record →
 * webhook and REST. The result is compared with figures computed here from the raw text, without any of the code under
 * test.
 */
import { readdirSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { daysAgo } from "../invented/hub.ts";
import {
  capturedText,
  providerPayloads,
  providerPayloadsAreThere,
  whyWithoutProviderPayloads,
} from "../support/payloads.ts";
import { type GarminWorld, startGarminWorld } from "./garmin-world.ts";

type Json = ReturnType<typeof JSON.parse>;

const bodyIn = (file: string): Json => JSON.parse(capturedText("garmin", file));

/** The shape bodies are made up; their days are put where the diaries are still asked for. */
const yesterday = daysAgo(1);
const onYesterday = (file: string, day: string): Json =>
  JSON.parse(capturedText("garmin", file).replaceAll(day, yesterday));

/** What is put into the sandbox, of which file. */
const sent: readonly (readonly [file: string, resource: string, body: (file: string) => Json])[] = [
  ["daily_summary.json", "daily-summary", bodyIn],
  ["daily_summary_3.json", "daily-summary", bodyIn],
  ["heart_rate_day.json", "heart-rate", bodyIn],
  ["heart_rate_day_3.json", "heart-rate", bodyIn],
  // connect-web wraps the body that the Personal API answers with.
  ["sleep_day.json", "sleep", (file) => bodyIn(file).dailySleepDTO],
  ["sleep_day_full.json", "sleep", (file) => bodyIn(file).dailySleepDTO],
  // The sandbox lists the nights of which it has a body; the day's own comes after them.
  ["hrv_daily.json", "hrv", (file) => bodyIn(file).hrvSummaries.map((hrvSummary: Json) => ({ hrvSummary }))],
  ["hrv_day.json", "hrv", bodyIn],
  ["activities_search.json", "activities", bodyIn],
  ["activities_search_page2.json", "activities", bodyIn],
  ["activity.json", "activity", bodyIn],
  ["weight_range_day.json", "weight", (file) => bodyIn(file).dailyWeightSummaries],
  ["weight_range_2.json", "weight", (file) => bodyIn(file).dailyWeightSummaries],
  ["hydration_daily.json", "hydration", bodyIn],
  ["nutrition_food_log_shape.json", "food-log", (file) => onYesterday(file, "2026-10-20")],
  ["menstrual_summary_shape.json", `menstrual-summary?key=${yesterday}`, bodyIn],
  ["menstrual_dayview_shape.json", "menstrual-day", (file) => onYesterday(file, "2026-10-09")],
  ["profile_settings.json", "user-settings", bodyIn],
  ["heart_rate_zones.json", "heart-rate-zones", bodyIn],
];

/** Answers without data, which the sandbox gives by itself. */
const empty: Readonly<Record<string, (read: (path: string) => Promise<Json>) => Promise<void>>> = {
  "weight_range_empty.json": async (read) => {
    const { dailyWeightSummaries, previousDateWeight, nextDateWeight } = bodyIn("weight_range_empty.json");
    const answer = await read("/weight-service/weight/range/2019-12-18/2020-01-01?includeAll=true");
    expect(answer.dailyWeightSummaries).toEqual(dailyWeightSummaries);
    expect(Object.keys(answer.nextDateWeight).sort()).toEqual(Object.keys(nextDateWeight).sort());
    expect(answer.previousDateWeight).toEqual(previousDateWeight);
  },
  "hydration_daily_empty.json": async (read) => {
    const answer = await read("/usersummary-service/stats/hydration/daily/2026-07-08/2026-07-15");
    expect(answer).toEqual(bodyIn("hydration_daily_empty.json"));
  },
  "activity_404.json": async (read) => {
    expect(await read("/activity-service/activity/1")).toEqual(bodyIn("activity_404.json"));
  },
};

/** Bodies that nothing is made of, and why. */
const left: Readonly<Record<string, string>> = {
  "activity_typedsplits.json": "connect-web's splits; no path of the Personal API",
  "activity_types.json": "the list of sports, of which sports.ts is made",
  "menstrual_calendar_empty.json": "connect-web's calendar; no path of the Personal API",
  "menstrual_health_api_docs.json": "the partner API, which pushes, with other names",
  "respiration_day.json": "connect-web's respiration; no path of the Personal API",
  "steps_daily.json": "steps and distance: those of the day's summary are read",
  "stress_daily.json": "levels and durations: those of the day's summary are read",
  "stress_daily_2.json": "levels and durations: those of the day's summary are read",
  "user_settings.json": "connect-web's settings; the Personal API has `settings`, without sex and weight",
};

const at = (text: string | null | undefined): number => Date.parse(text ?? "");
/** Garmin's UTC and clock texts, as an instant and as a clock's reading. */
const utc = (text: string): number => Date.parse(`${text.replace(" ", "T")}Z`);
const wall = (text: string): string => text.replace(" ", "T").slice(0, 19);
const wallOf = (localMs: number): string => new Date(localMs).toISOString().slice(0, 19);

let world: GarminWorld;
let userId = "";

describe.skipIf(!providerPayloadsAreThere)(`Garmin's captured bodies (${whyWithoutProviderPayloads})`, () => {
  const records = new Map<string, Json[]>();
  const of = (type: string): Json[] => records.get(type) ?? [];
  const dayOf = (type: string, day: string): Json =>
    of(type).find(({ metadata }) => metadata.start_time.startsWith(day));
  /** A night for the readings of HRV, of which no night was captured. */
  const hrvNight = () => {
    const { hrvSummary, sleepStartTimestampGMT, sleepEndTimestampGMT, ...local } = bodyIn("hrv_day.json");
    return {
      id: utc(sleepStartTimestampGMT),
      calendarDate: hrvSummary.calendarDate,
      sleepStartTimestampGMT: utc(sleepStartTimestampGMT),
      sleepEndTimestampGMT: utc(sleepEndTimestampGMT),
      sleepStartTimestampLocal: utc(local.sleepStartTimestampLocal),
      sleepEndTimestampLocal: utc(local.sleepEndTimestampLocal),
    };
  };
  const nights = () => [bodyIn("sleep_day.json").dailySleepDTO, bodyIn("sleep_day_full.json").dailySleepDTO];
  const weighed = () =>
    ["weight_range_day.json", "weight_range_2.json"].flatMap((file) => bodyIn(file).dailyWeightSummaries);
  const activities = () =>
    new Map<number, Json>(
      ["activities_search.json", "activities_search_page2.json"].flatMap((file) =>
        bodyIn(file).map((one: Json) => [one.activityId, one]),
      ),
    );

  beforeAll(async () => {
    world = await startGarminWorld();
    const person = await world.person();
    const days = [yesterday, ...weighed().map(({ summaryDate }) => summaryDate)];
    for (const [file, resource, body] of sent) {
      const given = body(file);
      await world.put(person, resource, given);
      for (const one of [given].flat()) days.push(one.calendarDate, one.startTimeLocal?.slice(0, 10));
    }
    await world.put(person, "sleep", hrvNight());
    userId = await world.connect(person, { days: [...days, hrvNight().calendarDate].filter(Boolean) });
    await world.settled(userId);
    for (const type of ["daily", "sleep", "activity", "body", "nutrition", "menstruation"])
      records.set(type, await world.records(userId, type, "2020-01-01", daysAgo(-1)));
  });
  afterAll(() => world?.close());

  it("are all sent, or left out for a reason", () => {
    const known = [...sent.map(([file]) => file), ...Object.keys(empty), ...Object.keys(left)];
    expect(readdirSync(`${providerPayloads}/garmin`).sort()).toEqual(known.sort());
  });

  it.each(Object.entries(empty))(
    "%s: the sandbox says the same where there is nothing",
    async (_file, check) => {
      const nobody = await world.person();
      await check((path) => world.read(nobody, path));
    },
  );

  it.each(["daily_summary.json", "daily_summary_3.json"])("%s: a day", (file) => {
    const raw = bodyIn(file);
    const day = dayOf("daily", raw.calendarDate);
    expect(at(day.metadata.start_time)).toBe(utc(raw.wellnessStartTimeGmt));
    expect(wall(day.metadata.start_time)).toBe(wall(raw.wellnessStartTimeLocal));
    expect(day.distance_data).toMatchObject({
      steps: raw.totalSteps,
      distance_meters: raw.totalDistanceMeters,
      floors_climbed: Math.round(raw.floorsAscended),
      elevation: {
        gain_actual_meters: raw.floorsAscendedInMeters,
        loss_actual_meters: raw.floorsDescendedInMeters,
      },
    });
    expect(day.calories_data).toMatchObject({
      total_burned_calories: raw.totalKilocalories,
      net_activity_calories: raw.activeKilocalories,
      BMR_calories: raw.bmrKilocalories,
      net_intake_calories: raw.consumedKilocalories,
    });
    expect(day.active_durations_data).toMatchObject({
      activity_seconds: raw.activeSeconds + raw.highlyActiveSeconds,
      inactivity_seconds: raw.sedentarySeconds,
      rest_seconds: raw.sleepingSeconds,
      moderate_intensity_seconds: raw.moderateIntensityMinutes * 60,
      vigorous_intensity_seconds: raw.vigorousIntensityMinutes * 60,
    });
    expect(day.heart_rate_data.summary).toMatchObject({
      min_hr_bpm: raw.minHeartRate,
      max_hr_bpm: raw.maxHeartRate,
      resting_hr_bpm: raw.restingHeartRate,
    });
    expect(day.stress_data).toMatchObject({
      avg_stress_level: raw.averageStressLevel,
      max_stress_level: raw.maxStressLevel,
      stress_duration_seconds: raw.stressDuration,
      rest_stress_duration_seconds: raw.restStressDuration,
      activity_stress_duration_seconds: raw.activityStressDuration,
      low_stress_duration_seconds: raw.lowStressDuration,
      medium_stress_duration_seconds: raw.mediumStressDuration,
      high_stress_duration_seconds: raw.highStressDuration,
    });
    expect(day.oxygen_data.avg_saturation_percentage).toBe(raw.averageSpo2);
  });

  it.each(["heart_rate_day.json", "heart_rate_day_3.json"])("%s: each sample at its instant", (file) => {
    const raw = bodyIn(file);
    const day = dayOf("daily", raw.calendarDate);
    const rows = raw.heartRateValues.filter(([, bpm]: Json) => bpm !== null && bpm > 0);
    const samples = day.heart_rate_data.detailed.hr_samples;
    expect(samples.map(({ timestamp, bpm }: Json) => [at(timestamp), bpm])).toEqual(rows);
    // The day begins and ends at the person's midnights, though this body was read in the morning of its day.
    const offsetMs = utc(raw.startTimestampLocal) - utc(raw.startTimestampGMT);
    expect(at(day.metadata.start_time)).toBe(utc(raw.startTimestampGMT));
    expect(at(day.metadata.end_time)).toBe(utc(raw.endTimestampLocal) - offsetMs);
    expect(wall(day.metadata.end_time)).toBe(wall(raw.endTimestampLocal));
  });

  it("has each night once, on the day of waking, with its own times and figures", () => {
    expect(of("sleep")).toHaveLength(nights().length + 1);
    for (const raw of nights()) {
      const night = of("sleep").find(
        ({ metadata }) => at(metadata.start_time) === raw.sleepStartTimestampGMT,
      );
      expect(at(night.metadata.end_time)).toBe(raw.sleepEndTimestampGMT);
      expect(wall(night.metadata.start_time)).toBe(wallOf(raw.sleepStartTimestampLocal));
      expect(wall(night.metadata.end_time)).toBe(wallOf(raw.sleepEndTimestampLocal));
      expect(night.metadata.end_time.slice(0, 10)).toBe(raw.calendarDate);
      expect(night.metadata.is_nap).toBe(false);
      expect(night.sleep_durations_data).toMatchObject({
        asleep: {
          duration_asleep_state_seconds: raw.sleepTimeSeconds,
          duration_deep_sleep_state_seconds: raw.deepSleepSeconds,
          duration_light_sleep_state_seconds: raw.lightSleepSeconds,
          duration_REM_sleep_state_seconds: raw.remSleepSeconds,
        },
        awake: { duration_awake_state_seconds: raw.awakeSleepSeconds, num_wakeup_events: raw.awakeCount },
        other: { duration_unmeasurable_sleep_seconds: raw.unmeasurableSleepSeconds },
      });
      expect(night.scores.sleep).toBe(raw.sleepScores.overall.value);
      expect(night.heart_rate_data.summary.avg_hr_bpm).toBe(raw.avgHeartRate ?? null);
      expect(night.respiration_data).toMatchObject({
        breaths_data: {
          avg_breaths_per_min: raw.averageRespirationValue,
          min_breaths_per_min: raw.lowestRespirationValue,
          max_breaths_per_min: raw.highestRespirationValue,
        },
        oxygen_saturation_data: { avg_saturation_percentage: raw.averageSpO2Value },
      });
    }
  });

  it("hrv_day.json: each reading of the night", () => {
    const raw = bodyIn("hrv_day.json");
    const { calendarDate } = raw.hrvSummary;
    const { heart_rate_data: heart } = of("sleep").find(({ metadata }) =>
      metadata.end_time.startsWith(calendarDate),
    );
    expect(heart.summary.avg_hrv_rmssd).toBe(raw.hrvSummary.lastNightAvg);
    expect(
      heart.detailed.hrv_samples_rmssd.map(({ timestamp, hrv_rmssd }: Json) => [
        at(timestamp),
        wall(timestamp),
        hrv_rmssd,
      ]),
    ).toEqual(
      raw.hrvReadings.map((one: Json) => [utc(one.readingTimeGMT), wall(one.readingTimeLocal), one.hrvValue]),
    );
  });

  it("hrv_daily.json: what the list of nights says of the night", () => {
    const { calendarDate } = bodyIn("hrv_day.json").hrvSummary;
    const raw = bodyIn("hrv_daily.json").hrvSummaries.find((one: Json) => one.calendarDate === calendarDate);
    const { provider_data } = of("sleep").find(({ metadata }) => metadata.end_time.startsWith(calendarDate));
    expect(provider_data.garmin["hrv-daily"]).toEqual({
      calendar_date: calendarDate,
      weekly_avg: raw.weeklyAvg,
      last_night5_min_high: raw.lastNight5MinHigh,
      baseline: {
        low_upper: raw.baseline.lowUpper,
        balanced_low: raw.baseline.balancedLow,
        balanced_upper: raw.baseline.balancedUpper,
        marker_value: raw.baseline.markerValue,
      },
      status: raw.status,
      feedback_phrase: raw.feedbackPhrase,
      create_time_stamp: raw.createTimeStamp,
    });
  });

  it("activity.json: what the search lacks, in the same Activity", () => {
    const { activityId, summaryDTO: raw, timeZoneUnitDTO: zone } = bodyIn("activity.json");
    const record = of("activity").find(({ metadata }) => metadata.summary_id === String(activityId));
    expect(record.heart_rate_data.summary.min_hr_bpm).toBe(raw.minHR);
    // Mean watts × seconds; Garmin's own work is in kilocalories.
    const kilojoules = (raw.averagePower * raw.duration) / 1_000;
    expect(Math.abs(record.work_data.work_kilojoules - kilojoules)).toBeLessThan(kilojoules * 0.003);
    const { activity } = record.provider_data.garmin;
    expect(activity.time_zone_unit_dto).toEqual({ time_zone: zone.timeZone });
    expect(activity.summary_dto).toMatchObject({
      direct_workout_feel: raw.directWorkoutFeel,
      direct_workout_rpe: raw.directWorkoutRpe,
      direct_workout_compliance_score: raw.directWorkoutComplianceScore,
      begin_potential_stamina: raw.beginPotentialStamina,
      average_temperature: raw.averageTemperature,
    });
    expect(activity.split_summaries).toHaveLength(bodyIn("activity.json").splitSummaries.length);
  });

  it("has each activity once, though two pages have the same one", () => {
    expect(of("activity")).toHaveLength(activities().size);
    // Terra's numbers.
    const types: Readonly<Record<string, number>> = {
      hiking: 35,
      trail_running: 149,
      stand_up_paddleboarding_v2: 79,
      open_water_swimming: 84,
    };
    for (const raw of activities().values()) {
      const record = of("activity").find(({ metadata }) => metadata.summary_id === String(raw.activityId));
      expect(at(record.metadata.start_time)).toBe(utc(raw.startTimeGMT));
      expect(wall(record.metadata.start_time)).toBe(wall(raw.startTimeLocal));
      expect(at(record.metadata.end_time)).toBe(utc(raw.endTimeGMT));
      expect(record.metadata.type).toBe(types[raw.activityType.typeKey]);
      expect(record.distance_data.summary).toMatchObject({
        distance_meters: raw.distance,
        steps: raw.steps ?? null,
        elevation: {
          gain_actual_meters: raw.elevationGain ?? null,
          loss_actual_meters: raw.elevationLoss ?? null,
          min_meters: raw.minElevation ?? null,
          max_meters: raw.maxElevation ?? null,
        },
      });
      expect(record.calories_data).toMatchObject({
        total_burned_calories: raw.calories,
        BMR_calories: raw.bmrCalories,
      });
      expect(record.heart_rate_data.summary).toMatchObject({
        avg_hr_bpm: raw.averageHR,
        max_hr_bpm: raw.maxHR,
      });
      expect(record.heart_rate_data.summary.hr_zone_data.map((one: Json) => one.duration_seconds)).toEqual(
        [1, 2, 3, 4, 5].map((zone) => raw[`hrTimeInZone_${zone}`]),
      );
      expect(record.movement_data).toMatchObject({
        avg_speed_meters_per_second: raw.averageSpeed,
        max_speed_meters_per_second: raw.maxSpeed ?? null,
        avg_cadence_rpm: raw.averageRunningCadenceInStepsPerMinute ?? null,
      });
      expect(record.active_durations_data.activity_seconds).toBe(raw.duration);
      expect(record.power_data.avg_watts).toBe(raw.avgPower ?? null);
      expect(record.oxygen_data.vo2max_ml_per_min_per_kg).toBe(raw.vO2MaxValue ?? null);
    }
  });

  it("has each weigh-in in the Body of its day", () => {
    const days = new Map<string, Json>(weighed().map((one) => [one.summaryDate, one]));
    expect(of("body")).toHaveLength(days.size);
    for (const [day, raw] of days) {
      const measured = dayOf("body", day).measurements_data.measurements;
      const metrics = raw.allWeightMetrics.toSorted((a: Json, b: Json) => a.timestampGMT - b.timestampGMT);
      expect(
        measured.map((one: Json) => [
          at(one.measurement_time),
          wall(one.measurement_time),
          one.weight_kg,
          one.BMI,
          one.bodyfat_percentage,
          one.water_percentage,
          one.bone_mass_g,
          one.muscle_mass_g,
        ]),
      ).toEqual(
        metrics.map((one: Json) => [
          Math.floor(one.timestampGMT),
          wallOf(one.date),
          one.weight / 1_000,
          one.bmi,
          one.bodyFat,
          one.bodyWater,
          one.boneMass,
          one.muscleMass,
        ]),
      );
    }
  });

  it("hydration_daily.json: water without food", () => {
    const [raw] = bodyIn("hydration_daily.json");
    const { summary, meals } = dayOf("nutrition", raw.calendarDate);
    expect([summary.water_ml, meals, summary.macros.calories]).toEqual([raw.valueInML, [], null]);
  });

  it("nutrition_food_log_shape.json: what was eaten, and Garmin's sum", () => {
    const raw = bodyIn("nutrition_food_log_shape.json");
    const foods = raw.mealDetails.flatMap(({ loggedFoods }: Json) => loggedFoods ?? []);
    const { meals, summary } = dayOf("nutrition", yesterday);
    expect(
      meals.map(({ id, name, macros, timestamp }: Json) => [
        id,
        name,
        macros.calories,
        macros.protein_g,
        timestamp,
      ]),
    ).toEqual(
      foods.map((one: Json) => [
        one.logId,
        one.foodMetaData.foodName,
        one.servingQty * one.nutritionContent.calories,
        one.servingQty * one.nutritionContent.protein,
        `${yesterday}T07:40:00.000000+02:00`,
      ]),
    );
    expect(summary.macros).toMatchObject({
      calories: raw.dailyNutritionContent.calories,
      carbohydrates_g: raw.dailyNutritionContent.carbs,
      protein_g: raw.dailyNutritionContent.protein,
      fat_g: raw.dailyNutritionContent.fat,
    });
  });

  it("menstrual_dayview_shape.json: the day's view, and its flow", () => {
    const { daySummary: raw } = bodyIn("menstrual_dayview_shape.json");
    const { menstruation_data: data } = dayOf("menstruation", yesterday);
    const dayLater = (days: number) =>
      new Date(Date.parse(raw.startDate) + days * 86_400_000).toISOString().slice(0, 10);
    const heavy = 4;
    expect(data).toMatchObject({
      period_start_date: raw.startDate,
      day_in_cycle: raw.dayInCycle,
      period_length_days: raw.periodLength,
      current_phase: 1,
      length_of_current_phase_days: raw.lengthOfCurrentPhase,
      days_until_next_phase: raw.daysUntilNextPhase,
      predicted_cycle_length_days: raw.predictedCycleLength,
      is_predicted_cycle: raw.predictedCycle,
      fertility_window_start: dayLater(raw.fertileWindowStart - 1),
      fertility_window_end: dayLater(raw.fertileWindowStart + raw.lengthOfFertileWindow - 2),
    });
    expect(data.menstruation_flow.map(({ flow }: Json) => flow)).toEqual([heavy]);
    // The summary of the same day is kept beside the view.
    const { provider_data } = dayOf("menstruation", yesterday);
    expect(JSON.stringify(provider_data)).toContain("REGULAR");
  });

  it("profile_settings.json, heart_rate_zones.json: kept beside the person", async () => {
    const { body } = await world.hub.call("GET", `/v2/athlete?user_id=${userId}&to_webhook=false`);
    const text = JSON.stringify(body);
    expect(text).toContain(bodyIn("profile_settings.json").timeZone);
    for (const zone of bodyIn("heart_rate_zones.json"))
      expect(text).toContain(`"max_heart_rate_used":${zone.maxHeartRateUsed}`);
  });

  it("tells the developer each record by webhook as REST does", () => {
    for (const [type, held] of records) {
      const told = world.hub.events(type).flatMap(({ body }) => (body.data ?? []) as unknown as Json[]);
      for (const record of held) expect(told).toContainEqual(record);
    }
  });
});
