/** Proves that the order of a list or a map means nothing, since any software on the way may change it. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fixture, givenBodies, makeNight, partsOf, recordsOf } from "./testing/bodies.ts";

/**
 * Returns the value with every list of objects and every map reordered, at any depth. A list of plain values is a
 * series and keeps its order.
 */
function shuffled(value: unknown, random: () => number): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (!Array.isArray(value))
    return Object.fromEntries(
      inAnyOrder(Object.entries(value), random).map(([key, item]) => [
        key,
        seriesOfObjects.has(key) ? item : shuffled(item, random),
      ]),
    );
  const items = value.map((item) => shuffled(item, random));
  return items.every((item) => typeof item === "object" && item !== null) ? inAnyOrder(items, random) : items;
}

/** v4 writes each heartbeat as an object, and only their order says when each was. */
const seriesOfObjects = new Set(["rrSamples"]);

function inAnyOrder<Item>(items: readonly Item[], random: () => number): Item[] {
  return items
    .map((item) => ({ item, place: random() }))
    .sort((one, other) => one.place - other.place)
    .map(({ item }) => item);
}

const randoms = fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true }));

describe("a body with its lists and maps in another order", () => {
  it.each(givenBodies())("makes the same records: $resource $name", ({ resource, key, body }) => {
    const meant = recordsOf(partsOf(resource, key, body));
    fc.assert(
      fc.property(randoms, (stream) => {
        const random = () => stream.next().value ?? 0;
        expect(recordsOf(partsOf(resource, key, shuffled(body, random)))).toEqual(meant);
      }),
      { numRuns: 3 },
    );
  });

  /** "02:20" after "02:40": only the order as sent shows that this is a second pass. */
  it("has the first pass of an hour that occurs twice, unless the order as sent shows the second", () => {
    const autumn = fixture("sleep-autumn") as Record<string, Record<string, number>>;
    const sorted = {
      ...autumn,
      hypnogram: Object.fromEntries(Object.entries(autumn.hypnogram ?? {}).sort()),
    };
    const times = (body: unknown) =>
      makeNight(body).sleep_durations_data?.hypnogram_samples?.map(({ timestamp }) => timestamp?.slice(11));
    expect(times(autumn)?.slice(1, 3)).toEqual(["02:40:00.000000+02:00", "02:20:00.000000+01:00"]);
    expect(times(sorted)?.slice(1, 3)).toEqual(["02:20:00.000000+02:00", "02:40:00.000000+02:00"]);
  });
});
