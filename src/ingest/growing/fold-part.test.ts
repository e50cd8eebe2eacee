import fc from "fast-check";
import { expect, it } from "vitest";
import type { GrowingSample } from "../../providers/kit/growing/fold.ts";
import { foldPart } from "./fold-part.ts";
import { statementsIn } from "./statements.ts";

const provider = { normalizers: [], resources: [] };
const arrival = { order: 3, rawPayloadId: "p1" };
const part = { resource: "samples", key: "2026-01-10/steps" };

const sampleWith = (ids: readonly (string | null)[], notes: readonly (string | undefined)[]) =>
  fc
    .record({
      id: fc.constantFrom(...ids),
      second: fc.nat(30),
      value: fc.option(fc.nat(3)),
      source: fc.constantFrom({ name: "Watch" }, { name: "iPhone" }),
      note: fc.constantFrom(...notes),
    })
    .map(({ second, ...rest }) => ({
      ...rest,
      identity: `${second} ${rest.value}`,
      startMs: second * 1_000,
    }));

/** Samples with and without ids, and with the same keys or others. */
const samples: fc.Arbitrary<GrowingSample[]> = fc
  .tuple(
    fc.constantFrom([null], [null], [null, "u1", "u2"]),
    fc.constantFrom(["a"], ["a", undefined], [undefined]),
  )
  .chain(([ids, notes]) => fc.array(sampleWith(ids, notes), { maxLength: 8 }));

const statement = fc.record(
  {
    format: fc.constantFrom("app", "export"),
    samples,
    settles: fc.constant({ fromMs: 0, toMs: 86_400_000 }),
    asOf: fc.constant(86_400_000),
    batch: fc.constant("b1"),
    deleted: fc.constant(["u1"]),
  },
  { requiredKeys: ["format", "samples"] },
);

it("what is told first of a part is folded as if something had been told before it", () => {
  fc.assert(
    fc.property(statement, fc.constantFrom([], ["u2"]), (told, deletedAnywhere) => {
      const fold = (...values: readonly object[]) => {
        const [input] = statementsIn(values.map((value) => ({ ...part, value })));
        if (input === undefined) throw new Error("nothing is told");
        return foldPart(provider, arrival, { ...input, before: null, deletedAnywhere });
      };
      const nothing = { format: told.format, samples: [] };
      expect(fold(told)).toEqual(fold(nothing, told));
    }),
    { numRuns: 1_000 },
  );
});
