/** What v4's odd bodies must not do: lose a thing, add one up twice, round one, or tell who the person is. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Body, Daily, Sleep } from "../../../models/index.ts";
import type { Part } from "../../provider.ts";
import { make, recordsOf } from "../testing/bodies.ts";
import { v4Activity } from "./resources/activity.ts";
import { calendar } from "./resources/calendar.ts";
import { v4ContinuousSamples } from "./resources/continuous-samples.ts";
import { v4Recharge, v4RechargeSamples } from "./resources/nightly-recharge.ts";
import { v4PpiSamples } from "./resources/ppi-samples.ts";
import { skinContacts } from "./resources/skin-contacts.ts";
import { v4Sleep } from "./resources/sleep.ts";
import { v4SleepWake } from "./resources/sleep-wake.ts";
import { temperature } from "./resources/temperature.ts";
import { test } from "./resources/test.ts";
import { trainingSession } from "./resources/training-session/training-session.ts";
import { v4Resources } from "./resources.ts";
import { activityOf, heartRateOf, nightOf, ppiOf, rechargeOf, withSamples } from "./testing/made.ts";

const day = "2026-10-06";
const polarOf = (record: unknown) =>
  (record as { provider_data: { polar: Record<string, Record<string, unknown>> } }).provider_data.polar;

describe("an object where a list belongs", () => {
  const places = [
    [v4Sleep, "nightSleeps"],
    [v4Recharge, "nightlyRechargeResults"],
    [v4RechargeSamples, "nightlyRechargeResults"],
    [v4SleepWake, "sleepWakeVectors"],
    [v4ContinuousSamples, "heartRateSamplesPerDay"],
    [v4PpiSamples, "dailyPpiSamples"],
    [v4Activity, "activityDays"],
    [trainingSession, "trainingSessions"],
    [temperature, "temperatureMeasurementPeriod"],
    [test, "tests"],
  ] as const;

  it.each(places)("is refused by $0.name, and an empty list is not", (resource, list) => {
    const refused = { code: "PROVIDER_BODY_INVALID" };
    for (const body of [{ [list]: {} }, { [list]: null }, { [list]: { [list]: {} } }, { items: [] }, []]) {
      expect(() => resource.parts(day, body), JSON.stringify(body)).toThrow(expect.objectContaining(refused));
    }
    expect(resource.parts(day, { [list]: [] })).toEqual([]);
    expect(resource.parts(day, {})).toEqual([]);
  });
});

describe("several items of one date", () => {
  const nap = nightOf();
  Object.assign(nap.sleepResult.hypnogram, {
    sleepStart: `${day}T14:00:00+03:00`,
    sleepEnd: `${day}T15:00:00+03:00`,
  });
  const nights = [nightOf(), nap];

  it.each([
    ["in their order", nights],
    ["in the other order", nights.toReversed()],
  ])("make one night, the longest, which carries the other: %s", (_name, nightSleeps) => {
    const made = make("sleep", v4Sleep.parts(day, { nightSleeps }));
    const alone = make("sleep", v4Sleep.parts(day, { nightSleeps: [nightOf()] }));
    expect({ ...made, provider_data: null }).toEqual({ ...alone, provider_data: null });
    expect(polarOf(made)["v4-sleep"]?.othersOfDate).toMatchObject([
      { sleepResult: { hypnogram: { sleepStart: `${day}T14:00:00+03:00` } } },
    ]);
    expect(JSON.stringify(made)).not.toMatch(/1984|42\.5/);
  });

  it("are one where they are the same", () => {
    const parts = v4Sleep.parts(day, { nightSleeps: [nightOf(), nightOf()] });
    expect(parts).toEqual(v4Sleep.parts(day, { nightSleeps: [nightOf()] }));
  });

  it("make one recharge, the one that was modified last", () => {
    const late = { ...withSamples(), modified: `${day}T09:00:00.000Z`, meanNightlyRecoveryRmssd: 51 };
    for (const items of [
      [late, withSamples()],
      [withSamples(), late],
    ]) {
      const body = { nightlyRechargeResults: items };
      const parts = [...v4Recharge.parts(day, body), ...v4RechargeSamples.parts(day, body)];
      const made = make("sleep", [...v4Sleep.parts(day, { nightSleeps: [nightOf()] }), ...parts]);
      expect(made.heart_rate_data?.summary?.avg_hrv_rmssd).toBe(51);
      expect(polarOf(made)["v4-nightly-recharge"]?.othersOfDate).toMatchObject([
        { meanNightlyRecoveryRmssd: 47 },
      ]);
    }
  });
});

describe("a whole number of 64 bits", () => {
  const session = (recoveryTimeMillis: unknown) =>
    trainingSession.parts(day, {
      trainingSessions: [
        { identifier: { id: "s" }, startTime: `${day}T10:00:00`, durationMillis: 1_000, recoveryTimeMillis },
      ],
    });

  it.each([
    ["38013925", 38_013_925],
    ["9007199254740991", 9_007_199_254_740_991],
    [38_013_925, 38_013_925],
  ])("is exact: %s", (written, expected) => {
    const [part] = session(written);
    expect(part).toMatchObject({ value: { recoveryTimeMillis: expected } });
    expect(part?.unreadable).toBeUndefined();
  });

  it.each(["9007199254740993", "-9007199254740993", "9223372036854775807"])(
    "that a double cannot hold is no value, and is noted: %s",
    (written) => {
      const [part] = session(written);
      expect(part?.value).toMatchObject({ recoveryTimeMillis: null });
      expect(part?.unreadable).toEqual(["recoveryTimeMillis"]);
    },
  );

  it("that stands for another number is not rounded either", () => {
    const body = { ...rechargeOf(), meanNightlyRecoveryRri: "9007199254740993" };
    const [part] = v4Recharge.parts(day, { nightlyRechargeResults: [body] });
    expect(part?.value).toMatchObject({ meanNightlyRecoveryRri: null });
    expect(part?.unreadable).toEqual(["meanNightlyRecoveryRri"]);
  });
});

describe("the day on which the clocks are changed", () => {
  const hourMs = 3_600_000;
  /** The day that ends daylight saving time in most of Europe has 25 hours, the other 23. */
  it.each([
    ["2026-10-25", 25],
    ["2026-03-29", 23],
  ])("%s keeps each sample of its %d hours once, in order, local without an offset", (date, hours) => {
    const samples = Array.from({ length: hours * 2 }, (_, half) => ({
      heartRate: 60 + half,
      offsetMillis: String((half * hourMs) / 2),
      triggerType: "TRIGGER_TIMED_247",
    }));
    const parts = v4ContinuousSamples.parts(`${date}..${date}`, {
      heartRateSamplesPerDay: [{ date, samples }],
    });
    const made: Daily = make("daily", parts);
    const found = made.heart_rate_data?.detailed?.hr_samples ?? [];
    expect(found.map(({ bpm }) => bpm)).toEqual(samples.map(({ heartRate }) => heartRate));
    const times = found.map(({ timestamp }) => timestamp ?? "");
    expect(times).toEqual([...new Set(times)].toSorted());
    expect(times[0]).toBe(`${date}T00:00:00.000000`);
    const last = new Date(Date.parse(`${date}T00:00:00Z`) + (hours - 0.5) * hourMs).toISOString();
    expect(times.at(-1)).toBe(`${last.slice(0, 19)}.000000`);
  });

  it("has stages at their instants, each with the offset that was in force", () => {
    const night = nightOf("2026-10-25");
    Object.assign(night.sleepResult.hypnogram, {
      sleepStart: "2026-10-25T02:30:00.000+03:00",
      sleepEnd: "2026-10-25T07:30:00.000+02:00",
      sleepStateChanges: [
        { offsetFromStart: "0s", newState: "SLEEP_STATE_REM" },
        { offsetFromStart: "7200s", newState: "SLEEP_STATE_NON_REM3" },
      ],
    });
    const made: Sleep = make("sleep", v4Sleep.parts("2026-10-25", { nightSleeps: [night] }));
    expect(made.sleep_durations_data?.other?.duration_in_bed_seconds).toBe(6 * 3_600);
    expect(made.sleep_durations_data?.hypnogram_samples?.map(({ timestamp }) => timestamp)).toEqual([
      "2026-10-25T02:30:00.000000+03:00",
      "2026-10-25T03:30:00.000000+02:00",
    ]);
  });
});

/** A session with everything that is carried as it was sent. */
const sessionOf = () => ({
  identifier: { id: "s1" },
  startTime: `${day}T10:00:00`,
  durationMillis: 60_000,
  timezoneOffsetMinutes: 180,
  application: { name: "Flow" },
  sport: { id: "1" },
  product: { modelName: "Watch" },
  note: "",
  trainingLoad: { load: 1 },
  trainingLoadReport: { cardioLoad: 9.5 },
  physicalInformation: { weight: 80 },
  testResults: [{ physicalInformation: { vo2Max: 50 } }],
  strengthTrainingResults: { sets: [{ repetitions: 8 }] },
  comments: [{ text: "good", author: { id: 1 } }],
  hillSplits: [{ ascent: 1 }],
  exercises: [
    {
      identifier: { id: "1" },
      startTime: `${day}T10:00:00`,
      samples: {
        samples: [],
        rrSamples: [{ durationMillis: 800 }],
        transitionRrSamples: [{ durationMillis: 1 }],
      },
      laps: { laps: [{ splitTimeMillis: 1_000, durationMillis: 1_000, statistics: { statistics: [] } }] },
      routes: { route: { wayPoints: [] }, transitionRoute: { wayPoints: [{ latitude: 1 }] } },
      pauseTimes: [{ startTime: `${day}T10:00:10`, duration: "5s" }],
      hillSplits: [{ ascent: 1 }],
      testResults: [{ physicalInformation: { vo2Max: 50 } }],
      strengthTrainingResults: { sets: [{ repetitions: 8 }] },
      comments: [{ text: "good" }],
    },
  ],
});

type Json = unknown;

/** Everything that makes a record of v4, by resource. */
const bodies = (): readonly (readonly [string, string, Json])[] => {
  const night = { ...nightOf(), originalSleepResult: nightOf().sleepResult };
  const startTime = `${day}T08:00:00`;
  return [
    ["v4-sleep", day, { nightSleeps: [night, { ...nightOf(), sleepScore: null }] }],
    [
      "v4-sleep-wake",
      day,
      { sleepWakeVectors: [{ date: day, sleepWakeStateChanges: [{ startOffset: 0, newState: "X" }] }] },
    ],
    [
      "v4-nightly-recharge",
      day,
      { nightlyRechargeResults: [withSamples(), { ...rechargeOf(), ansRate: 3 }] },
    ],
    ["v4-nightly-recharge-samples", day, { nightlyRechargeResults: [withSamples()] }],
    ["v4-activity", day, { activityDays: [activityOf()] }],
    ["v4-continuous-samples", day, { heartRateSamplesPerDay: heartRateOf() }],
    ["v4-ppi-samples", day, { dailyPpiSamples: [ppiOf()] }],
    ["v4-training-session", day, { trainingSessions: [sessionOf()] }],
    [
      "v4-temperature",
      day,
      {
        temperatureMeasurementPeriod: [
          {
            startTime,
            measurementType: "TM_SKIN",
            deviceReference: { uuid: "d" },
            temperatureMeasurementSamples: [],
          },
        ],
      },
    ],
    [
      "v4-skin-contacts",
      day,
      { skinContactPeriod: [{ startTime, skinContactChanges: [{ skinContact: true }] }] },
    ],
    [
      "v4-test",
      day,
      {
        tests: [
          {
            startTime,
            identifier: { id: "t" },
            orthostaticTestResult: { rmssdSupine: 40, more: { some: 1 } },
            fitnessTestResult: { physicalInformation: { weight: 80, vo2Max: 50 } },
          },
        ],
      },
    ],
    [
      "v4-calendar",
      day,
      {
        calendarItems: [
          { date: day, identifier: { id: "c" }, weight: 80, notes: [{ text: "x" }], feedback: { text: "y" } },
        ],
      },
    ],
  ];
};

const personalKeys = ["birthday", "birthDate", "dateOfBirth", "age", "email", "emailAddress"] as const;
const mark = "THE-PERSON";

const isFields = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Returns the body with these keys added to the objects that the choice names, by their place. */
function marked(body: Json, isChosen: (place: number) => boolean): Json {
  let place = 0;
  const walk = (value: Json): Json => {
    if (Array.isArray(value)) return value.map(walk);
    if (!isFields(value)) return value;
    const more = isChosen(place++) ? Object.fromEntries(personalKeys.map((key) => [key, mark])) : {};
    return { ...Object.fromEntries(Object.entries(value).map(([key, one]) => [key, walk(one)])), ...more };
  };
  // The outer object is Polar's wrapper.
  return isFields(body)
    ? Object.fromEntries(Object.entries(body).map(([key, one]) => [key, walk(one)]))
    : body;
}

const partsOf = (isChosen: (place: number) => boolean): Part[] =>
  bodies().flatMap(([name, key, body]) => {
    const resource = v4Resources.find((one) => one.name === name);
    if (resource === undefined) throw new Error(name);
    return [...resource.parts(key, marked(body, isChosen))];
  });

describe("who the person is", () => {
  it("is in no record, wherever a body says it", () => {
    const records = recordsOf(partsOf(() => true));
    const types = [...records.keys()].map((key) => key.split(" ")[0]);
    expect(types.sort()).toEqual(["activity", "body", "daily", "sleep"]);
    for (const [key, record] of records) expect(JSON.stringify(record), key).not.toContain(mark);
    for (const [key, record] of records) expect(JSON.stringify(record), key).not.toMatch(/1984|42\.5/);
  });

  it("changes nothing of any record", () => {
    const plain = recordsOf(partsOf(() => false));
    fc.assert(
      fc.property(fc.func(fc.boolean()), (isChosen) => {
        expect(recordsOf(partsOf((place) => isChosen(place)))).toEqual(plain);
      }),
      { numRuns: 25 },
    );
  });

  it("is the athlete's alone", () => {
    const account = v4Resources.find(({ name }) => name === "v4-account");
    const body = { physicalInformation: { birthday: "1984-02-03", sex: "SEX_MALE" }, email: mark };
    const made = make("athlete", account?.parts("current", body) ?? []);
    expect(made).toMatchObject({ date_of_birth: "1984-02-03" });
    expect(JSON.stringify(made)).not.toContain(mark);
  });
});

describe("breathing of 0", () => {
  it("is no value, and the samples give no average", () => {
    const body = { nightlyRechargeResults: [withSamples()] };
    const made: Sleep = make("sleep", [
      ...v4Sleep.parts(day, { nightSleeps: [nightOf()] }),
      ...v4Recharge.parts(day, body),
      ...v4RechargeSamples.parts(day, body),
    ]);
    expect(made.respiration_data?.breaths_data?.avg_breaths_per_min).toBeNull();
    expect(
      made.respiration_data?.breaths_data?.samples?.map(({ breaths_per_min }) => breaths_per_min),
    ).toEqual([15.5, 12.25]);
  });
});

describe("blocks of steps", () => {
  it("with one start and one device are never added, in whatever order", () => {
    const block = (steps: readonly number[]) => ({
      stepSamples: { startTime: "08:00:00", interval: 60_000, steps },
    });
    const blocks = [block([10, 20]), block([10, 20, 5]), block([10, 20])];
    const all = [blocks, blocks.toReversed()].map((activitySamples) => {
      const activitiesPerDevice = [{ deviceReference: { deviceId: "w" }, activitySamples }];
      return make("daily", v4Activity.parts(day, { activityDays: [{ date: day, activitiesPerDevice }] }));
    });
    expect(all.map((made) => made.distance_data?.steps)).toEqual([35, 35]);
  });
});

describe("skin contacts and the diary", () => {
  it("are read whatever the key of their only list is", () => {
    const parts = calendar.parts(day, { whatever: [{ date: day, weight: 80 }] });
    const made = recordsOf(parts).get(`body ${day}`) as Body;
    expect(made.measurements_data?.measurements?.[0]?.weight_kg).toBe(80);
    expect(() => skinContacts.parts(day, { one: [], two: [] })).toThrow();
  });
});
