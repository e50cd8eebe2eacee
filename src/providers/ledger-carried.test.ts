import { describe, expect, it } from "vitest";
import { carried, identifying, ignored, type Ledger, mapped } from "./ledger.ts";
import { carriedOf } from "./ledger-carried.ts";

const somewhere = "activity.metadata.summary_id";
const ledger: Ledger = {
  id: mapped(somewhere, "exact"),
  index: carried("none"),
  "load.muscle": carried("a scale", [-1]),
  "load.rpe": carried("a rating", ["UNKNOWN"]),
  "zones[].zone": identifying(mapped(somewhere, "exact")),
  "zones[].limit": carried("bpm"),
  "samples[].sample_type": identifying(mapped(somewhere, "exact")),
  "samples[].rate": identifying(mapped(somewhere, "exact")),
  "samples[sample_type=0].data": mapped(somewhere, "exact"),
  "samples[sample_type=9].data": carried("°C"),
  "levels{}": carried("share"),
  "intervals[]": carried("ms", [0]),
  link: ignored("a link"),
};

const carry = (body: unknown) => carriedOf(ledger, body);

describe("carriedOf", () => {
  it("keeps carried values at their own paths and leaves everything else out", () => {
    expect(
      carry({ link: "x", id: "1", index: 5, load: { muscle: 2.5, other: 1 }, levels: { "10:00": 1 } }),
    ).toEqual({
      index: 5,
      load: { muscle: 2.5 },
      levels: { "10:00": 1 },
    });
  });

  it("has null for the provider's words for none, beside other values", () => {
    expect(carry({ load: { muscle: -1, rpe: "HARD" } })).toEqual({ load: { muscle: null, rpe: "HARD" } });
    expect(carry({ load: { muscle: 0, rpe: null } })).toEqual({ load: { muscle: 0, rpe: null } });
    expect(carry({ intervals: [800, 0, 790] })).toEqual({ intervals: [800, null, 790] });
  });

  it("is null when there is nothing, or only words for none", () => {
    for (const body of [
      {},
      null,
      "text",
      { id: 1 },
      { load: { muscle: -1, rpe: "UNKNOWN" } },
      { index: null },
    ])
      expect(carry(body)).toBeNull();
    expect(
      carry({ load: {}, zones: [], intervals: [0], samples: [{ sample_type: 0, data: [1] }] }),
    ).toBeNull();
  });

  it("identifies carried items, and leaves out the other items", () => {
    const samples = [
      { sample_type: 0, rate: 1, data: [61, 62] },
      { sample_type: 9, rate: 5, data: [20.5, null] },
      { sample_type: 12, rate: 5, data: [1] },
    ];
    expect(carry({ samples, zones: [{ zone: 0, limit: 96 }, { zone: 1 }] })).toEqual({
      zones: [{ zone: 0, limit: 96 }],
      samples: [{ sample_type: 9, rate: 5, data: [20.5, null] }],
    });
  });

  it("has the ledger's order, whatever the order of the body", () => {
    const one = JSON.stringify(carry({ index: 5, load: { muscle: 1, rpe: "X" } }));
    expect(JSON.stringify(carry({ load: { rpe: "X", muscle: 1 }, index: 5 }))).toBe(one);
  });

  it("of several items is a list", () => {
    expect(carry([{ index: 1 }, { id: 2 }, { index: 3 }])).toEqual([{ index: 1 }, { index: 3 }]);
    expect(carry([{ id: 2 }])).toBeNull();
  });
});
