import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SystoleError } from "../errors.ts";
import { readDateRange } from "./date-range.ts";

const now = new Date("2025-10-15T12:00:00Z");
const day = fc
  .integer({ min: Date.UTC(2001, 8, 10), max: Date.UTC(2099, 11, 31) })
  .map((ms) => new Date(ms).toISOString().slice(0, 10));

function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof SystoleError) return error.code;
    throw error;
  }
  return "nothing was thrown";
}

describe("dates of a data request", () => {
  test("a day and each unix second within it give the same range", () => {
    fc.assert(
      fc.property(day, day, fc.integer({ min: 0, max: 86_399 }), (one, other, second) => {
        const [from, to] = [one, other].sort() as [string, string];
        const unix = (text: string) => String(Date.parse(`${text}T00:00:00Z`) / 1_000 + second);
        expect(readDateRange(unix(from), unix(to), now)).toEqual(readDateRange(from, to, now));
      }),
    );
  });

  test("a range has the days that it names, and a reversed one is refused", () => {
    fc.assert(
      fc.property(day, day, (from, to) => {
        if (to < from) expect(codeOf(() => readDateRange(from, to, now))).toBe("DATE_RANGE_REVERSED");
        else expect(readDateRange(from, to, now)).toMatchObject({ from, to });
      }),
    );
  });

  test("other text is refused, and the error names the parameter", () => {
    const forms = /^(\d{4}-\d{1,2}-\d{1,2}|\d{10})$/;
    fc.assert(
      fc.property(
        fc.string().filter((text) => !forms.test(text)),
        (text) => {
          expect(codeOf(() => readDateRange(text, undefined, now))).toBe("DATE_INVALID");
        },
      ),
    );
    expect(() => readDateRange("2025-10-01", "soon", now)).toThrowError(
      expect.objectContaining({ details: { parameter: "end_date", given: "soon" } }),
    );
  });

  test.each([
    "2025-02-30",
    "2025-13-01",
    "2025-00-10",
    "2025-1-111",
    "2025-2-30",
    "25-1-1",
    "2025-10-01T00:00:00Z",
    "20251001",
    "175927680",
    "17592768000",
    "1759276800.5",
    "",
  ])("%j is no date", (text) => {
    expect(codeOf(() => readDateRange(text, undefined, now))).toBe("DATE_INVALID");
  });

  test("a month or a day needs no leading nought", () => {
    expect(readDateRange("2025-1-9", "2025-10-2", now)).toMatchObject({
      from: "2025-01-09",
      to: "2025-10-02",
    });
  });

  test("a leap day exists only in leap years", () => {
    expect(readDateRange("2024-02-29", "2024-02-29", now).from).toBe("2024-02-29");
    expect(codeOf(() => readDateRange("2025-02-29", undefined, now))).toBe("DATE_INVALID");
  });

  test("without an end it includes the day that has already begun somewhere", () => {
    expect(readDateRange("2025-10-01", undefined, new Date("2025-10-15T09:59:59Z")).to).toBe("2025-10-15");
    expect(readDateRange("2025-10-01", undefined, new Date("2025-10-15T10:00:00Z")).to).toBe("2025-10-16");
  });

  test.each([
    ["2025-01-01", "2025-02-01", false],
    ["2025-01-01", "2025-02-02", true],
    ["2025-01-31", "2025-02-28", false],
    ["2025-01-31", "2025-03-01", true],
    ["2025-12-15", "2026-01-15", false],
    ["2025-10-01", undefined, false],
    ["2025-09-15", undefined, false],
    ["2025-09-14", undefined, true],
  ])("from %s to %s: longer than a calendar month is %s", (from, to, long) => {
    expect(readDateRange(from, to, now).long).toBe(long);
  });
});
