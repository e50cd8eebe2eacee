import fc from "fast-check";
import { expect, it } from "vitest";
import { type Given, givenBody, readGiven } from "./given.ts";

it("what came by itself is read from a task's body as it came, whatever it is", () => {
  const ref = { resource: fc.string(), key: fc.string() };
  const given: fc.Arbitrary<Given> = fc.record({
    fetchOrder: fc.nat().map(String),
    path: fc.string(),
    // JSON knows no negative zero: neither has any body.
    bodies: fc.array(
      fc.record({
        ...ref,
        body: fc.jsonValue({ noUnicodeString: false }).map((value) => JSON.parse(JSON.stringify(value))),
      }),
    ),
    deleted: fc.array(
      fc.record({ ...ref, prefix: fc.constant(true as const) }, { requiredKeys: ["resource", "key"] }),
    ),
  });
  fc.assert(
    fc.property(given, (one) => {
      expect(readGiven(givenBody(one))).toEqual(one);
    }),
  );
});
