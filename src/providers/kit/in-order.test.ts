import fc from "fast-check";
import { expect, it } from "vitest";
import { inOrder } from "./in-order.ts";

const places = fc.option(fc.integer({ min: -5, max: 5 }));
const items = fc.array(fc.record({ at: places, what: fc.integer({ min: 0, max: 3 }) }), { maxLength: 20 });

it("is the same whatever the order of the input", () => {
  const shuffled = items.chain((list) =>
    fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
  );
  fc.assert(
    fc.property(shuffled, ([list, other]) => {
      const ordered = inOrder(list, ({ at }) => at);
      expect(inOrder(other, ({ at }) => at)).toEqual(ordered);
      const known = ordered.map(({ at }) => at ?? 6);
      expect(known).toEqual(known.toSorted((one, next) => one - next));
    }),
  );
});

it("returns a sorted list unchanged", () => {
  const list = [{ at: 1 }, { at: 2 }, { at: null }];
  expect(inOrder(list, ({ at }) => at)).toBe(list);
});
