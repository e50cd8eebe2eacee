import { describe, expect, it } from "vitest";
import { instant, storable } from "./text.ts";

describe("an instant", () => {
  it.each([
    ["2025-10-01T06:00:00.123456+02:00", "2025-10-01T04:00:00.123456Z"],
    ["2025-10-01T06:00:00.1+02:00", "2025-10-01T04:00:00.100Z"],
    ["2025-10-01T06:00:00-09:30", "2025-10-01T15:30:00.000Z"],
    ["2025-10-01T06:00:00.123456789Z", "2025-10-01T06:00:00.123456Z"],
    ["2025-10-01T06:00:00.000001", "2025-10-01T06:00:00.000001Z"],
    ["0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000Z"],
    ["9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z"],
  ])("%s is %s", (time, expected) => expect(instant(time)).toBe(expected));

  it.each([
    null,
    "",
    "yesterday",
    "2025-02-31T00:00:00Z",
    "2025-10-01",
    "0000-01-01T00:00:00Z",
    "0001-01-01T00:00:00+01:00",
    "9999-12-31T23:59:59-01:00",
    "infinity",
  ])("%s is none", (time) => expect(instant(time)).toBeNull());
});

it("text is kept except characters that PostgreSQL cannot hold", () => {
  expect(storable("a\0b\0")).toBe("a\u2400b\u2400");
  expect(storable("x\ud800y\udc00")).toBe("x\ufffdy\ufffd");
  expect(storable("👩‍🚀 'quoted' \\")).toBe("👩‍🚀 'quoted' \\");
  expect(storable(null)).toBeNull();
});
