/** Garmin's times, in all their forms. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as bodies from "../testing/bodies.ts";
import { make, partsOf } from "../testing/make.ts";
import { offsetOf, writeInstant } from "../times.ts";

const day = "2025-05-12";
const days = `${day}..${day}`;
const listed = (given: object) => make("activity", "900001", partsOf("activities", days, [given]));

describe("times", () => {
  const instants = fc.integer({ min: Date.UTC(2013, 0), max: Date.UTC(2099, 0) });
  const quarters = fc.integer({ min: -12 * 4, max: 14 * 4 }).map((quarter) => quarter * 15);

  it("name their instant, whatever the offset", () => {
    fc.assert(
      fc.property(instants, quarters, (at, minutes) => {
        const offset = offsetOf(at, at + minutes * 60_000);
        expect(offset).toBe(minutes);
        expect(Date.parse(writeInstant(at, offset))).toBe(at);
      }),
    );
  });

  it("are the same as text and as milliseconds", () => {
    fc.assert(
      fc.property(instants, quarters, (at, minutes) => {
        const start = at - (at % 1_000);
        const text = (ms: number) => new Date(ms).toISOString().slice(0, 19);
        const local = start + minutes * 60_000;
        const asText = listed({
          ...bodies.activity,
          startTimeGMT: text(start).replace("T", " "),
          startTimeLocal: text(local),
          endTimeGMT: null,
        });
        const asNumber = listed({
          ...bodies.activity,
          startTimeGMT: start,
          startTimeLocal: local,
          endTimeGMT: null,
        });
        expect(asText).toEqual(asNumber);
        expect(Date.parse(asText?.metadata.start_time ?? "")).toBe(start);
      }),
      { numRuns: 50 },
    );
  });
});
