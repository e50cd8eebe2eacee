import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Addition, type GrowingSample, type Grown, grow, inForce, nothingGrown } from "./fold.ts";

interface Reading extends GrowingSample {
  readonly value: number;
}

const reading = (startMs: number, value = 1, id: string | null = null): Reading => ({
  id,
  identity: `${startMs} ${value}`,
  startMs,
  value,
});

const fold = (additions: readonly Addition<Reading>[]): Grown<Reading> =>
  additions.reduce<Grown<Reading>>((state, addition) => grow(state, addition), nothingGrown);

const values = (additions: readonly Addition<Reading>[]): number[] =>
  inForce(fold(additions)).map(({ value }) => value);

const period = fc
  .tuple(fc.nat(20), fc.integer({ min: 1, max: 20 }))
  .map(([fromMs, lengthMs]) => ({ fromMs, toMs: fromMs + lengthMs }));
const sample = fc
  .tuple(fc.nat(20), fc.nat(2), fc.option(fc.constantFrom("u1", "u2", "u3", "u4")))
  .map(([startMs, value, id]) => reading(startMs, value, id));

describe("a part that grows", () => {
  it("has what several bodies add, each once", () => {
    const first = { order: 1, format: "sdk", samples: [reading(0, 60), reading(5, 61)] };
    const again = { order: 2, format: "sdk", samples: [reading(5, 61), reading(9, 62)] };
    expect(values([first, again])).toEqual([60, 61, 62]);
  });

  it("counts a sample of two formats once, and prefers the one with an id", () => {
    const day = { order: 2, format: "app", samples: [reading(5, 61)] };
    const live = { order: 1, format: "sdk", samples: [reading(5, 61, "u1")] };
    expect(inForce(fold([day, live])).map(({ id }) => id)).toEqual(["u1"]);
  });

  it("loses what a later body of the same format no longer tells of its period", () => {
    const day = { fromMs: 0, toMs: 100 };
    const before = { order: 1, format: "app", samples: [reading(5, 61), reading(50, 70)], replaces: day };
    const after = { order: 2, format: "app", samples: [reading(5, 64)], replaces: day };
    expect(values([before, after])).toEqual([64]);
    const other = { order: 1, format: "sdk", samples: [reading(50, 71)] };
    expect(values([before, other, after])).toEqual([64, 71]);
  });

  it("keeps what the bodies of one batch say, and replaces what was said before it", () => {
    const day = { fromMs: 0, toMs: 100 };
    const told = (order: number, batch: string, startMs: number) => ({
      order,
      batch,
      format: "app",
      samples: [reading(startMs)],
      replaces: day,
    });
    const additions = [told(1, "first", 5), told(2, "second", 6), told(3, "second", 7), told(4, "third", 8)];
    expect(inForce(fold(additions.slice(0, 3))).map(({ startMs }) => startMs)).toEqual([6, 7]);
    expect(fold(additions)).toMatchObject({
      held: [{ order: 4 }],
      voids: [{ batch: "second" }, { batch: "third" }],
    });
  });

  it("is settled for all formats by a whole export, and takes up what comes after", () => {
    const live = { order: 1, format: "sdk", samples: [reading(5, 61, "u1"), reading(6, 62, "u2")] };
    const whole = {
      order: 2,
      format: "export",
      samples: [reading(5, 61)],
      settles: { fromMs: 0, toMs: 100 },
    };
    const late = { order: 3, format: "sdk", samples: [reading(7, 63, "u3")] };
    expect(values([live, whole, late])).toEqual([61, 63]);
  });

  it("is settled by the export that was made last, whichever arrived first", () => {
    const settles = { fromMs: 0, toMs: 100 };
    const older = { format: "export", samples: [reading(5, 61), reading(6, 62)], settles, asOf: 1_000 };
    const newer = { format: "export", samples: [reading(5, 61), reading(7, 63)], settles, asOf: 2_000 };
    const either = [
      [
        { ...older, order: 1 },
        { ...newer, order: 2 },
      ],
      [
        { ...newer, order: 1 },
        { ...older, order: 2 },
      ],
    ];
    for (const additions of either) expect(values(additions)).toEqual([61, 63]);
    const live = { order: 3, format: "sdk", samples: [reading(8, 64, "u1")] };
    for (const additions of either) expect(values([...additions, live])).toEqual([61, 63, 64]);
  });

  it("is the same after any exports, in whatever order they arrive", () => {
    const exported = fc.record({
      format: fc.constant("export"),
      samples: fc.array(sample, { maxLength: 5 }),
      settles: period,
      asOf: fc.nat(50),
    });
    const arrivals = fc
      .uniqueArray(exported, { selector: ({ asOf }) => asOf, maxLength: 6 })
      .chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })));
    const arrive = (all: readonly Omit<Addition<Reading>, "order">[]) =>
      inForce(fold(all.map((one, order) => ({ ...one, order }))));
    fc.assert(
      fc.property(arrivals, ([one, other]) => {
        expect(arrive(other).map(({ identity }) => identity)).toEqual(
          arrive(one).map(({ identity }) => identity),
        );
      }),
      { numRuns: 1_000 },
    );
  });

  it("loses a deleted sample, also where another format brought it, whichever came first", () => {
    const live = { order: 1, format: "sdk", samples: [reading(5, 61, "u1"), reading(6, 62, "u2")] };
    const day = { order: 2, format: "app", samples: [reading(5, 61)] };
    const deletion = { order: 3, format: "sdk", samples: [], deleted: ["u1"] };
    expect(values([live, day, deletion])).toEqual([62]);
    expect(values([deletion, day, live])).toEqual([62]);
  });

  it("loses a deleted sample that an export has settled meanwhile, wherever the deletion comes", () => {
    const live = { order: 1, format: "sdk", samples: [reading(5, 61, "u1"), reading(6, 62, "u2")] };
    const settles = { fromMs: 0, toMs: 100 };
    const whole = { order: 2, format: "export", samples: [reading(5, 61), reading(6, 62)], settles };
    const deletion = { order: 3, format: "sdk", samples: [], deleted: ["u1"] };
    expect(values([live, whole, deletion])).toEqual([62]);
    expect(values([live, { ...deletion, order: 2 }, { ...whole, order: 3 }])).toEqual([62]);
    expect(
      values([
        { ...deletion, order: 1 },
        { ...live, order: 2 },
        { ...whole, order: 3 },
      ]),
    ).toEqual([62]);
  });

  it("keeps the equal sample that an app writes in place of one it deletes, in whatever order", () => {
    const before = { order: 1, format: "sdk", samples: [reading(5, 61, "u1")] };
    const after = { order: 2, format: "sdk", samples: [reading(5, 61, "u2")], deleted: ["u1"] };
    const both = { order: 1, format: "sdk", samples: [reading(5, 61, "u1"), reading(5, 61, "u2")] };
    const whole = { order: 3, format: "export", samples: [reading(5, 61)] };
    for (const additions of [
      [before, after],
      [
        { ...after, order: 1 },
        { ...before, order: 2 },
      ],
      [both, { order: 2, format: "sdk", samples: [], deleted: ["u1"] }],
      [both, { order: 2, format: "sdk", samples: [], deleted: ["u2"] }, whole],
    ])
      expect(values(additions)).toEqual([61]);
    expect(values([both, whole, { order: 4, format: "sdk", samples: [], deleted: ["u1", "u2"] }])).toEqual(
      [],
    );
  });

  const addition = fc.record(
    {
      order: fc.nat(30),
      format: fc.constantFrom("app", "export", "sdk"),
      samples: fc.array(sample, { maxLength: 5 }),
      replaces: period,
      settles: period,
      batch: fc.constantFrom("b1", "b2"),
      asOf: fc.nat(3),
      deleted: fc.array(fc.constantFrom("u1", "u2", "u3", "u4"), { maxLength: 2 }),
    },
    { requiredKeys: ["order", "format", "samples"] },
  );
  const bodies = fc.uniqueArray(addition, { selector: ({ order }) => order, maxLength: 8 });

  it("is the same in whatever order its bodies are folded, and however often", () => {
    const shuffled = bodies.chain((all) =>
      fc.tuple(
        fc.constant(all),
        fc.shuffledSubarray([...all, ...all], { minLength: 2 * all.length, maxLength: 2 * all.length }),
      ),
    );
    fc.assert(
      fc.property(shuffled, ([once, often]) => {
        const inOrder = fold(once.toSorted((one, other) => one.order - other.order));
        expect(JSON.stringify(fold(often))).toBe(JSON.stringify(inOrder));
      }),
      { numRuns: 1_000 },
    );
  });

  it("is the same as text and read again", () => {
    fc.assert(
      fc.property(bodies, (all) => {
        const state = fold(all);
        expect(inForce(JSON.parse(JSON.stringify(state)) as Grown<Reading>)).toEqual(inForce(state));
      }),
    );
  });
});
