import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { merged } from "./merge.ts";
import type { Sample, Source } from "./sample.ts";

const watch: Source = { name: "Apple Watch", bundleId: null, model: "Watch6,1" };
const phone: Source = { name: "iPhone", bundleId: null, model: "iPhone15,2" };
const app: Source = { name: "Pedometer", bundleId: "com.example.steps", model: null };

/** Steps between two times of one day: `steps(phone, "09:00", "09:10", 1000)`. */
function steps(source: Source, from: string, to: string, value: number, isUserEntered = false): Sample {
  const at = (time: string) => Date.parse(`2026-01-10T${time}:00Z`);
  return {
    uuid: null,
    type: "HKQuantityTypeIdentifierStepCount",
    startMs: at(from),
    endMs: at(to),
    value,
    zone: null,
    offsetMinutes: null,
    source,
    isUserEntered,
    isAggregate: false,
    metadata: {},
  };
}

const total = (samples: readonly Sample[]): number =>
  merged(samples).reduce((sum, { value }) => sum + value, 0);

describe("merged samples of several sources", () => {
  it("count the Watch where it was worn, and the phone in the holes", () => {
    // 1040 + 500, and of the phone's second sample the half that the Watch did not see: 300.
    const day = [
      steps(phone, "09:00", "09:10", 1_000),
      steps(watch, "09:00", "09:10", 1_040),
      steps(phone, "09:10", "09:20", 600),
      steps(watch, "09:10", "09:15", 500),
      steps(phone, "12:00", "12:20", 900),
      steps(watch, "15:00", "15:30", 2_000),
    ];
    expect(total(day)).toBe(1_040 + 500 + 300 + 900 + 2_000);
    // What is covered whole has no share, not even of nothing.
    expect(merged(day)).toHaveLength(5);
    // An app's sum over seven hours, most of which is known already, says nothing about the rest.
    expect(total([...day, steps(app, "09:00", "16:00", 3_300)])).toBe(4_740);
  });

  it("count an app's long sample where nothing else is known", () => {
    expect(total([steps(app, "09:00", "16:00", 3_300)])).toBe(3_300);
  });

  it("count what was typed in, beside what devices measured", () => {
    expect(total([steps(watch, "09:00", "10:00", 100), steps(phone, "09:00", "10:00", 70, true)])).toBe(170);
  });

  it("leave out a reading of a covered moment", () => {
    expect(total([steps(watch, "09:00", "10:00", 100), steps(phone, "09:30", "09:30", 7)])).toBe(100);
    expect(total([steps(watch, "09:00", "10:00", 100), steps(phone, "10:00", "10:00", 7)])).toBe(107);
  });

  it("prefer single samples to sums of the same source", () => {
    const summed = { ...steps(watch, "09:00", "10:00", 900), isAggregate: true };
    expect(total([summed, steps(watch, "09:00", "09:30", 400)])).toBe(400 + 500);
  });

  const samples = fc.array(
    fc
      .tuple(fc.constantFrom(watch, phone, app), fc.nat(1_200), fc.integer({ min: 0, max: 200 }), fc.nat(500))
      .map(([source, start, minutes, value]): Sample => {
        const startMs = Date.parse("2026-01-10T00:00:00Z") + start * 60_000;
        return { ...steps(source, "00:00", "00:00", value), startMs, endMs: startMs + minutes * 60_000 };
      }),
    { maxLength: 40 },
  );

  const withSums = samples.map((all) => all.map((one, index) => ({ ...one, isAggregate: index % 2 === 0 })));

  it("with a format's sums are between the single ones alone and all together", () => {
    fc.assert(
      fc.property(withSums, (all) => {
        const single = total(all.filter(({ isAggregate }) => !isAggregate));
        expect(total(all)).toBeGreaterThanOrEqual(single - 1e-6);
        expect(total(all)).toBeLessThanOrEqual(all.reduce((sum, { value }) => sum + (value ?? 0), 0) + 1e-6);
      }),
    );
  });

  it("count nothing twice that a format summed up and also sent singly", () => {
    const minutes = Array.from({ length: 10 }, (_, index) => {
      const at = (minute: number) => `09:${String(minute).padStart(2, "0")}`;
      return { ...steps(phone, at(index), at(index + 1), 100), isAggregate: true };
    });
    // HealthKit's sample of ten minutes, spread over them.
    expect(total([...minutes, steps(watch, "09:00", "09:10", 1_000)])).toBe(1_000);
    expect(total([...minutes, steps(watch, "09:00", "09:05", 500)])).toBeCloseTo(1_000, 9);
  });

  it("follow the connection's own list of sources", () => {
    const both = [steps(watch, "09:00", "10:00", 100), steps(app, "09:00", "09:30", 70)];
    const sum = (priority: readonly string[]) =>
      merged(both, priority).reduce((whole, { value }) => whole + value, 0);
    expect(sum([])).toBe(100);
    expect(sum(["Pedometer"])).toBe(70 + 50);
    expect(sum(["com.example.steps", "Apple Watch"])).toBe(120);
  });

  it("are the same in whatever order they came", () => {
    const shuffled = samples.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length })),
    );
    fc.assert(
      fc.property(shuffled, ([one, other]) => {
        expect(merged(other)).toEqual(merged(one));
      }),
    );
  });

  it("of 60,000 rows, half of them sums, are merged in one pass", () => {
    const second = (index: number, isAggregate: boolean): Sample => {
      const startMs = Date.parse("2026-01-10T00:00:00Z") + index * 1_000;
      const one = steps(watch, "00:00", "00:01", 1);
      return { ...one, startMs, endMs: startMs + 1_000, isAggregate };
    };
    const indexes = Array.from({ length: 30_000 }, (_, index) => index);
    const all = indexes.flatMap((index) => [second(index, true), second(index, false)]);
    expect(total(all)).toBe(30_000);
  });

  it("tell a time of overlapping sums once", () => {
    const sum = (from: string, to: string): Sample => ({ ...steps(phone, from, to, 100), isAggregate: true });
    // The single sample has half of its 40 steps in the time of the two sums, whose other 180 are added.
    const all = [sum("09:00", "09:10"), sum("09:00", "09:10"), steps(watch, "09:05", "09:15", 40)];
    expect(total(all)).toBeCloseTo(40 + 180, 6);
  });

  it("are between the best source alone and all sources together", () => {
    fc.assert(
      fc.property(samples, (all) => {
        const sum = (some: readonly Sample[]) => some.reduce((total, { value }) => total + (value ?? 0), 0);
        const ofWatch = sum(all.filter(({ source }) => source === watch));
        expect(total(all)).toBeGreaterThanOrEqual(ofWatch - 1e-6);
        expect(total(all)).toBeLessThanOrEqual(sum(all) + 1e-6);
      }),
    );
  });
});
