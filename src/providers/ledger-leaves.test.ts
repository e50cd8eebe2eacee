import { describe, expect, it } from "vitest";
import { carried, ignored, type Ledger, mapped } from "./ledger.ts";
import { fatesOf, leavesOf, unknownLeaves } from "./ledger-leaves.ts";

const ledger: Ledger = {
  id: mapped("activity.metadata.summary_id", "exact"),
  "heart_rate.average": mapped("activity.heart_rate_data.summary.avg_hr_bpm", "exact"),
  "samples[].sample_type": mapped("activity.power_data.power_samples", "exact"),
  "samples[sample_type=0].data": mapped("activity.heart_rate_data.detailed.hr_samples.bpm", "exact"),
  "samples[sample_type=9].data": carried("°C"),
  "hypnogram{}": mapped("sleep.sleep_durations_data.hypnogram_samples.level", "exact"),
  "load.muscle": carried("none", [-1]),
  extra: ignored("nobody asks"),
};

describe("leavesOf", () => {
  it("names lists, maps and nested fields as ledgers do, each once", () => {
    const body = {
      id: 1,
      a: { b: null, c: [{ d: 1 }, { d: 2, e: [] }, 3] },
      hypnogram: { "23:30": 1, "00:10": 2 },
      empty: {},
    };
    expect(leavesOf(body)).toEqual(["id", "a.b", "a.c[].d", "a.c[].e", "a.c[]", "hypnogram{}", "empty"]);
  });
});

describe("unknownLeaves", () => {
  const unknown = (value: unknown) => unknownLeaves(ledger, value);

  it("is empty for known leaves, whatever is below them", () => {
    const samples = [
      { sample_type: 0, data: [1, 2] },
      { sample_type: "9", data: "1,2" },
    ];
    const extra = { anything: [{ at: "all" }] };
    expect(unknown({ id: 1, heart_rate: { average: 1 }, samples, hypnogram: { "23:30": 1 }, extra })).toEqual(
      [],
    );
  });

  it("accepts an empty value where a leaf below is known", () => {
    for (const none of [null, {}, []]) expect(unknown({ heart_rate: none, load: none })).toEqual([]);
    expect(unknown({ samples: [], hypnogram: {} })).toEqual([]);
  });

  it("finds new fields at every depth, nulls too, each once", () => {
    const body = {
      mood: null,
      heart_rate: { minimum: 1, deep: { x: [1, 2] } },
      samples: [
        { sample_type: 0, unit: "bpm" },
        { sample_type: 9, unit: "°C" },
      ],
    };
    expect(unknown(body)).toEqual(["mood", "heart_rate.minimum", "heart_rate.deep.x[]", "samples[].unit"]);
  });

  it("finds another shape: a value for an object, a list for a value, an object in a map", () => {
    expect(unknown({ heart_rate: 61 })).toEqual(["heart_rate"]);
    expect(unknown({ load: [{ muscle: 1 }] })).toEqual(["load[].muscle"]);
    expect(unknown({ samples: { sample_type: 0 } })).toEqual(["samples.sample_type"]);
    expect(unknown("text")).toEqual([""]);
  });

  it("treats a list as several bodies", () => {
    expect(unknown([{ id: 1 }, { id: 2, mood: 1 }, { mood: 2 }])).toEqual(["mood"]);
  });

  it("names an item of an unknown kind by that kind", () => {
    expect(unknown({ samples: [{ sample_type: 12, data: "1" }] })).toEqual(["samples[sample_type=12].data"]);
    expect(unknown({ samples: [{ data: "1" }] })).toEqual(["samples[].data"]);
  });
});

describe("fatesOf", () => {
  const names = (path: string) => fatesOf(ledger, path).map(({ fate }) => fate);

  it("has a fate for a leaf and everything below it, one for each kind of item, none for other paths", () => {
    expect(names("heart_rate.average")).toEqual(["mapped"]);
    expect(names("extra.anything[].at")).toEqual(["ignored"]);
    expect(names("samples[].data")).toEqual(["mapped", "carried"]);
    expect(names("samples[].sample_type")).toEqual(["mapped"]);
    expect(names("heart_rate")).toEqual([]);
    expect(names("mood")).toEqual([]);
  });

  it("refuses a leaf with leaves below it, and items told apart in two ways", () => {
    expect(() => fatesOf({ a: carried("x"), "a.b": carried("y") }, "a")).toThrow(RangeError);
    expect(() => fatesOf({ "a[x=1].b": carried("x"), "a[y=1].b": carried("y") }, "a")).toThrow(RangeError);
  });
});
