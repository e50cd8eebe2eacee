import fc from "fast-check";
import { expect, it } from "vitest";
import { type Given, givenBody, readGiven } from "./given.ts";

it("given data is read from a task's body unchanged, whatever it is", () => {
  const ref = { resource: fc.string(), key: fc.string() };
  const given: fc.Arbitrary<Given> = fc.record({
    fetchOrder: fc.nat().map(String),
    path: fc.string(),
    // JSON has no negative zero, so no body has one.
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
