import fc from "fast-check";
import { expect, it } from "vitest";
import { ignored, type Ledger } from "../../ledger.ts";
import { unknownLeaves } from "../../ledger-leaves.ts";
import { bodyWith, Unread } from "./unread.ts";

const ledger: Ledger = { "list[].known": ignored("read"), "kinds[kind=a].value": ignored("read") };

it("has the same unknown leaves as the body, and none of its values", () => {
  const leaf = fc.oneof(fc.string(), fc.integer(), fc.constant(null));
  const item = fc.dictionary(fc.constantFrom("known", "new", "kind", "deep"), fc.oneof(leaf, fc.array(leaf)));
  const body = fc.record({ list: fc.array(item), kinds: fc.array(item), more: leaf }, { requiredKeys: [] });
  fc.assert(
    fc.property(body, (told) => {
      const paths = unknownLeaves(ledger, told);
      fc.pre(paths.every((path) => !/kind=[^\]]*[\].[{}]/.test(path)));
      expect(unknownLeaves(ledger, bodyWith(paths)).toSorted()).toEqual(paths.toSorted());
    }),
  );
});

it("notes each leaf once, and not more than 200", () => {
  const unread = new Unread();
  for (let at = 0; at < 1_000; at += 1) unread.note(`list[].x${at % 300}`);
  const { value, unreadable } = unread.part("bodies", ledger, { secret: "hunter2" });
  expect(unreadable).toHaveLength(200);
  expect(value).toEqual({ secret: null });
});
