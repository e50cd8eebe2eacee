/** Proves that a record is the same whatever other data types its environment handles. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DataType } from "../../models/index.ts";
import { isNeeded } from "../needed-resources.ts";
import polar from "./index.ts";
import { givenBodies, partsOf, recordsOf } from "./testing/bodies.ts";

/** Two of each resource are enough: more would only take longer. */
const bodies = givenBodies().filter(
  ({ resource }, index, given) => given.slice(0, index).filter((one) => one.resource === resource).length < 2,
);
const neededFor = (...types: DataType[]) =>
  polar.resources.map(({ name }) => name).filter((name) => isNeeded(polar, name, types));

describe("the records of chosen types", () => {
  const partsOfBody = bodies.map(({ resource, key, body }) => ({
    resource,
    parts: partsOf(resource, key, body),
  }));
  const all = recordsOf(partsOfBody.flatMap(({ parts }) => parts));
  const ofTypes = (records: ReadonlyMap<string, unknown>, types: readonly DataType[]) =>
    [...records].filter(([key]) => types.some((type) => key.startsWith(`${type} `)));

  it("are made of what these types need alone", () => {
    fc.assert(
      fc.property(fc.subarray([...polar.dataTypes], { minLength: 1 }), (types) => {
        const fetched = partsOfBody.filter(({ resource }) => isNeeded(polar, resource, types));
        const made = recordsOf(fetched.flatMap(({ parts }) => parts));
        expect(new Map(ofTypes(made, types))).toEqual(new Map(ofTypes(all, types)));
        expect(ofTypes(all, types).length).toBeGreaterThan(0);
      }),
      { numRuns: 31 },
    );
  });

  /** Makes no records: kept for its own sake where the person allows it, whatever is chosen. */
  const kept = ["v4-calendar-targets", "v4-favorite-targets", "v4-subscriptions", "v4-route"];

  it("need no more than that", () => {
    expect(neededFor("sleep")).toEqual([
      "sleep",
      "sleep-index",
      "nightly-recharge",
      "sleepwise-alertness",
      "sleepwise-circadian-bedtime",
      "skin-temperature",
      "v4-sleep",
      "v4-sleep-index",
      "v4-sleep-wake",
      "v4-nightly-recharge",
      "v4-nightly-recharge-samples",
      ...kept,
    ]);
    const persons = ["v4-calendar-targets", "v4-favorite-targets", "v4-account", "v4-user-devices"];
    expect(neededFor("athlete")).toEqual([
      "physical-info",
      "user",
      ...persons,
      "v4-subscriptions",
      "v4-route",
    ]);
    // Nights and exercises tell a day's UTC offset; the files of exercises tell a day nothing.
    expect(neededFor("daily")).toEqual([
      "exercise",
      "exercise-index",
      "exercise-offset",
      "activity",
      "continuous-heart-rate",
      "cardio-load",
      "sleep",
      "sleep-index",
      "v4-sleep",
      "v4-sleep-index",
      "v4-continuous-samples",
      "v4-activity",
      "v4-activity-index",
      ...kept,
    ]);
  });
});
