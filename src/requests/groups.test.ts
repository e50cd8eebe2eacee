import fc from "fast-check";
import { expect, test } from "vitest";
import { groupBySize } from "./groups.ts";

const entries = fc.array(
  fc.integer({ min: 1, max: 40 }).map((bytes) => ({ naturalKey: String(bytes), bytes })),
);

test("groups keep every entry in its place", () => {
  fc.assert(
    fc.property(entries, (given) => {
      expect(groupBySize(given, 30).flat()).toEqual(given);
    }),
  );
});

test("no group is larger than the limit, unless one entry alone is", () => {
  const size = (group: { bytes: number }[]) => group.reduce((sum, { bytes }) => sum + bytes + 1, 0);
  fc.assert(
    fc.property(entries, (given) => {
      for (const group of groupBySize(given, 30)) expect(size(group) <= 30 || group.length === 1).toBe(true);
    }),
  );
});

test("a group ends only before an entry that does not fit", () => {
  fc.assert(
    fc.property(entries, (given) => {
      const groups = groupBySize(given, 30);
      for (const [index, group] of groups.slice(0, -1).entries()) {
        const next = groups[index + 1]?.[0]?.bytes ?? 0;
        expect(group.reduce((sum, { bytes }) => sum + bytes + 1, next + 1)).toBeGreaterThan(30);
      }
    }),
  );
});

test("no entries make no group", () => {
  expect(groupBySize([], 30)).toEqual([]);
});
