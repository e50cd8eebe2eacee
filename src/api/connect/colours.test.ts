import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { accentOn, contrastOf } from "./colours.ts";
import { dark, light } from "./style.ts";

const hexPair = fc.integer({ min: 0, max: 255 }).map((value) => value.toString(16).padStart(2, "0"));
const color = fc.tuple(hexPair, hexPair, hexPair).map((pairs) => `#${pairs.join("")}`);

describe("contrast", () => {
  // By WebAIM's contrast checker.
  it.each([
    ["#ffffff", "#000000", 21],
    ["#777777", "#ffffff", 4.48],
    ["#0f766e", "#ffffff", 5.47],
    ["#ff0000", "#ffffff", 4],
  ])("of %s and %s is %d", (one, other, expected) => {
    expect(contrastOf(one, other)).toBeCloseTo(expected, 1);
    expect(contrastOf(other, one)).toBe(contrastOf(one, other));
  });
});

describe.each([
  ["light", light],
  ["dark", dark],
])("a developer's colour on the %s page", (_, surface) => {
  it("is legible, whatever it is", () => {
    fc.assert(
      fc.property(color, (chosen) => {
        const { fill, onFill, text } = accentOn(surface.card, chosen);
        expect(contrastOf(fill, surface.card)).toBeGreaterThanOrEqual(3);
        expect(contrastOf(onFill, fill)).toBeGreaterThanOrEqual(4.5);
        expect(contrastOf(text, surface.card)).toBeGreaterThanOrEqual(4.5);
      }),
      { numRuns: 2_000, examples: [["#000000"], ["#ffffff"], ["#777777"], ["#ffff00"], ["#0000ff"]] },
    );
  });

  it("has texts, lines and fields that can be seen", () => {
    for (const ground of [surface.card, surface.page]) {
      expect(contrastOf(surface.ink, ground)).toBeGreaterThanOrEqual(7);
      expect(contrastOf(surface.soft, ground)).toBeGreaterThanOrEqual(4.5);
    }
    expect(contrastOf(surface.field, surface.card)).toBeGreaterThanOrEqual(3);
    expect(contrastOf(surface.alert, surface.card)).toBeGreaterThanOrEqual(3);
  });
});

it("a colour that is legible stays as it is", () => {
  expect(accentOn(light.card, "#0f766e")).toEqual({ fill: "#0f766e", onFill: "#ffffff", text: "#0f766e" });
});
