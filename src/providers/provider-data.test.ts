import { describe, expect, it } from "vitest";
import { carried, type Ledger, mapped } from "./ledger.ts";
import type { Normalizer, Part, Resource } from "./provider.ts";
import { withProviderData } from "./provider-data.ts";

const resource = (name: string, ledger: Ledger): Resource => ({
  name,
  api: "test",
  ledger,
  discovery: null,
  request: () => ({ method: "GET", path: "/" }),
  decode: () => null,
  parts: () => [],
});
const night = resource("night", {
  charge: carried("a scale", [-1]),
  date: mapped("sleep.metadata.summary_id", "key"),
});
const tests = resource("tests", { result: carried("a result") });

const part = (name: string, value: unknown): Part => ({ resource: name, key: "k", value });
const plain: Normalizer = {
  type: "sleep",
  needs: [],
  affects: () => [],
  partsOf: () => [],
  normalize: (parts) => (parts.length === 0 ? null : { metadata: { summary_id: "1" } }),
};
const made = (parts: readonly Part[], normalizer = plain) =>
  withProviderData("polar", normalizer, { one: [night], several: [tests] }).normalize(parts, "k");

describe("withProviderData", () => {
  it("adds the carried values: an object for one part, a list for several", () => {
    const parts = [
      part("night", { date: "d", charge: 3 }),
      part("tests", { result: 1 }),
      part("tests", { none: 1 }),
      part("tests", [{ result: 2 }, { result: 3 }]),
      part("other", { index: 1 }),
    ];
    expect(made(parts)).toEqual({
      metadata: { summary_id: "1" },
      provider_data: {
        polar: { night: { charge: 3 }, tests: [{ result: 1 }, { result: 2 }, { result: 3 }] },
      },
    });
    expect(made([part("tests", { result: 1 })])).toMatchObject({
      provider_data: { polar: { tests: [{ result: 1 }] } },
    });
  });

  it("adds nothing to a record without carried values, and makes no record", () => {
    const parts = [part("night", { date: "d", charge: -1 }), part("tests", {}), part("other", { index: 1 })];
    expect(made(parts)).toEqual({ metadata: { summary_id: "1" } });
    expect(made([])).toBeNull();
  });

  it("keeps the normaliser's own values", () => {
    const own: Normalizer = { ...plain, normalize: () => ({ provider_data: { polar: { utc_offset: 60 } } }) };
    expect(made([part("night", { charge: 3 })], own)).toEqual({
      provider_data: { polar: { utc_offset: 60, night: { charge: 3 } } },
    });
    expect(made([], own)).toEqual({ provider_data: { polar: { utc_offset: 60 } } });
  });
});
