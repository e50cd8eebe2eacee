/** Values that no device can mean: they are left out, and everything beside them stays. */
import { describe, expect, it } from "vitest";
import { MenstruationFlow, MenstruationInterval } from "../../../models/index.ts";
import { Edits, type Step, type Steps } from "../../kit/edits.ts";
import { ProviderError } from "../../provider.ts";
import garmin from "../index.ts";
import * as bodies from "../testing/bodies.ts";
import { make, partsOf } from "../testing/make.ts";

const day = "2025-05-12";
const days = `${day}..${day}`;
/** A time in nanoseconds, as a faulty clock or a changed unit would give it. */
const nanoseconds = bodies.midnightMs * 1_000_000;

/** Returns the places of all values in a body; of a long list, those in its first two items. */
function placesIn(value: unknown, path: Steps = []): Steps[] {
  if (typeof value !== "object" || value === null) return [path];
  const entries: [Step, unknown][] = Array.isArray(value)
    ? [...value.slice(0, 2).entries()]
    : Object.entries(value);
  return entries.flatMap(([step, inner]) => placesIn(inner, [...path, step]));
}

/** Splits a body, and makes each record that its parts belong to. Nothing if a leaf is needed to know what it is. */
function makeAll(resource: string, key: string, body: unknown): void {
  const settings = partsOf("user-settings", "current", bodies.settings);
  for (const part of partsOrNone(resource, key, body))
    for (const { type, affects } of garmin.normalizers)
      for (const { naturalKey, prefix = false } of affects(part))
        if (!prefix) make(type, naturalKey, [part], settings);
}

function partsOrNone(...given: Parameters<typeof partsOf>): ReturnType<typeof partsOf> {
  try {
    return partsOf(...given);
  } catch (error) {
    if (error instanceof ProviderError) return [];
    throw error;
  }
}

describe("a value that nobody expects, in each place of", () => {
  it.each([
    ["daily-summary", day, bodies.day],
    ["heart-rate", day, bodies.heartRateDay],
    ["body-battery", days, [bodies.batteryDay]],
    ["sleep", days, [bodies.night]],
    ["hrv", day, bodies.hrvNight],
    ["activities", days, [bodies.activity]],
    ["wellness-activities", days, [bodies.breathing]],
    ["weight", days, bodies.weights(bodies.weighIn)],
    ["food-log", day, bodies.foods],
    ["hydration", days, [bodies.water]],
    ["menstrual-summary", day, bodies.cycle],
    ["menstrual-day", day, bodies.cycleView],
  ] as const)("%s makes no record that its model refuses", (resource, key, body) => {
    for (const place of placesIn(body))
      for (const value of [1e20, -1e300, 2 ** 53, "9999-12-31T23:59:59.0"]) {
        const edits = new Edits();
        edits.put(place, value);
        const changed = edits.appliedTo(body);
        expect(() => makeAll(resource, key, changed), `${place.join(".")} = ${value}`).not.toThrow();
      }
  });
});

describe("a time that is no real time", () => {
  it("costs a series its row, and not the day", () => {
    const rates = {
      calendarDate: day,
      heartRateValues: [
        [nanoseconds, 60],
        [bodies.midnightMs, 61],
        [-1, 62],
      ],
    };
    const battery = {
      date: day,
      bodyBatteryValuesArray: [
        [nanoseconds, 60],
        [bodies.midnightMs, 30],
      ],
    };
    const record = make(
      "daily",
      day,
      partsOf("heart-rate", day, rates),
      partsOf("body-battery", days, [battery]),
    );
    expect(record?.heart_rate_data?.detailed?.hr_samples).toMatchObject([{ bpm: 61 }]);
    expect(record?.stress_data?.body_battery_samples).toMatchObject([{ level: 30 }]);
  });

  it("in the rows alone makes no day", () => {
    const rates = { calendarDate: day, heartRateValues: [[nanoseconds, 60]] };
    expect(make("daily", day, partsOf("heart-rate", day, rates))).toBeNull();
  });

  it("ends no activity: the next word for its end counts", () => {
    const ended = (given: object) =>
      make(
        "activity",
        "7",
        partsOf("activities", days, [{ activityId: 7, startTimeGMT: "2025-06-14 07:00:00", ...given }]),
      )?.metadata.end_time;
    expect(ended({ elapsedDuration: 1e13, duration: 600 })).toBe("2025-06-14T07:10:00.000000+00:00");
    expect(ended({ duration: 1e300 })).toBe("2025-06-14T07:00:00.000000+00:00");
  });

  it("is no fertile day, and the cycle stays", () => {
    const cycle = { startDate: day, dayInCycle: 1, fertileWindowStart: 9e11, lengthOfFertileWindow: 5 };
    const long = { ...cycle, fertileWindowStart: 9, lengthOfFertileWindow: 9e11 };
    const of = (given: object) =>
      make("menstruation", day, partsOf("menstrual-summary", day, given))?.menstruation_data;
    expect(of(cycle)).toMatchObject({
      day_in_cycle: 1,
      fertility_window_start: null,
      fertility_window_end: null,
    });
    expect(of(long)).toMatchObject({ fertility_window_start: "2025-05-20", fertility_window_end: null });
  });
});

describe("a day's summary", () => {
  const summary = (given: object) =>
    make("daily", day, partsOf("daily-summary", day, { calendarDate: day, ...given }));

  it.each([
    ["averageStressLevel", 31],
    ["averageSpo2", 96],
    ["minHeartRate", 48],
    ["floorsAscended", 3],
    ["activeSeconds", 600],
    ["moderateIntensityMinutes", 12],
  ])("that has nothing but %s is a day", (name, value) => {
    expect(summary({ [name]: value })).not.toBeNull();
  });

  it("with zeros and signs for nothing beside nulls is none", () => {
    const nothing = {
      averageStressLevel: -1,
      maxStressLevel: -2,
      floorsAscended: 0,
      moderateIntensityMinutes: 0,
    };
    expect(summary({ ...nothing, averageSpo2: 0, activeSeconds: 0 })).toBeNull();
  });
});

describe("the day's view of a cycle", () => {
  const summary = partsOf("menstrual-summary", day, { startDate: day, dayInCycle: 1, currentPhase: 1 });

  it.each([
    ["empty", {}],
    ["full of nulls", { startDate: null, currentPhase: null, dayInCycle: null }],
  ])("whose summary is %s does not hide the summary itself, and keeps its flow", (_what, daySummary) => {
    const view = partsOf("menstrual-day", day, { daySummary, dayLog: { calendarDate: day, flow: "LIGHT" } });
    expect(make("menstruation", day, view, summary)?.menstruation_data).toMatchObject({
      period_start_date: day,
      day_in_cycle: 1,
      menstruation_flow: [{ flow: MenstruationFlow.Light }],
    });
  });
});

it("a count that is no count is null, and its day and its weigh-in stay", () => {
  const summary = { calendarDate: day, totalSteps: 5, floorsAscended: 1e20 };
  expect(make("daily", day, partsOf("daily-summary", day, summary))?.distance_data).toMatchObject({
    steps: 5,
    floors_climbed: null,
  });
  const metric = { samplePk: 1, timestampGMT: bodies.midnightMs, weight: 70_000, metabolicAge: 1e20 };
  const weighed = { dailyWeightSummaries: [{ summaryDate: day, allWeightMetrics: [metric] }] };
  expect(make("body", day, partsOf("weight", days, weighed))?.measurements_data?.measurements).toMatchObject([
    { weight_kg: 70, estimated_fitness_age: null },
  ]);
});

it("a pregnancy of which only the week is told is a record", () => {
  const view = partsOf("menstrual-day", day, { daySummary: { pregnancyCycle: true, numberOfWeek: 20 } });
  expect(make("menstruation", day, view)?.menstruation_data?.current_phase).toBe(
    MenstruationInterval.SecondTrimester,
  );
});

describe("weigh-ins of a day of a clock change", () => {
  const changed = "2025-03-30";
  const weighed = (date: number) => {
    const metric = { samplePk: 1, timestampGMT: Date.UTC(2025, 2, 30, 6), date, weight: 70_000 };
    const body = { dailyWeightSummaries: [{ summaryDate: changed, allWeightMetrics: [metric] }] };
    const settings = partsOf("user-settings", "current", { timeZone: "Europe/Berlin" });
    return make("body", changed, partsOf("weight", `${changed}..${changed}`, body), settings)?.metadata;
  };

  it("begin and end in the zone's two offsets", () => {
    expect(weighed(Date.UTC(2025, 2, 30, 8))).toMatchObject({
      start_time: "2025-03-30T00:00:00.000000+01:00",
      end_time: "2025-03-31T00:00:00.000000+02:00",
    });
  });

  it("of a person who is elsewhere are in the offset that Garmin told", () => {
    expect(weighed(Date.UTC(2025, 2, 30, 3))).toMatchObject({
      start_time: "2025-03-30T00:00:00.000000-03:00",
      end_time: "2025-03-31T00:00:00.000000-03:00",
    });
  });
});
