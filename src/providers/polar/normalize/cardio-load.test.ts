import { describe, expect, it } from "vitest";
import polar from "../index.ts";
import { resources } from "../resources.ts";
import { capturedFiles, fixture, make, partsOf } from "../testing/bodies.ts";

const activity = partsOf("activity", "2025-05-11", fixture("activity-day"));
const loads = (body: unknown) => partsOf("cardio-load", "*", body);
const load = fixture("cardio-load-day") as Record<string, unknown>;
const unavailable = fixture("cardio-load-unavailable");
const daily = polar.normalizers.find(({ type }) => type === "daily");
const carried = (record: unknown) =>
  (record as { provider_data?: { polar: Record<string, unknown> } }).provider_data?.polar["cardio-load"];

describe("a day's cardio load", () => {
  it("is the day's strain; the week's mean, which Polar calls strain, is not", () => {
    const day = make("daily", [...activity, ...loads(load)]);
    expect(day.strain_data).toEqual({ strain_level: 82.25 });
    expect(carried(day)).toEqual({
      cardio_load_status: "PRODUCTIVE",
      strain: 51.5,
      tolerance: 44.75,
      cardio_load_ratio: 1.15,
      cardio_load_level: { very_low: 17.9, low: 35.8, medium: 67.12, high: 107.4, very_high: 156.62 },
    });
  });

  it("alone makes a day; Polar's words for none make no day and add nothing", () => {
    expect(make("daily", loads(load)).metadata.start_time).toBe("2025-05-11T00:00:00.000000");
    expect(daily?.normalize(loads(unavailable), "2025-05-11")).toBeNull();
    const day = make("daily", [...activity, ...loads({ ...(unavailable as object), date: "2025-05-11" })]);
    expect(day.strain_data).toEqual({ strain_level: null });
    expect(carried(day)).toBeUndefined();
  });

  it("of a day without training is 0, and so is the strain of a week without", () => {
    const day = make("daily", loads({ ...load, cardio_load: 0, strain: 0, cardio_load_ratio: 0 }));
    expect(day.strain_data).toEqual({ strain_level: 0 });
    expect(carried(day)).toMatchObject({ strain: 0, cardio_load_ratio: 0, tolerance: 44.75 });
  });

  it("has no limits when they are missing", () => {
    const level = { very_low: 0, low: -1, medium: 0, high: 0, very_high: 0 };
    const day = make("daily", loads({ ...load, cardio_load_level: level, tolerance: -1 }));
    expect(carried(day)).toMatchObject({ tolerance: null });
    expect(carried(day)).not.toHaveProperty("cardio_load_level");
  });

  it("can be requested by list, range, date and period", () => {
    const resource = resources.find(({ name }) => name === "cardio-load");
    const path = (key: string) => resource?.request(key, "1").path;
    expect(path("*")).toBe("/v3/users/cardio-load");
    expect(path("2025-05-11")).toBe("/v3/users/cardio-load/2025-05-11");
    expect(path("2025-05-01..2025-05-11")).toBe("/v3/users/cardio-load/date?from=2025-05-01&to=2025-05-11");
    expect(path("180d")).toBe("/v3/users/cardio-load/period/days/180");
    expect(path("6m")).toBe("/v3/users/cardio-load/period/months/6");
    for (const key of ["181d", "0d", "7m", "d", "90"]) expect(() => path(key)).toThrow();
    expect(loads([load, unavailable]).map(({ key }) => key)).toEqual(["2025-05-11", "2025-05-12"]);
  });
});

describe.skipIf(capturedFiles("cardio-load").length === 0)("the captured cardio load", () => {
  it("says that its status is not available, and so does its day", () => {
    for (const { text } of capturedFiles("cardio-load")) {
      const parts = loads(JSON.parse(text));
      const [part] = parts;
      expect(parts).toHaveLength(1);
      expect(daily?.affects(parts[0] as (typeof parts)[0])).toEqual([
        { type: "daily", naturalKey: part?.key },
      ]);
      expect(daily?.normalize(parts, part?.key ?? "")).toBeNull();
      const same = activity.map((one) => ({ ...one, key: part?.key ?? "" }));
      const day = make("daily", [...same, ...parts]);
      expect(day.strain_data).toEqual({ strain_level: null });
      expect(carried(day)).toBeUndefined();
    }
  });
});
