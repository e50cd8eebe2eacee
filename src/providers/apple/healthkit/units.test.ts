import { describe, expect, it } from "vitest";
import { convert, type Dimension, plainUnit } from "./units.ts";

describe("a unit", () => {
  it.each([
    ["mmol<180.1558800000541>/L", "mmol/L"],
    ["mL/min\u00b7kg", "mL/min/kg"],
    ["kcal/hr\u00b7kg", "kcal/hr/kg"],
    ["kcal/hr-kg", "kcal/hr/kg"],
    ["ml/(kg*min)", "mL/kg/min"],
    ["km/h", "km/hr"],
    ["\u03bcV", "mcV"],
    ["fl_oz_us", "fl_oz_us"],
  ])("%s is %s", (written, plain) => expect(plainUnit(written)).toBe(plain));
});

describe("a value", () => {
  it.each<[number, string, Dimension, number]>([
    [5.4, "mmol<180.1558800000541>/L", "mg_per_dl", 97.284],
    [837, "kJ", "kcal", 200.048],
    [520, "Cal", "kcal", 520],
    [98.6, "degF", "deg_c", 37],
    [11, "st", "kg", 69.853],
    [150, "lb", "kg", 68.039],
    [6, "ft", "m", 1.829],
    [1, "mi", "m", 1_609.344],
    [36, "km/hr", "m_per_s", 10],
    [12, "fl_oz_us", "ml", 354.882],
    [1.5, "count/s", "per_min", 90],
    [400, "mcg", "kg", 0.0000004],
    [16, "kPa", "mm_hg", 120.01],
    [0.0005, "V", "microvolt", 500],
    [45, "ms", "s", 0.045],
  ])("%d %s is, in %s, %d", (value, unit, dimension, expected) => {
    expect(convert(value, unit, dimension)).toBeCloseTo(expected, expected < 0.001 ? 12 : 3);
  });

  it("of an unknown unit, or one of another dimension, is null", () => {
    expect(convert(1, "furlong", "m")).toBeNull();
    expect(convert(1, "kg", "m")).toBeNull();
    expect(convert(1, "constructor", "m")).toBeNull();
  });

  it("of a million brackets is null at once", () => {
    expect(convert(1, "<".repeat(1_000_000), "m")).toBeNull();
  });

  it("that is named like a property of every object stays as written", () => {
    expect(plainUnit("constructor")).toBe("constructor");
  });
});
