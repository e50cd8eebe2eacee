import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cutIntoRuns, type Sample } from "./runs.ts";
import { FhirTime } from "./time.ts";

const at = (ms: number): Sample => ({
  time: new FhirTime("2026-03-01T00:00:00Z", ms, true, ""),
  text: String(ms),
  values: [ms],
});
const cut = (times: readonly number[]) => {
  const { runs, single } = cutIntoRuns(times.map(at));
  return {
    runs: runs.map(({ samples, periodMs, places }) => [samples[0]?.time.ms, periodMs, places]),
    single: single.map(({ time }) => time.ms),
  };
};

describe("runs of a series", () => {
  it("are one, with empty places, when all lie on a grid", () => {
    expect(cut([0, 1_000, 4_000])).toEqual({ runs: [[0, 1_000, [0, 1, 4]]], single: [] });
  });

  it("have a period that is no whole number when times are rounded", () => {
    expect(cut([0, 8, 15, 23, 31])).toEqual({ runs: [[0, 7.75, [0, 1, 2, 3, 4]]], single: [] });
  });

  it("have a period of their own where the interval changes", () => {
    const times = [0, 1_000, 2_000, 3_000, 3_600_000, 3_660_000, 3_720_000];
    expect(cut(times)).toEqual({
      runs: [
        [0, 1_000, [0, 1, 2, 3]],
        [3_600_000, 60_000, [0, 1, 2]],
      ],
      single: [],
    });
  });

  it("are none where the times lie on no grid", () => {
    const times = [0, 312_000, 601_000, 899_000];
    expect(cut(times)).toEqual({ runs: [], single: times });
    expect(cut([5])).toEqual({ runs: [], single: [5] });
    expect(cut([5, 10])).toEqual({ runs: [], single: [5, 10] });
    expect(cut([])).toEqual({ runs: [], single: [] });
  });

  it("hold each sample once, within a millisecond of its time, and at most four places for each", () => {
    const steps = fc.oneof(fc.constantFrom(1_000, 7, 8), fc.integer({ min: 1, max: 100_000 }));
    fc.assert(
      fc.property(fc.array(steps, { maxLength: 60 }), (distances) => {
        let last = 0;
        const times = distances.map((step) => {
          last += step;
          return last;
        });
        const { runs, single } = cutIntoRuns(times.map(at));
        const inRuns = runs.flatMap(({ samples, places, periodMs }) => {
          const first = samples[0]?.time.ms ?? 0;
          expect((places.at(-1) ?? 0) + 1).toBeLessThanOrEqual(4 * samples.length);
          for (const [index, { time }] of samples.entries())
            expect(Math.abs(first + (places[index] ?? 0) * periodMs - time.ms)).toBeLessThanOrEqual(1.001);
          return samples;
        });
        const all = [...inRuns, ...single].map(({ time }) => time.ms);
        expect(all.toSorted((one, other) => one - other)).toEqual(times);
      }),
    );
  });
});
