import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matchThings, type Thing } from "./match-things.ts";

const sharing = { resources: ["left", "right"], withinMs: 120_000 };
const left = (key: string, seconds: number | null): Thing => thing("left", key, seconds);
const right = (key: string, seconds: number | null): Thing => thing("right", key, seconds);
const thing = (resource: string, key: string, seconds: number | null): Thing => ({
  resource,
  key,
  startMs: seconds === null ? null : seconds * 1_000,
});
const matched = (...things: readonly Thing[]) =>
  matchThings(things, sharing)
    .map((group) =>
      group
        .map(({ key }) => key)
        .sort()
        .join("+"),
    )
    .sort();

describe("things of two APIs", () => {
  it("are one when they start within the time, its end included", () => {
    expect(matched(left("a", 0), right("b", 120))).toEqual(["a+b"]);
    expect(matched(left("a", 0), right("b", 120.001))).toEqual(["a", "b"]);
    expect(matched(left("a", 0), left("b", 0))).toEqual(["a", "b"]);
  });

  it("are one with the nearest", () => {
    expect(matched(left("a", 0), left("c", 50), right("b", 40))).toEqual(["a", "b+c"]);
    expect(matched(left("a", 0), left("c", 60), right("b", 0), right("d", 60))).toEqual(["a+b", "c+d"]);
    expect(matched(left("a", 0), left("c", 50), right("b", 30), right("d", 100))).toEqual(["a+d", "b+c"]);
  });

  it("that are equally near go by the earlier start, then by the key", () => {
    expect(matched(left("a", 0), right("b", 60), left("c", 120))).toEqual(["a+b", "c"]);
    expect(matched(left("c", 0), left("a", 0), right("b", 0))).toEqual(["a+b", "c"]);
  });

  it("whose start is not known are alone", () => {
    expect(matched(left("a", null), right("b", null), right("c", 0))).toEqual(["a", "b", "c"]);
  });

  it("are matched alike in any order, each in one group, never two of one API", () => {
    const things = fc.uniqueArray(
      fc.record({ isLeft: fc.boolean(), seconds: fc.integer({ min: 0, max: 600 }), key: fc.nat(99) }),
      { selector: ({ key }) => key, maxLength: 12 },
    );
    fc.assert(
      fc.property(things, fc.infiniteStream(fc.nat()), (given, random) => {
        const all = given.map(({ isLeft, seconds, key }) => (isLeft ? left : right)(`${key}`, seconds));
        const shuffled = all.toSorted(() => ((random.next().value ?? 0) % 3) - 1);
        expect(matched(...shuffled)).toEqual(matched(...all));
        const groups = matchThings(all, sharing);
        expect(groups.flat().toSorted(byKey)).toEqual(all.toSorted(byKey));
        for (const group of groups) {
          expect(new Set(group.map(({ resource }) => resource)).size).toBe(group.length);
          const starts = group.map(({ startMs }) => startMs ?? 0);
          expect(Math.max(...starts) - Math.min(...starts)).toBeLessThanOrEqual(sharing.withinMs);
        }
      }),
    );
  });
});

const byKey = (one: Thing, other: Thing) => (one.key < other.key ? -1 : 1);
