/** Two APIs that tell of the same things under ids of their own: one record for each thing, whatever happens. */
import fc from "fast-check";
import { sql } from "kysely";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { cairn } from "../../test/support/cairn.ts";
import { CairnPerson } from "../../test/support/cairn-person.ts";
import { renormalize } from "../../test/support/kept-person.ts";
import { complete } from "../models/index.ts";
import type { Normalizer, Part, Provider, Resource } from "../providers/provider.ts";
import { packedOf } from "../store/bodies/outside.ts";
import { nextFetchOrder } from "../store/raw-payloads.ts";
import { decompress } from "../store/zstd.ts";
import { deleteParts } from "./delete-parts.ts";
import { keepPage } from "./fetch.ts";
import { matchThings } from "./match-things.ts";
import { makeRecords } from "./records.ts";

const person = new CairnPerson();

const itemSchema = z.object({ id: z.string(), start: z.number(), value: z.number() });
type Item = z.output<typeof itemSchema>;

/** A list of things. */
const things = (name: string): Resource<Item> => ({
  name,
  api: "cairn-v1",
  ledger: {},
  discovery: null,
  request: (key) => ({ method: "GET", path: `/${name}/${key}` }),
  decode: (body) => JSON.parse(body.toString("utf8")),
  parts: (_, body) =>
    z
      .array(itemSchema)
      .parse(body)
      .map((value) => ({ resource: name, key: value.id, value })),
});

const sides = ["left", "right"] as const;
type Side = (typeof sides)[number];
const day = Date.parse("2025-03-01T12:00:00Z");
const at = (seconds: number) => `${new Date(day + seconds * 1_000).toISOString().slice(0, 19)}.000000+00:00`;
const sharing = {
  resources: sides,
  withinMs: 120_000,
  startOf: ({ value }: Part) => day + (value as Item).start * 1_000,
};
const itemIn = (parts: readonly Part[], side: Side) =>
  parts.find(({ resource }) => resource === side)?.value as Item | undefined;

const normalizer: Normalizer = {
  type: "activity",
  hasOwnIds: true,
  needs: [...sides],
  sharing,
  affects: ({ key }) => [{ type: "activity", naturalKey: key }],
  partsOf: (key) => sides.map((resource) => ({ resource, key })),
  normalize(parts, naturalKey) {
    const [left, right] = [itemIn(parts, "left"), itemIn(parts, "right")];
    const first = left ?? right;
    if (first === undefined) return null;
    return complete("activity", {
      metadata: {
        summary_id: naturalKey,
        start_time: at(first.start),
        end_time: at(first.start),
        type: 0,
        upload_type: 1,
      },
      calories_data: { total_burned_calories: left?.value ?? null, BMR_calories: right?.value ?? null },
    });
  },
};
const provider: Provider = { ...cairn, resources: sides.map(things), normalizers: [normalizer] };
const unmatched: Provider = { ...provider, normalizers: [withoutSharing(normalizer)] };
function withoutSharing({ sharing: _, ...others }: Normalizer): Normalizer {
  return others;
}

async function arrive(side: Side, items: readonly Item[], mapping: Provider = provider): Promise<number> {
  const run = await person.run({}, { provider: mapping });
  const resource = mapping.resources.find(({ name }) => name === side);
  if (resource === undefined) throw new Error(side);
  const answer = {
    resource,
    key: "*",
    fetchOrder: await nextFetchOrder(person.store.db),
    request: { method: "GET", path: `/${side}/*` },
    response: { status: 200, contentType: "application/json", body: Buffer.from(JSON.stringify(items)) },
  } as const;
  return makeRecords(run, [await keepPage(run, { resource: side, key: "*" }, answer)]);
}

async function remove(side: Side, key: string): Promise<number> {
  const run = await person.run({}, { provider });
  return deleteParts(run, {
    refs: [{ resource: side, key }],
    fetchOrder: await nextFetchOrder(person.store.db),
  });
}

interface Made {
  readonly key: string;
  readonly id: string;
  readonly revision: number;
  readonly start: number;
  readonly left: number | null;
  readonly right: number | null;
}

async function records(): Promise<Made[]> {
  const rows = await person.store.db
    .selectFrom("records")
    .selectAll()
    .where("user_id", "=", person.id.userId)
    .orderBy("natural_key")
    .execute();
  return Promise.all(
    rows.map(async ({ natural_key: key, revision, detailed, body_key, summary_id }) => {
      const { metadata, calories_data } = JSON.parse(
        String(await decompress(await packedOf(person.store.bodies, detailed, body_key))),
      );
      expect(metadata.summary_id).toBe(summary_id);
      const { total_burned_calories: left, BMR_calories: right } = calories_data;
      return { key, id: metadata.summary_id, revision, start: secondsOf(metadata.start_time), left, right };
    }),
  );
}

const secondsOf = (time: string) => (Date.parse(time) - day) / 1_000;

/** The records without what the order of arrival decides. */
const contents = (made: readonly Made[]) =>
  made.map(({ start, left, right }) => `${start} ${left} ${right}`).sort();

const item = (id: string, start: number, value = 1): Item => ({
  id: `${id}-${person.id.userId}`,
  start,
  value,
});
const short = ({ key, id, revision, left, right }: Made) => {
  expect(id).toBe(key);
  return `${key.split("-")[0]} ${left}/${right} r${revision}`;
};
const shown = async () => (await records()).map(short);

describe("one thing of two APIs", () => {
  it("is the record made first, whichever comes first", async () => {
    await arrive("left", [item("a", 0, 1)]);
    await arrive("right", [item("b", 100, 2)]);
    expect(await shown()).toEqual(["a 1/2 r2"]);
    await arrive("right", [item("d", 9_000, 4)]);
    await arrive("left", [item("c", 9_100, 3)]);
    expect(await shown()).toEqual(["a 1/2 r2", "d 3/4 r2"]);
    await arrive("left", [item("a", 0, 5)]);
    expect(await shown()).toEqual(["a 5/2 r3", "d 3/4 r2"]);
  });

  it("parts when a start is corrected: the one that leaves has a record of its own", async () => {
    await arrive("left", [item("a", 0, 1)]);
    await arrive("right", [item("b", 100, 2)]);
    await arrive("right", [item("b", 1_000, 2)]);
    expect(await shown()).toEqual(["a 1/null r3", "b null/2 r1"]);
    await arrive("left", [item("a", 1_010, 1)]);
    expect(await shown()).toEqual(["a 1/2 r4"]);
    await arrive("left", [item("a", 5_000, 1)]);
    // It goes on from its last revision: receivers would ignore a lower one.
    expect(await shown()).toEqual(["a 1/null r5", "b null/2 r2"]);
  });

  it("lives on from the other API when one deletes it, under the same id", async () => {
    await arrive("left", [item("a", 0, 1)]);
    await arrive("right", [item("b", 100, 2)]);
    expect(await remove("left", item("a", 0).id)).toBe(1);
    expect(await shown()).toEqual(["a null/2 r3"]);
    await arrive("left", [item("c", 0, 3)]);
    expect(await shown()).toEqual(["a 3/2 r4"]);
    await remove("left", item("c", 0).id);
    await remove("right", item("b", 0).id);
    expect(await shown()).toEqual([]);
    await arrive("left", [item("a", 0, 1)]);
    expect(await shown()).toEqual(["a 1/null r6"]);
  });

  it("is another one when a nearer one comes", async () => {
    await arrive("left", [item("a", 0, 1)]);
    await arrive("right", [item("b", 100, 2)]);
    await arrive("left", [item("a", 0, 1), item("c", 90, 3)]);
    expect(await shown()).toEqual(["a 1/null r3", "c 3/2 r1"]);
  });

  it("that has two records of an older build is one after renormalisation, the younger one's", async () => {
    await arrive("left", [item("a", 0, 1)], unmatched);
    await arrive("right", [item("b", 100, 2)], unmatched);
    expect(await shown()).toEqual(["a 1/null r1", "b null/2 r1"]);
    await renormalize(person.store, person.environment.environmentId, provider, {
      options: { dryRun: true },
    });
    expect(await shown()).toEqual(["a 1/null r1", "b null/2 r1"]);
    await renormalize(person.store, person.environment.environmentId, provider);
    expect(await shown()).toEqual(["a 1/2 r2"]);
    await renormalize(person.store, person.environment.environmentId, provider);
    expect(await shown()).toEqual(["a 1/2 r2"]);
  });

  it("that an older build stored without its start is found when the other API tells of it", async () => {
    await arrive(
      "left",
      [
        { id: "l1", start: 0, value: 1 },
        { id: "l2", start: 5 * 86_400, value: 3 },
      ],
      unmatched,
    );
    await arrive("right", [{ id: "r1", start: 90, value: 2 }]);
    expect((await records()).map(({ key, left, right }) => [key, left, right])).toEqual([
      ["l1", 1, 2],
      ["l2", 3, null],
    ]);
    // A thing of another day is left for the day on which it is needed.
    const { rows } = await sql<{ key: string }>`SELECT part_key AS key FROM raw_parts
      WHERE user_id = ${person.id.userId} AND starts_at IS NULL`.execute(person.store.db);
    expect(rows).toEqual([{ key: "l2" }]);
  });

  it("is found by renormalisation in bodies that nothing refers to", async () => {
    await arrive("left", [item("a", 0, 1)]);
    await arrive("right", [item("b", 100, 2)]);
    await person.store.db.deleteFrom("raw_parts").where("resource", "=", "right").execute();
    await renormalize(person.store, person.environment.environmentId, provider);
    expect(contents(await records())).toEqual(["0 1 2"]);
  });

  it("is made once by two processes at the same time", async () => {
    await Promise.all([arrive("left", [item("a", 0, 1)]), arrive("right", [item("b", 100, 2)])]);
    expect(contents(await records())).toEqual(["0 1 2"]);
  });

  it("stays where it is among more than anybody does within minutes", async () => {
    const many = Array.from({ length: 60 }, (_, index) => item(`a${index}`, index));
    await arrive("left", many);
    await arrive(
      "right",
      many.map(({ start }) => item(`b${start}`, start)),
    );
    const made = await records();
    expect(made.filter(({ left }) => left !== null)).toHaveLength(60);
    expect(made.filter(({ right }) => right !== null)).toHaveLength(60);
  });
});

type Step =
  | { readonly kind: "arrive"; readonly side: Side; readonly items: readonly Item[] }
  | { readonly kind: "remove"; readonly side: Side; readonly id: string }
  | { readonly kind: "renormalize" };

const ids = fc.constantFrom("p", "q", "r");
const place = fc.constantFrom(0, 50, 119, 170, 300, 5_000);
const side = fc.constantFrom(...sides);
const itemOf = fc.record({ id: ids, start: place, value: fc.integer({ min: 1, max: 9 }) });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("arrive" as const),
      side,
      items: fc.uniqueArray(itemOf, { selector: ({ id }) => id, minLength: 1, maxLength: 2 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("remove" as const), side, id: ids }) },
  { weight: 1, arbitrary: fc.constant({ kind: "renormalize" as const }) },
);

/** The things of each API, by side and id. */
type World = Map<string, Item & { readonly side: Side }>;

function expected(world: World): string[] {
  const all = [...world.values()].map((one) => ({
    ...one,
    resource: one.side,
    key: one.id,
    startMs: day + one.start * 1_000,
  }));
  return matchThings(all, sharing)
    .map((group) => {
      const [left, right] = sides.map((name) => group.find((one) => one.side === name));
      return `${(left ?? right)?.start} ${left?.value ?? null} ${right?.value ?? null}`;
    })
    .sort();
}

async function take(world: World, next: Step): Promise<void> {
  if (next.kind === "renormalize") {
    await renormalize(person.store, person.environment.environmentId, provider);
    return;
  }
  if (next.kind === "remove") {
    const id = `${next.side}${next.id}-${person.id.userId}`;
    world.delete(id);
    await remove(next.side, id);
    return;
  }
  const items = next.items.map((one) => ({ ...one, id: `${next.side}${one.id}-${person.id.userId}` }));
  for (const one of items) world.set(one.id, { ...one, side: next.side });
  await arrive(next.side, items);
}

describe("whatever comes in whatever order", () => {
  it("has one record for each thing, with what both say, and revisions that only rise", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
        person.connection = await person.connect();
        const world: World = new Map();
        const revisions = new Map<string, number>();
        for (const next of steps) {
          await take(world, next);
          const made = await records();
          expect(contents(made)).toEqual(expected(world));
          for (const { key, id, revision } of made) {
            expect(id).toBe(key);
            expect(revision).toBeGreaterThanOrEqual(revisions.get(key) ?? 1);
            revisions.set(key, revision);
          }
        }
      }),
      { numRuns: 12 },
    );
  }, 240_000);

  it("keeps the id of each thing while things only come that start as they did", async () => {
    const both = fc.uniqueArray(
      fc.record({ side, start: fc.constantFrom(0, 1_000, 2_000), late: fc.nat(100) }),
      {
        selector: (one) => `${one.side} ${one.start}`,
        minLength: 2,
      },
    );
    await fc.assert(
      fc.asyncProperty(both, async (arrivals) => {
        person.connection = await person.connect();
        const known = new Map<number, string>();
        for (const { side: from, start, late } of arrivals) {
          await arrive(from, [item(`${from}${start}`, start + late)]);
          for (const { id, start: begun } of await records()) {
            const thing = Math.floor(begun / 1_000);
            expect(id).toBe(known.get(thing) ?? id);
            known.set(thing, id);
          }
        }
        expect(await records()).toHaveLength(known.size);
      }),
      { numRuns: 8 },
    );
  }, 120_000);
});
