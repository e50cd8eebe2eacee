import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatTimestamp, parseTimestamp, timestampSchema, timestampSeries } from "./index.ts";

const localEpochMs = fc.integer({ min: Date.UTC(1970, 0, 1), max: Date.UTC(2101, 0, 1) - 1 });
const offsetMinutes = fc.integer({ min: -12 * 4, max: 14 * 4 }).map((quarters) => quarters * 15);
const offsetOrNone = fc.option(offsetMinutes, { nil: null });

/** Computes the text slowly but simply: Date writes the wall clock, and the offset is appended by hand. */
function slowly(epochMs: number, offset: number | null): string {
  const wallClock = new Date(epochMs).toISOString().replace("Z", "000");
  if (offset === null) return wallClock;
  const hours = String(Math.trunc(Math.abs(offset) / 60)).padStart(2, "0");
  const minutes = String(Math.abs(offset) % 60).padStart(2, "0");
  return `${wallClock}${offset < 0 ? "-" : "+"}${hours}:${minutes}`;
}

describe("formatTimestamp", () => {
  it("writes what Date writes", () => {
    fc.assert(
      fc.property(localEpochMs, offsetOrNone, (epochMs, offset) => {
        expect(formatTimestamp(epochMs, offset)).toBe(slowly(epochMs, offset));
      }),
    );
  });

  it("writes Terra's own example", () => {
    expect(formatTimestamp(Date.UTC(2022, 9, 28, 10), 60)).toBe("2022-10-28T10:00:00.000000+01:00");
    expect(formatTimestamp(Date.UTC(2022, 9, 28, 10), null)).toBe("2022-10-28T10:00:00.000000");
    expect(formatTimestamp(Date.UTC(2022, 9, 28, 10), -30)).toBe("2022-10-28T10:00:00.000000-00:30");
  });

  it("drops fractions of a millisecond, before 1970 too", () => {
    expect(formatTimestamp(1.9, null)).toBe("1970-01-01T00:00:00.001000");
    expect(formatTimestamp(-0.1, null)).toBe("1969-12-31T23:59:59.999000");
  });

  it("refuses invalid times", () => {
    expect(() => formatTimestamp(Number.NaN, 0)).toThrow(RangeError);
  });
});

describe("timestampSeries", () => {
  it("continues at the full minute", () => {
    expect(timestampSeries(Date.UTC(2023, 11, 31, 23, 59), 0, 3, 30_000)).toEqual([
      "2023-12-31T23:59:00.000000+00:00",
      "2023-12-31T23:59:30.000000+00:00",
      "2024-01-01T00:00:00.000000+00:00",
    ]);
  });

  it("writes each timestamp as formatTimestamp does", () => {
    const step = fc.oneof(fc.constant(1000), fc.integer({ min: -90_000, max: 90_000 }));
    fc.assert(
      fc.property(localEpochMs, offsetOrNone, fc.nat(200), step, (start, offset, count, stepMs) => {
        const expected = Array.from({ length: count }, (_, index) => slowly(start + index * stepMs, offset));
        expect(timestampSeries(start, offset, count, stepMs)).toEqual(expected);
      }),
    );
  });
});

describe("parseTimestamp", () => {
  it("reads back what formatTimestamp wrote", () => {
    fc.assert(
      fc.property(localEpochMs, offsetOrNone, (epochMs, offset) => {
        expect(parseTimestamp(formatTimestamp(epochMs, offset))).toEqual({
          instantEpochMs: offset === null ? null : epochMs - offset * 60_000,
          localEpochMs: epochMs,
          offsetMinutes: offset,
        });
      }),
    );
  });

  it("agrees with Date on the instant", () => {
    fc.assert(
      fc.property(localEpochMs, offsetMinutes, (epochMs, offset) => {
        const text = formatTimestamp(epochMs, offset);
        expect(parseTimestamp(text).instantEpochMs).toBe(Date.parse(text));
      }),
    );
  });

  it.each([
    ["2024-01-15T09:30:00Z", 0, Date.UTC(2024, 0, 15, 9, 30)],
    ["2024-01-15T09:30:00.5+00:00", 0, Date.UTC(2024, 0, 15, 9, 30, 0, 500)],
    ["2024-01-15T09:30:00.123456789-00:00", 0, Date.UTC(2024, 0, 15, 9, 30, 0, 123)],
  ])("reads %s", (text, offset, instantEpochMs) => {
    expect(parseTimestamp(text)).toEqual({
      instantEpochMs,
      localEpochMs: instantEpochMs,
      offsetMinutes: offset,
    });
  });

  it.each([
    "",
    "yesterday",
    "2024-01-15",
    "2024-13-01T00:00:00Z",
    "2023-02-29T00:00:00",
    "2024-01-15 09:30:00",
  ])("refuses %j", (text) => {
    expect(() => parseTimestamp(text)).toThrow(RangeError);
  });
});

describe("timestampSchema", () => {
  it("accepts whatever formatTimestamp writes", () => {
    fc.assert(
      fc.property(localEpochMs, offsetOrNone, (epochMs, offset) => {
        expect(timestampSchema.safeParse(formatTimestamp(epochMs, offset)).success).toBe(true);
      }),
    );
  });

  it.each([
    "2022-10-28",
    "2022-10-28T10:00",
    "2022-10-28T25:00:00Z",
    "2022-10-28T10:00:00+1:00",
    "1666947600",
  ])("refuses %s", (text) => {
    expect(timestampSchema.safeParse(text).success).toBe(false);
  });
});
