/** Proves that what two APIs say becomes one record: leaf by leaf, by the table, and in whatever order it comes. */
import { readFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type DataType, dataTypes } from "../../models/index.ts";
import { accesslink, dynamic } from "./names.ts";
import { oneRecordOf } from "./one-record.ts";
import { precedence } from "./precedence.ts";

const metadata = { start_time: "2026-10-06T00:00:00.000000", end_time: null };
const merge = (type: DataType, v3: unknown, v4: unknown) =>
  oneRecordOf(type, { [accesslink]: v3, [dynamic]: v4 }) as Record<string, never> | null;

/** The value at a path; undefined where there is none. */
const at = (value: unknown, keys: readonly string[]): unknown =>
  keys.reduce<unknown>((inside, key) => (inside as Record<string, unknown> | null | undefined)?.[key], value);

describe("a record of two APIs", () => {
  it("is v3's own where v4 has none", () => {
    const record = { metadata, provider_data: { polar: { sleep: { date: "2026-10-06" } } } };
    expect(merge("sleep", record, null)).toBe(record);
    expect(merge("sleep", null, null)).toBeNull();
  });

  it("says that all is v4's where v3 has none", () => {
    expect(merge("sleep", null, { metadata, scores: { sleep: 80 } })).toEqual({
      metadata,
      scores: { sleep: 80 },
      provider_data: { polar: { sources: { "*": dynamic } } },
    });
  });

  it("is none where what is there has no time", () => {
    expect(merge("sleep", null, { metadata: { start_time: null }, scores: { sleep: 80 } })).toBeNull();
    expect(merge("sleep", { metadata }, { metadata: { start_time: null }, scores: { sleep: 80 } })).toEqual({
      metadata,
      scores: { sleep: 80 },
      provider_data: { polar: { sources: { metadata: accesslink, scores: dynamic } } },
    });
  });

  it("takes each field from the API that the table names, and the other's where that has none", () => {
    const [stage, other] = [[{ level: 4 }], [{ level: 5 }]];
    const v3 = {
      metadata,
      sleep_durations_data: {
        asleep: { deep: 1, rem: null },
        awake: { short: null },
        hypnogram_samples: stage,
      },
      scores: { sleep: 0 },
    };
    const v4 = {
      metadata,
      sleep_durations_data: { asleep: { deep: 2, rem: 3 }, awake: { short: 4 }, hypnogram_samples: other },
      scores: { sleep: 80 },
    };
    expect(merge("sleep", v3, v4)).toEqual({
      metadata,
      sleep_durations_data: { asleep: { deep: 1, rem: 3 }, awake: { short: 4 }, hypnogram_samples: other },
      scores: { sleep: 0 },
      provider_data: {
        polar: {
          sources: {
            metadata: accesslink,
            "sleep_durations_data.asleep.deep": accesslink,
            "sleep_durations_data.asleep.rem": dynamic,
            "sleep_durations_data.awake": dynamic,
            "sleep_durations_data.hypnogram_samples": dynamic,
            scores: accesslink,
          },
        },
      },
    });
  });

  it("takes a list whole, and an empty one for none", () => {
    const list = (items: readonly number[]) => ({
      metadata,
      sleep_durations_data: { hypnogram_samples: items },
    });
    const stages = (v3: readonly number[], v4: readonly number[]) =>
      at(merge("sleep", list(v3), list(v4)), ["sleep_durations_data", "hypnogram_samples"]);
    expect(stages([1, 2, 3], [4])).toEqual([4]);
    expect(stages([1, 2, 3], [])).toEqual([1, 2, 3]);
    expect(stages([], [])).toEqual([]);
  });

  it("has v3's samples, points and laps where a file of v3 shows when the session was paused", () => {
    const of = (bpm: number, basis?: string) => ({
      metadata,
      heart_rate_data: { detailed: { hr_samples: [{ bpm }] } },
      position_data: { position_samples: [bpm] },
      lap_data: { laps: [bpm] },
      ...(basis && { provider_data: { polar: { sample_clock: { basis } } } }),
    });
    for (const [basis, bpm] of [
      ["recorded", 3],
      ["elapsed", 4],
      ["unclear", 4],
      [undefined, 4],
    ] as const) {
      const { heart_rate_data, position_data, lap_data } = merge("activity", of(3, basis), of(4)) ?? {};
      expect([heart_rate_data, position_data, lap_data], basis).toEqual([
        { detailed: { hr_samples: [{ bpm }] } },
        { position_samples: [bpm] },
        { laps: [bpm] },
      ]);
    }
    // What v3 lacks is still v4's.
    const { lap_data: _, ...without } = of(3, "recorded");
    expect(at(merge("activity", without, of(4)), ["lap_data", "laps"])).toEqual([4]);
  });

  it("has the provider's data of both", () => {
    const v3 = {
      metadata,
      provider_data: { polar: { sleep: { sleep_charge: 3 }, utc_offset: { minutes: 60 } } },
    };
    const v4 = {
      metadata,
      provider_data: { polar: { "v4-sleeps": { a: 1 }, utc_offset: { minutes: 120 } } },
    };
    expect(merge("sleep", v3, v4)?.provider_data).toEqual({
      polar: {
        sources: { "*": accesslink },
        sleep: { sleep_charge: 3 },
        utc_offset: { minutes: 60 },
        "v4-sleeps": { a: 1 },
      },
    });
  });
});

describe("measurements of two APIs", () => {
  const body = (...measurements: readonly object[]) => ({ metadata, measurements_data: { measurements } });
  const at8 = "2026-10-06T08:00:00.000000+00:00";
  const joined = (v3: unknown, v4: unknown) => {
    const made = merge("body", v3, v4);
    const { polar } = (made as unknown as { provider_data: { polar: { sources: unknown } } }).provider_data;
    return { list: at(made, ["measurements_data", "measurements"]), sources: polar.sources };
  };
  const weighed = (
    measurement_time: string | null,
    weight_kg: number | null,
    height_cm: number | null = null,
  ) => ({
    measurement_time,
    weight_kg,
    height_cm,
  });

  it("are all there, in the order of time, each with its API", () => {
    const [early, late] = [weighed("2026-10-06T06:00:00.000000+03:00", 80), weighed(at8, 81, 180)];
    expect(joined(body(late), body(early))).toEqual({
      list: [early, late],
      sources: {
        metadata: accesslink,
        "measurements_data.measurements.0": dynamic,
        "measurements_data.measurements.1": accesslink,
      },
    });
  });

  it("of one instant are one, with what either says", () => {
    expect(
      joined(body(weighed(at8, null, 180)), body(weighed("2026-10-06T11:00:00.000000+03:00", 80, 179))),
    ).toEqual({
      list: [weighed(at8, 80, 180)],
      sources: {
        metadata: accesslink,
        "measurements_data.measurements.0.measurement_time": accesslink,
        "measurements_data.measurements.0.weight_kg": dynamic,
        "measurements_data.measurements.0.height_cm": accesslink,
      },
    });
  });

  it.each([null, "2026-10-06T21:00:00.000000"])(
    "of equal values are one where a time says less: %s",
    (time) => {
      expect(joined(body(weighed(at8, 80, 180)), body(weighed(time, 80))).list).toEqual([
        weighed(at8, 80, 180),
      ]);
      expect(joined(body(weighed(at8, 80, 180)), body(weighed(time, 80.5))).list).toEqual([
        weighed(at8, 80, 180),
        weighed(time, 80.5),
      ]);
      // Two of v4 are two, and no measurement of v3 stands for both.
      expect(joined(body(weighed(at8, 80)), body(weighed(time, 80), weighed(time, 80))).list).toHaveLength(2);
    },
  );

  it("of two instants are two, also where their values are equal", () => {
    const later = weighed("2026-10-06T09:00:00.000000+00:00", 80);
    expect(joined(body(weighed(at8, 80)), body(later)).list).toEqual([weighed(at8, 80), later]);
  });
});

const leaf = fc.oneof(
  fc.constant(null),
  fc.integer({ min: 0, max: 9 }),
  fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 3 }),
);
const section = fc.record(
  { hypnogram_samples: leaf, sleep_efficiency: leaf, a: leaf, b: fc.record({ c: leaf, d: leaf }) },
  { requiredKeys: [] },
);
const record = fc.record(
  { metadata: fc.constant(metadata), sleep_durations_data: section, heart_rate_data: section, scores: leaf },
  { requiredKeys: ["metadata"] },
);

const isThere = (value: unknown) =>
  value !== null && value !== undefined && !(Array.isArray(value) && value.length === 0);

function leavesOf(value: unknown, keys: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [keys];
  return Object.entries(value).flatMap(([key, child]) => leavesOf(child, [...keys, key]));
}

describe("any two records", () => {
  it("lose no value, gain none, and each has the source that is named for it", () => {
    fc.assert(
      fc.property(record, record, (v3, v4) => {
        const merged = merge("sleep", v3, v4);
        const { provider_data, ...fields } = merged ?? {};
        const { sources } = (provider_data as unknown as { polar: { sources: Record<string, string> } })
          .polar;
        for (const keys of [...leavesOf(v3), ...leavesOf(v4)]) {
          const [one, other, made] = [at(v3, keys), at(v4, keys), at(fields, keys)];
          expect(isThere(made), keys.join(".")).toBe(isThere(one) || isThere(other));
          if (!isThere(made)) continue;
          const path = keys.join(".");
          const [named] = Object.keys(sources).filter(
            (key) => key === "*" || path === key || path.startsWith(`${key}.`),
          );
          expect(made, path).toBe(sources[named ?? ""] === dynamic ? other : one);
        }
      }),
    );
  });

  it("make the same record when merged again with either", () => {
    fc.assert(
      fc.property(record, record, (v3, v4) => {
        const whole = merge("sleep", v3, v4);
        expect(merge("sleep", structuredClone(v3), structuredClone(v4))).toEqual(whole);
      }),
    );
  });
});

describe("the table of the two APIs", () => {
  const readme = readFileSync(path.join(import.meta.dirname, "README.md"), "utf8");

  it("stands in the README", () => {
    const rows = dataTypes.flatMap((type) =>
      precedence[type].map(
        ({ path: field, first, why, isJoined }) =>
          `| ${type} | ${field === "*" ? "everything else" : `\`${field}\``} | ${isJoined ? "both" : first === dynamic ? "v4" : "v3"} | ${why} |`,
      ),
    );
    const written = readme
      .split("\n")
      .filter((line) => /^\| (activity|daily|sleep|body|athlete) \|/.test(line));
    expect(written).toEqual(rows);
  });
});
