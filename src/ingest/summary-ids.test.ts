/** The public ids of records: no two people share one, and a record keeps its own. */
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  createEnvironment,
  startTestStore,
  type TestEnvironment,
  type TestStore,
} from "../../test/support/database.ts";
import { KeptPerson, nextVersion, polar, renormalize } from "../../test/support/kept-person.ts";
import { exercise, night } from "../../test/support/polar-bodies.ts";
import { packedOf } from "../store/bodies/outside.ts";
import { inheritConnection } from "../store/connections.ts";
import { eraseConnection } from "../store/erasure.ts";
import { findEvent } from "../store/events.ts";
import { newSummaryId } from "../store/summary-ids.ts";
import { decompress } from "../store/zstd.ts";

let test: TestStore;
let environment: TestEnvironment;
/** A workout that several accounts have. */
let shared: string;
beforeAll(async () => {
  test = await startTestStore();
});
afterAll(() => test.close());
beforeEach(async () => {
  environment = await createEnvironment(test.store);
  shared = randomBytes(6).toString("hex");
});

const uuidV5 = /^[0-9a-f]{8}-[0-9a-f]{4}-5/;

/** Returns the keys of a receiver's tables, for records with and without samples. */
async function idsOf(person: KeptPerson): Promise<string[]> {
  const ids: string[] = [];
  for (const row of await person.rows()) {
    if (row.type !== "activity" && row.type !== "sleep") continue;
    const packed = await packedOf(test.store.bodies, row.detailed, row.body_key);
    const record = JSON.parse(String(await decompress(packed)));
    const summary = row.summary as unknown as typeof record;
    expect([row.summary_id, summary.metadata.summary_id]).toEqual(Array(2).fill(record.metadata.summary_id));
    ids.push(record.metadata.summary_id);
  }
  return ids;
}

async function keptPerson(place = environment): Promise<KeptPerson> {
  const person = await KeptPerson.connect(test.store, place);
  await person.keep("sleep", "2026-03-02", night("2026-03-02", "2026-03-01"));
  await person.keep("exercise", shared, exercise(shared));
  return person;
}

describe("two people with the same bodies", () => {
  it("share no id, in one environment or two; the first keeps the provider's", async () => {
    const people = [
      await keptPerson(),
      await keptPerson(),
      await keptPerson(await createEnvironment(test.store)),
    ];
    const ids = (await Promise.all(people.map(idsOf))).flat();
    expect(new Set(ids).size).toBe(6);
    expect(ids.filter((id) => id === shared)).toHaveLength(1);
    expect(ids[0]).toBe(shared);
    expect(ids.filter((id) => uuidV5.test(id))).toHaveLength(5);
  });

  it("the second has an id that stays when its record moves to another day", async () => {
    const [first, second] = await Promise.all([0, 1].map(() => KeptPerson.connect(test.store, environment)));
    const idOn = (person: KeptPerson | undefined, day: string): Promise<string | null> =>
      test.store.db.transaction().execute((tx) =>
        newSummaryId(tx, person?.id as never, {
          type: "sleep",
          naturalKey: `${day}/${shared}`,
          ownId: shared,
        }),
      );
    expect(await idOn(first, "2026-03-01")).toBe(shared);
    await first?.keep("exercise", shared, exercise(shared));
    const id = await idOn(second, "2026-03-01");
    expect(id).toMatch(uuidV5);
    expect(await idOn(second, "2026-03-02")).toBe(id);
  });

  it("share none when both are written at the same moment", async () => {
    const people = await Promise.all([0, 1].map(() => KeptPerson.connect(test.store, environment)));
    await test.store.db.transaction().execute(async (tx) => {
      const [one, other] = people;
      const asked = { type: "activity", naturalKey: "at once", ownId: "at once" } as const;
      expect(await newSummaryId(tx, one?.id as never, asked)).toBe("at once");
      await test.store.db.transaction().execute(async (second) => {
        expect(await newSummaryId(second, other?.id as never, asked)).toMatch(uuidV5);
      });
    });
  });
});

describe("a record's id", () => {
  const changed = nextVersion("sleep", (record) => ({ ...record, scores: { sleep: 99 } }));

  it("stays through revisions, renormalising and the erasure of other people", async () => {
    const [first, second] = [await keptPerson(), await keptPerson()];
    const ids = await idsOf(second);
    await second.keep("exercise", shared, exercise(shared, { calories: 7 }));
    await renormalize(test.store, environment.environmentId, changed);
    expect((await second.rows()).map(({ revision }) => revision)).toEqual([2, 2]);
    expect(await idsOf(second)).toEqual(ids);
    await test.store.db.transaction().execute((tx) => eraseConnection(tx, first.id));
    await second.keep("exercise", shared, exercise(shared, { calories: 8 }));
    expect(await idsOf(second)).toEqual(ids);
    // The provider's id is free again; the next person may have it.
    expect(await idsOf(await keptPerson())).toContain(shared);
  });

  it("moves with the record to the connection that replaces its own", async () => {
    const former = await keptPerson();
    const ids = await idsOf(former);
    const next = await KeptPerson.connect(test.store, environment);
    await test.store.db
      .transaction()
      .execute((tx) => inheritConnection(tx, environment.environmentId, former.id.userId, next.id.userId));
    await next.keep("sleep", "2026-03-02", night("2026-03-02", "2026-03-01", { sleep_rating: 5 }));
    expect(await idsOf(next)).toEqual(ids);
  });

  it("is sent by renormalising after an older version had another", async () => {
    const person = await keptPerson();
    const [, id] = await idsOf(person);
    // As migration 0010 leaves it: the new id in the text, the hash of the former one.
    await test.store.db
      .updateTable("records")
      .set({ content_hash: Buffer.alloc(32) })
      .where("type", "=", "sleep")
      .where("user_id", "=", person.id.userId)
      .execute();
    const options = { sendEvents: true };
    const { counts } = await renormalize(test.store, environment.environmentId, polar, { options });
    expect([counts.events, counts.types.sleep?.changed, counts.types.activity?.changed]).toEqual([1, 1, 0]);
    const { event_id } = await test.store.db
      .selectFrom("events")
      .select("event_id")
      .where("user_id", "=", person.id.userId)
      .where("type", "=", "sleep")
      .orderBy("event_id", "desc")
      .executeTakeFirstOrThrow();
    const sent = await findEvent(test.store, environment.environmentId, event_id);
    expect(String(sent?.body)).toContain(`"summary_id":"${id}"`);
  });
});
