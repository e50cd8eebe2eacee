import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { boundedName, instantInKey, safePart, timeInKey } from "./names.ts";

const anyText = fc.string({ unit: "binary" });

describe("a part of a key", () => {
  it("stays as it is where it is plain", () => {
    for (const plain of ["3b1c2f9a-6a5e-4f5e-9a53-0a5a1b3f2c11", "jane.doe@example.com", "a_b:c+d", ""]) {
      expect(safePart(plain)).toBe(plain);
    }
  });

  it("can leave no folder and hides nothing", () => {
    expect(safePart("../../etc/passwd")).toBe("%2E%2E%2F%2E%2E%2Fetc%2Fpasswd");
    expect(safePart("a%2Fb")).toBe("a%252Fb");
    expect(safePart("a\u0000\n~?#é")).toBe("a%00%0A%7E%3F%23%C3%A9");
    expect([".", "..", ".a", "a.", "a..b"].map(safePart)).toEqual([
      "%2E",
      "%2E%2E",
      "%2Ea",
      "a%2E",
      "a%2E.b",
    ]);
  });

  it("is plain for any text, and can be decoded", () => {
    const wellFormed = anyText.filter((text) => text.isWellFormed());
    fc.assert(
      fc.property(wellFormed, (text) => {
        const part = safePart(text);
        expect(part).toMatch(/^(?!\.)(?:[A-Za-z0-9_@:+-]|\.(?=[A-Za-z0-9])|%[0-9A-F]{2})*$/);
        expect(decodeURIComponent(part)).toBe(text);
      }),
    );
  });
});

describe("a name", () => {
  it("stays as it is where it is short enough", () => {
    expect(boundedName("x".repeat(231), 9)).toBe("x".repeat(231));
  });

  it("is never too long, ends in no half of an escape, and differs where the whole text differs", () => {
    const long = "é".repeat(200);
    const names = ["", "1", "2", "12"].map((end) => boundedName(safePart(`${long}${end}`), 9));
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^(?:%[0-9A-F]{2})+~[0-9a-f]{64}$/);
    fc.assert(
      fc.property(fc.string({ minLength: 200, maxLength: 2_000, unit: "binary" }), (text) => {
        expect(boundedName(safePart(text), 9).length).toBeLessThanOrEqual(231);
      }),
    );
  });
});

describe("a time in a key", () => {
  it.each([
    ["2025-10-01T06:00:00.000000+02:00", "2025-10-01T06:00:00+02:00"],
    ["2025-10-01T06:00:00.120000-03:30", "2025-10-01T06:00:00.120000-03:30"],
    ["2026-03-12T06:00:00.000000+00:00", "2026-03-12T06:00:00Z"],
    ["2026-03-12T06:00:00.000000Z", "2026-03-12T06:00:00Z"],
    ["2026-03-12T06:00:00Z", "2026-03-12T06:00:00Z"],
    ["2025-10-01T00:00:00.000000", "2025-10-01T00:00:00"],
    ["2025-10-01T00:00:00", "2025-10-01T00:00:00"],
    ["../2025", "%2E%2E%2F2025"],
  ])("%s becomes %s", (time, inKey) => {
    expect(timeInKey(time)).toBe(inKey);
  });

  it("is Terra's for an instant", () => {
    expect(instantInKey(Date.UTC(2026, 2, 12, 6, 0, 0, 999))).toBe("2026-03-12T06:00:00Z");
  });
});
