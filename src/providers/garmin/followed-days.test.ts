/** Nights with HRV, days with SpO₂, days of a cycle: which are asked for, and what becomes of them. */
import { describe, expect, it } from "vitest";
import { OxygenSaturationType } from "../../models/index.ts";
import { dailySummary } from "./resources/daily-summary.ts";
import { hrvDaily } from "./resources/hrv.ts";
import { cycleSummary } from "./resources/menstruation.ts";
import * as bodies from "./testing/bodies.ts";
import { make, partsOf } from "./testing/make.ts";

const day = "2025-05-12";
const days = `${day}..${day}`;

describe("HRV", () => {
  const night = partsOf("sleep", days, [bodies.night]);
  const listed = partsOf("hrv-daily", days, bodies.hrvNights);

  it("of a night is asked for where the list has the night, and for no other", () => {
    expect(listed.flatMap((part) => hrvDaily.followUps?.(part as never))).toEqual([
      { resource: "hrv", key: day },
    ]);
    expect(partsOf("hrv-daily", days, { hrvSummaries: [], userProfilePk: 1 })).toEqual([]);
  });

  it("has its mean before its readings are there, and Garmin's words once", () => {
    const before = make("sleep", day, night, listed);
    expect(before?.heart_rate_data).toMatchObject({
      summary: { avg_hrv_rmssd: 46 },
      detailed: { hrv_samples_rmssd: [] },
    });
    const record = make("sleep", day, night, listed, partsOf("hrv", day, bodies.hrvNight));
    expect(record?.heart_rate_data?.detailed?.hrv_samples_rmssd).toHaveLength(2);
    expect(JSON.stringify(record).match(/BALANCED"/g)).toHaveLength(1);
    expect(record).toMatchObject({
      provider_data: {
        garmin: { "hrv-daily": { weekly_avg: 44, baseline: { low_upper: 36 }, status: "BALANCED" } },
      },
    });
  });

  it("of the first weeks, without a range and a weekly mean, is read", () => {
    const first = { calendarDate: day, weeklyAvg: null, lastNightAvg: 51, baseline: null, status: "NONE" };
    const record = make("sleep", day, night, partsOf("hrv-daily", days, { hrvSummaries: [first] }));
    expect(record?.heart_rate_data?.summary?.avg_hrv_rmssd).toBe(51);
  });
});

describe("SpO₂ of a day", () => {
  const summary = (changed: object = {}) => partsOf("daily-summary", day, { ...bodies.day, ...changed });
  const follows = (changed: object) =>
    summary(changed).flatMap((part) => dailySummary.followUps?.(part as never));

  it("is asked for where the summary has one, and not where it has none", () => {
    const asked = [{ resource: "spo2", key: day }];
    expect(follows({ averageSpo2: 96 })).toEqual(asked);
    expect(follows({ averageSpo2: null, latestSpo2: 95 })).toEqual(asked);
    for (const none of [null, undefined, 0, -1]) expect(follows({ averageSpo2: none })).toEqual([]);
  });

  const at = (hour: number) => `2025-05-12T0${hour}:00:00.000000+02:00`;
  const means = [
    { timestamp: at(1), percentage: 95, type: OxygenSaturationType.Blood },
    { timestamp: at(3), percentage: 96, type: OxygenSaturationType.Blood },
  ];

  it("has a sample for each hour with a mean; single readings are beside", () => {
    const record = make("daily", day, summary(), partsOf("spo2", day, bodies.spo2Day));
    expect(record?.oxygen_data).toMatchObject({ avg_saturation_percentage: 96, saturation_samples: means });
    expect(record).toMatchObject({
      provider_data: {
        garmin: { spo2: { sp_o2_single_values: [[expect.any(Number), 98]], lowest_sp_o2: 90 } },
      },
    });
    const without = make("daily", day, summary({ averageSpo2: null }), partsOf("spo2", day, bodies.spo2Day));
    expect(without?.oxygen_data?.avg_saturation_percentage).toBe(95.5);
  });

  it("reads rows by the names of their columns, in any order, and without them", () => {
    const turned = {
      ...bodies.spo2Day,
      spO2HourlyAveragesDescriptorList: [
        { spo2ValueDescIndex: 1, spo2ValueDescKey: "timestamp" },
        { spo2ValueDescIndex: 0, spo2ValueDescKey: "spo2HourlyAverage" },
      ],
      spO2HourlyAverages: bodies.spo2Day.spO2HourlyAverages.map((row) => row.toReversed()),
    };
    const unnamed = { ...bodies.spo2Day, spO2HourlyAveragesDescriptorList: null };
    for (const body of [turned, unnamed])
      expect(make("daily", day, partsOf("spo2", day, body))?.oxygen_data?.saturation_samples).toEqual(means);
  });

  it("full of nulls makes no day", () => {
    const nulls = Object.fromEntries(Object.keys(bodies.spo2Day).map((name) => [name, null]));
    expect(make("daily", day, partsOf("spo2", day, { ...nulls, calendarDate: day }))).toBeNull();
  });
});

describe("the day's view of a cycle", () => {
  const follows = (body: object) =>
    partsOf("menstrual-summary", day, body).flatMap((part) => cycleSummary.followUps?.(part as never));

  it("is asked for where the summary tells of a cycle or a pregnancy, and for nobody else's days", () => {
    const asked = [{ resource: "menstrual-day", key: day }];
    expect(follows(bodies.cycle)).toEqual(asked);
    expect(follows({ pregnancyCycle: true, numberOfWeek: 20 })).toEqual(asked);
    const nulls = Object.fromEntries(Object.keys(bodies.cycle).map((name) => [name, null]));
    for (const none of [{}, nulls, { ...nulls, pregnancyCycle: false }]) expect(follows(none)).toEqual([]);
  });
});
