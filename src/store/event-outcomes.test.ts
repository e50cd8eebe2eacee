import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createEnvironment, startTestStore, type TestStore } from "../../test/support/database.ts";
import { type EventOutcome, listEventsOfOutcome, outcomeOf } from "./event-outcomes.ts";
import { newId } from "./identifiers.ts";
import type { DeliveryState } from "./tables.ts";

let opened: TestStore;
let environmentId: string;
beforeAll(async () => {
  opened = await startTestStore();
  ({ environmentId } = await createEnvironment(opened.store));
});
afterAll(() => opened.close());

const [here, there] = [randomUUID(), randomUUID()];
type Told = readonly [destinationId: string, state: DeliveryState];

/** An event with these deliveries, in their order. */
async function event(deliveries: readonly Told[], given: { userId?: string; type?: string } = {}) {
  const { userId = randomUUID(), type = "daily" } = given;
  const eventId = newId();
  const { db } = opened.store;
  await db
    .insertInto("events")
    .values({
      environment_id: environmentId,
      event_id: eventId,
      type,
      user_id: userId,
      reference_id: `ref ${userId}`,
      provider: "POLAR",
      records: "[]",
      reference: eventId,
      trace_id: eventId,
      body: Buffer.alloc(0),
      body_bytes: 0,
      created_at: new Date(),
    })
    .execute();
  for (const [destinationId, state] of deliveries) {
    const ids = { environment_id: environmentId, delivery_id: newId(), event_id: eventId };
    const row = { ...ids, destination_id: destinationId, state, created_at: new Date() };
    await db.insertInto("deliveries").values(row).execute();
  }
  return eventId;
}

async function found(
  filters: Parameters<typeof listEventsOfOutcome>[2],
  limit = 50,
): Promise<{ ids: string[]; pages: number }> {
  const ids: string[] = [];
  let pages = 0;
  let before: string | undefined;
  do {
    const page = await listEventsOfOutcome(opened.store.db, environmentId, filters, { limit, before });
    ids.push(...page.rows.map(({ event_id }) => event_id));
    before = page.next ?? undefined;
    pages++;
  } while (before !== undefined);
  return { ids, pages };
}

describe("the outcome of an event", () => {
  test("is the worst of its latest deliveries to each destination", async () => {
    const made: Record<EventOutcome, string[]> = {
      dead: [],
      pending: [],
      delivered: [],
      cancelled: [],
      none: [],
    };
    const add = async (outcome: EventOutcome, ...deliveries: Told[]) =>
      made[outcome].unshift(await event(deliveries));
    await add("none");
    await add("delivered", [here, "delivered"]);
    await add("dead", [here, "delivered"], [there, "dead"]);
    await add("dead", [here, "pending"], [there, "dead"]);
    await add("pending", [here, "pending"], [there, "delivered"]);
    // Sent again since it was given up.
    await add("delivered", [here, "dead"], [here, "delivered"]);
    await add("pending", [here, "dead"], [here, "pending"]);
    await add("dead", [here, "delivered"], [here, "dead"]);
    await add("delivered", [here, "cancelled"], [there, "delivered"]);
    await add("cancelled", [here, "cancelled"]);
    for (const [outcome, ids] of Object.entries(made)) {
      expect((await found({ outcome: outcome as EventOutcome })).ids, outcome).toEqual(ids);
      expect((await found({ outcome: outcome as EventOutcome }, 1)).ids, `${outcome}, page by page`).toEqual(
        ids,
      );
    }
  });

  test.each([
    [[], "none"],
    [["cancelled"], "cancelled"],
    [["cancelled", "delivered"], "delivered"],
    [["delivered", "pending"], "pending"],
    [["pending", "dead", "delivered"], "dead"],
  ] as const)("of %j is %s where the list shows it", (states, outcome) => {
    expect(outcomeOf(states)).toBe(outcome);
  });

  test("is asked for together with type, person and time", async () => {
    const userId = randomUUID();
    const mine = await event([[here, "dead"]], { userId, type: "sleep" });
    await event([[here, "dead"]], { type: "sleep" });
    await event([[here, "delivered"]], { userId, type: "sleep" });
    expect((await found({ outcome: "dead", userId })).ids).toEqual([mine]);
    expect((await found({ outcome: "dead", referenceId: `ref ${userId}` })).ids).toEqual([mine]);
    expect((await found({ outcome: "dead", types: ["sleep"] })).ids).toHaveLength(2);
    expect((await found({ outcome: "dead", types: ["athlete"] })).ids).toEqual([]);
    const future = new Date(Date.now() + 60_000);
    expect((await found({ outcome: "dead", userId, since: future })).ids).toEqual([]);
    expect((await found({ outcome: "dead", userId, until: future })).ids).toEqual([mine]);
  });

  test("that is rare is found behind many others, over pages that end where they looked", async () => {
    const { environmentId: other } = await createEnvironment(opened.store);
    const former = environmentId;
    environmentId = other;
    const wanted = await event([[here, "cancelled"]]);
    const given = await event([[here, "dead"]]);
    const id = (salt: string) => sql`(lpad(to_hex(${Date.now() + 1_000}::bigint + n / 100), 12, '0') || '7'
      || lpad(to_hex(n % 100), 3, '0') || '8' || substr(md5(${salt} || n), 1, 15))::uuid`;
    await sql`INSERT INTO events (environment_id, event_id, type, records, reference, trace_id, body, body_bytes,
        created_at)
      SELECT ${environmentId}, ${id("e")}, 'daily', '[]', 'r', 't', '', 0, now()
      FROM generate_series(1, 7000) n`.execute(opened.store.db);
    await sql`INSERT INTO deliveries (environment_id, delivery_id, event_id, destination_id, state, created_at)
      SELECT ${environmentId}, ${id("d")}, ${id("e")}, ${here}, 'delivered', now()
      FROM generate_series(1, 7000) n`.execute(opened.store.db);
    expect(await found({ outcome: "cancelled" })).toEqual({ ids: [wanted], pages: 3 });
    // These have an index.
    expect(await found({ outcome: "dead" })).toEqual({ ids: [given], pages: 1 });
    environmentId = former;
  });
});
