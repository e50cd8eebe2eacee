import { expect, it } from "vitest";
import { parseInstant } from "./instant.ts";
import { UsageError } from "./usage.ts";

const now = new Date("2026-11-22T12:00:00Z");
const parse = (text: string): string => parseInstant("since", text, now).toISOString();

it.each([
  ["2026-11-22", "2026-11-22T00:00:00.000Z"],
  ["2026-11-22T10:30Z", "2026-11-22T10:30:00.000Z"],
  ["2026-11-22T10:00:00+02:00", "2026-11-22T08:00:00.000Z"],
  ["2026-11-22T10:00:00.5-05:30", "2026-11-22T15:30:00.500Z"],
  ["90m", "2026-11-22T10:30:00.000Z"],
  ["6h", "2026-11-22T06:00:00.000Z"],
  ["2d", "2026-11-20T12:00:00.000Z"],
])("%s is %s", (text, instant) => expect(parse(text)).toBe(instant));

it.each(["", "yesterday", "2026-11-22T10:00:00", "2026-13-01", "22.11.2026", "6", "-6h", "6w", "1763805600"])(
  "%j is not a time, and the error names the option",
  (text) => {
    expect(() => parse(text)).toThrow(UsageError);
    expect(() => parse(text)).toThrow(/^--since /);
  },
);
