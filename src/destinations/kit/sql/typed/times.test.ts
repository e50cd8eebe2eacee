import { describe, expect, it } from "vitest";
import { instantOf, timeColumns } from "./times.ts";

describe("a timestamp's columns", () => {
  it.each([
    ["2025-10-01T06:00:00.123456+02:00", "2025-10-01 04:00:00.123456", "2025-10-01 06:00:00.123456", 7_200],
    ["2025-10-01T06:00:00Z", "2025-10-01 06:00:00.000000", "2025-10-01 06:00:00.000000", 0],
    ["2025-01-01T00:15:00.5-03:30", "2025-01-01 03:45:00.500000", "2025-01-01 00:15:00.500000", -12_600],
    ["2024-12-31T23:00:00.000000-02:00", "2025-01-01 01:00:00.000000", "2024-12-31 23:00:00.000000", -7_200],
    ["2024-02-29T12:00:00+05:45", "2024-02-29 06:15:00.000000", "2024-02-29 12:00:00.000000", 20_700],
    ["1969-12-31T23:59:59.999999Z", "1969-12-31 23:59:59.999999", "1969-12-31 23:59:59.999999", 0],
  ])("%s", (text, instant, local, offset) => {
    expect(timeColumns(text)).toEqual([instant, local, offset]);
  });

  it("without an offset have no instant", () => {
    expect(timeColumns("2025-10-01T06:00:00.000001")).toEqual([null, "2025-10-01 06:00:00.000001", null]);
  });

  it("cut digits that no server keeps", () => {
    expect(timeColumns("2025-10-01T06:00:00.123456789Z")?.[0]).toBe("2025-10-01 06:00:00.123456");
  });

  it.each(["", "yesterday", "2025-02-30T00:00:00Z", "0999-01-01T00:00:00Z", "9999-12-31T23:59:59-01:00"])(
    "are none for %j",
    (text) => {
      expect(timeColumns(text)).toBeNull();
    },
  );

  it("are made of milliseconds too", () => {
    expect(instantOf(Date.UTC(2025, 9, 1, 6, 0, 0, 7))).toBe("2025-10-01 06:00:00.007000");
    expect(instantOf(-1)).toBe("1969-12-31 23:59:59.999000");
  });
});
