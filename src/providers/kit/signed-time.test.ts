import { describe, expect, it } from "vitest";
import { isWithinWindow } from "./signed-time.ts";

describe("a signature's time", () => {
  const window = { unit: "seconds", withinMs: 300_000 } as const;
  const now = 1_750_000_000_000;
  it.each([
    ["1750000000", true],
    ["1749999700", true],
    ["1749999699", false],
    ["1750000300", true],
    ["1750000301", false],
    ["-1750000000", false],
    ["1.75e9", false],
    ["", false],
    [undefined, false],
  ])("%s is within five minutes: %s", (written, expected) => {
    expect(isWithinWindow(written, window, now)).toBe(expected);
  });

  it("may be in milliseconds", () => {
    expect(isWithinWindow("1750000000000", { unit: "milliseconds", withinMs: 1 }, now)).toBe(true);
    expect(isWithinWindow("1750000000000", window, now)).toBe(false);
  });
});
