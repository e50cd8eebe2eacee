import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { timeReader } from "./time.ts";

const url = "https://systole.example/local-time";
const read = (timestamp: unknown) => {
  const time = timeReader(url)(timestamp);
  return time && { text: time.text, local: time.extras?.extension[0]?.valueString, ms: time.ms };
};

describe("FHIR's times", () => {
  it("keep the offset, and lose the zeros after the second", () => {
    const ms = Date.parse("2026-03-01T05:30:00Z");
    expect(read("2026-03-01T07:30:00.000000+02:00")).toEqual({ text: "2026-03-01T07:30:00+02:00", ms });
    expect(read("2026-03-01T05:30:00.500Z")).toEqual({ text: "2026-03-01T05:30:00.5Z", ms: ms + 500 });
    expect(read("2026-03-01T05:30:00.123456Z")?.text).toBe("2026-03-01T05:30:00.123456Z");
  });

  it("without an offset are the date, with the local time beside it", () => {
    expect(read("2026-03-01T07:30:00.000000")).toEqual({
      text: "2026-03-01",
      local: "2026-03-01T07:30:00",
      ms: Date.parse("2026-03-01T07:30:00Z"),
    });
  });

  it("are in UTC where the offset is larger than FHIR allows", () => {
    expect(read("2026-03-01T07:30:00.000000-20:00")?.text).toBe("2026-03-02T03:30:00+00:00");
  });

  it.each([
    null,
    7,
    "",
    "2026-03-01",
    "2026-02-30T10:00:00Z",
    "0000-01-01T00:00:00Z",
    "9999-12-31T23:59:59.000000-20:00",
  ])("are none of %j", (timestamp) => {
    expect(read(timestamp)).toBeNull();
  });

  it("are the same however many were read before", () => {
    const part = (upTo: number) => fc.nat(upTo).map((value) => String(value).padStart(2, "0"));
    const timestamp = fc
      .tuple(
        fc.constantFrom("2026-03-01T07:30", "2026-02-30T07:30", "2026-03-01T07:31"),
        part(61),
        fc.constantFrom(".000000", ".999999", ".5", "", ".12345x"),
        fc.constantFrom("+02:00", "-20:00", "", "Z"),
      )
      .map(([minute, second, fraction, offset]) => `${minute}:${second}${fraction}${offset}`);
    fc.assert(
      fc.property(fc.array(timestamp), (timestamps) => {
        const reader = timeReader(url);
        for (const one of timestamps) {
          const time = reader(one);
          const together = time && {
            text: time.text,
            local: time.extras?.extension[0]?.valueString,
            ms: time.ms,
          };
          expect(together).toEqual(read(one));
        }
      }),
    );
  });
});
