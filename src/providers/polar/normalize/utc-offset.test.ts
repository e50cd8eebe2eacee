import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { shiftDate } from "../../kit/iso-time.ts";
import type { Part } from "../../provider.ts";
import polar from "../index.ts";
import { fixture, make, partsOf } from "../testing/bodies.ts";
import { offsetInForce } from "./utc-offset.ts";

const date = "2025-05-11";
const before = shiftDate(date, -1);
const after = shiftDate(date, 1);

/** −12:00 to +14:00 by quarter hours. */
const offsets = fc.integer({ min: -48, max: 56 }).map((quarters) => quarters * 15);
const clocks = fc
  .integer({ min: 0, max: 24 * 60 - 1 })
  .map((minute) => new Date(minute * 60_000).toISOString().slice(11, 16));

const zone = (minutes: number) => {
  const [hour, minute] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  return `${minutes < 0 ? "-" : "+"}${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`;
};
const night = (wakingDate: string, start: string, startOffset: number, endOffset: number) => ({
  date: wakingDate,
  sleep_start_time: `${start}:00.000${zone(startOffset)}`,
  sleep_end_time: `${wakingDate}T07:30:00.000${zone(endOffset)}`,
});
const exercise = (start: string, offset: number) => ({ start_time: start, start_time_utc_offset: offset });
const none = { nights: [], exercises: [] };

describe("the offset in force on a date", () => {
  it("is that of its nights and exercises, however many and in whatever order", () => {
    fc.assert(
      fc.property(
        offsets,
        clocks,
        fc.shuffledSubarray([0, 1, 2, 3], { minLength: 1 }),
        (offset, clock, which) => {
          const all = [
            { ...none, nights: [night(date, `${before}T23:10`, offset, offset)] },
            { ...none, nights: [night(after, `${date}T23:10`, offset, offset)] },
            { ...none, exercises: [exercise(`${date}T${clock}`, offset)] },
            { ...none, exercises: [exercise(`${date}T00:00`, offset), exercise(`${date}T23:59:59`, offset)] },
          ];
          const chosen = which.map((index) => all[index] ?? none);
          const found = offsetInForce(date, {
            nights: chosen.flatMap(({ nights }) => nights),
            exercises: chosen.flatMap(({ exercises }) => exercises),
          });
          expect(JSON.stringify(found)).toBe(JSON.stringify({ minutes: offset, basis: "inferred" }));
        },
      ),
    );
  });

  it("is disputed when they differ, without a choice among them", () => {
    fc.assert(
      fc.property(offsets, offsets, fc.boolean(), (one, other, isReversed) => {
        fc.pre(one !== other);
        const both = [exercise(`${date}T06:00`, one), exercise(`${date}T18:00`, other)];
        expect(offsetInForce(date, { nights: [], exercises: isReversed ? both.reverse() : both })).toEqual({
          minutes: null,
          basis: "disputed",
          observed: [Math.min(one, other), Math.max(one, other)],
        });
      }),
    );
  });

  it("is disputed when it changed within the night that led into the day, which may have been after midnight", () => {
    const spring = night(date, `${before}T23:10`, 60, 120);
    expect(offsetInForce(date, { ...none, nights: [spring] })).toMatchObject({ observed: [60, 120] });
  });

  it("ignores other dates, and is null without observations", () => {
    expect(offsetInForce(date, none)).toBeNull();
    const nights = [night(after, `${after}T00:30`, 60, 60)];
    const exercises = [exercise(`${before}T23:59`, 60), exercise(`${after}T00:00`, 60)];
    expect(offsetInForce(date, { nights, exercises })).toBeNull();
  });
});

describe("a Daily", () => {
  const activity = partsOf("activity", date, fixture("activity-day"));
  const sleep = (body: object) =>
    partsOf("sleep", "*", { ...(fixture("sleep-sentinels") as object), ...body });
  const workout = (body: object) =>
    partsOf("exercise", "*", { ...(fixture("exercise-run") as object), ...body }).filter(
      ({ resource }) => resource === "exercise-offset",
    );
  const daily = (...parts: Part[]) => make("daily", [...activity, ...parts]);
  const offsetOf = (record: unknown) =>
    (record as { provider_data: { polar: { utc_offset?: unknown } } }).provider_data.polar.utc_offset;
  const withNight = daily(...sleep(night(date, `${before}T23:10`, 180, 180)));

  it("reports the inferred offset and changes no time", () => {
    expect(offsetOf(withNight)).toEqual({ minutes: 180, basis: "inferred" });
    expect(offsetOf(daily())).toBeUndefined();
    const { provider_data: own, ...told } = withNight as { provider_data?: unknown };
    const { provider_data: other, ...untold } = daily() as { provider_data?: unknown };
    expect(own).not.toEqual(other);
    expect(told).toEqual(untold);
  });

  it("is the same, byte for byte, when another observation agrees", () => {
    const more = [
      ...sleep(night(after, `${date}T22:50`, 180, 180)),
      ...workout({ start_time: `${date}T18:00:00`, start_time_utc_offset: 180 }),
    ];
    const both = daily(...sleep(night(date, `${before}T23:10`, 180, 180)), ...more);
    expect(JSON.stringify(both)).toBe(JSON.stringify(withNight));
  });

  it("reports a dispute when the person travelled", () => {
    const workouts = [
      ...workout({ start_time: `${date}T06:00:00`, start_time_utc_offset: 180 }),
      ...workout({ start_time: `${date}T20:00:00`, start_time_utc_offset: -300 }),
    ];
    expect(offsetOf(daily(...workouts))).toEqual({
      minutes: null,
      basis: "disputed",
      observed: [-300, 180],
    });
  });

  it("is affected by the nights and exercises that give its offset, and never made from them alone", () => {
    const normalizer = polar.normalizers.find(({ type }) => type === "daily");
    const keys = (parts: readonly Part[]) =>
      parts.flatMap((part) => normalizer?.affects(part) ?? []).map(({ naturalKey }) => naturalKey);
    expect(keys(sleep({ date }))).toEqual([date, before]);
    expect(keys(workout({ start_time: `${date}T23:59:00` }))).toEqual([date]);
    const alone = [...sleep({ date }), ...workout({ start_time: `${date}T06:00:00` })];
    expect(alone).toHaveLength(2);
    expect(normalizer?.normalize(alone, date)).toBeNull();
  });

  it("ignores an exercise without an offset", () => {
    expect(workout({ start_time_utc_offset: null })).toEqual([]);
  });
});
