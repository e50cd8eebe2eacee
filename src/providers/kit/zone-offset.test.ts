import { describe, expect, it } from "vitest";
import { isZone, offsetIn } from "./zone-offset.ts";

describe("a zone", () => {
  it("has an offset at each instant", () => {
    expect(offsetIn("Asia/Kathmandu", 0)).toBe(330);
    expect(offsetIn("Asia/Kathmandu", Date.parse("2026-01-01"))).toBe(345);
    expect(offsetIn("America/St_Johns", Date.parse("2026-07-01"))).toBe(-150);
  });

  it("may be unknown", () => {
    expect(isZone("Mars/Olympus")).toBe(false);
    expect(offsetIn("", 0)).toBeNull();
  });
});
