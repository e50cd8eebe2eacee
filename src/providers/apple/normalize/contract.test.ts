/** The properties that ingest relies on, for all of the normalisers. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isNamedBy, type Part } from "../../provider.ts";
import { quantityTypes } from "../healthkit/quantity-types.ts";
import type { Sample } from "../healthkit/sample.ts";
import { normalizers } from "../normalizers.ts";
import { app, partsOf, phone, sample, settings, watch, workout } from "../testing/person.ts";
import {
  carriedOfCycle,
  carriedOfDay,
  menstrualFlow,
  sleepAnalysis,
  standHour,
  symptoms,
} from "./type-homes.ts";
import { carriedOfWorkout, workoutTypes } from "./workout-types.ts";

const types = [
  ...quantityTypes.keys(),
  sleepAnalysis,
  standHour,
  menstrualFlow,
  ...carriedOfCycle,
  ...carriedOfDay,
  ...symptoms.keys(),
];

const samples: fc.Arbitrary<Sample[]> = fc.array(
  fc
    .record({
      type: fc.constantFrom(...types),
      minute: fc.nat(72 * 60),
      length: fc.nat(600),
      value: fc.option(fc.nat(10), { nil: null }),
      zone: fc.constantFrom(null, "Europe/Berlin", "Pacific/Kiritimati", "Etc/GMT+12", "No/Zone"),
      offsetMinutes: fc.constantFrom(null, 840, -720, 0),
      source: fc.constantFrom(watch, phone, app),
      isAggregate: fc.boolean(),
    })
    .map(({ type, minute, length, value, ...more }) => {
      const startMs = Date.parse("2026-01-09T00:00Z") + minute * 60_000;
      return { ...sample(type, "2026-01-09T00:00", value, more), startMs, endMs: startMs + length * 60_000 };
    }),
  { minLength: 1, maxLength: 12 },
);

const recordsOf = (parts: readonly Part[]) =>
  normalizers.flatMap((normalizer) =>
    parts.flatMap((part) =>
      normalizer.affects(part).map(({ naturalKey }) => ({ normalizer, naturalKey, part })),
    ),
  );

function frozen<Value>(value: Value): Value {
  if (typeof value === "object" && value !== null) for (const inside of Object.values(value)) frozen(inside);
  return Object.freeze(value);
}

describe("every normaliser", () => {
  it("counts a part among the parts of each record that it affects", () => {
    fc.assert(
      fc.property(samples, (all) => {
        for (const { normalizer, naturalKey, part } of recordsOf(
          partsOf(all, [workout("2026-01-10T09:00/10:00")]),
        )) {
          const isCounted = normalizer.partsOf(naturalKey).some((ref) => isNamedBy(ref, part));
          expect(isCounted, `${part.resource} ${part.key} of ${normalizer.type} ${naturalKey}`).toBe(true);
        }
      }),
      { numRuns: 50 },
    );
  });

  it("changes nothing that it is given, and makes nothing of nothing", () => {
    fc.assert(
      fc.property(samples, (all) => {
        const parts = frozen([
          ...partsOf(all, [workout("2026-01-10T09:00/10:00")]),
          settings({ zone: "Asia/Tokyo" }),
        ]);
        for (const { normalizer, naturalKey } of recordsOf(parts)) {
          const refs = normalizer.partsOf(naturalKey);
          const own = refs.flatMap((ref) => parts.filter((part) => isNamedBy(ref, part)));
          const made = normalizer.normalize(own, naturalKey);
          expect(JSON.stringify(normalizer.normalize(own, naturalKey))).toBe(JSON.stringify(made));
          expect(normalizer.normalize([], naturalKey)).toBeNull();
        }
      }),
      { numRuns: 15 },
    );
  });

  it("finds the record of each type's readings: none is left out", () => {
    const affected = (type: string) => recordsOf(partsOf([sample(type, "2026-01-10T12:00", 1)])).length > 0;
    // Running dynamics and efforts are read with their workout alone.
    const ofWorkouts = [...carriedOfWorkout, ...workoutTypes];
    const ofNights = ["HKQuantityTypeIdentifierAppleSleepingBreathingDisturbances"];
    const without = types.filter((type) => !affected(type));
    expect(without.filter((type) => !ofWorkouts.includes(type) && !ofNights.includes(type))).toEqual([]);
  });
});
