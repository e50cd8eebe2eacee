import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createEnvironment, startTestStore, type TestStore } from "../../test/support/database.ts";
import { createWebhook } from "../../test/support/delivery.ts";
import { type DeliveryListFilter, listDeliveryPage, standingOf } from "./delivery-list.ts";
import { newId } from "./identifiers.ts";

let opened: TestStore;
let environmentId: string;
const person = randomUUID();
let wanted: string;
let crowd: string;
beforeAll(async () => {
  opened = await startTestStore();
  ({ environmentId } = await createEnvironment(opened.store));
  wanted = (await createWebhook(opened.store, environmentId, "https://one.example/")).destinationId;
  crowd = (await createWebhook(opened.store, environmentId, "https://two.example/")).destinationId;
  // Three of one person and a rare type long ago, then 30,000 of the crowd.
  await fill({ destinationId: wanted, type: "athlete", userId: person, count: 3, minutesAgo: 120 });
  await fill({ destinationId: crowd, type: "daily", userId: randomUUID(), count: 30_000, minutesAgo: 60 });
});
afterAll(() => opened.close());

interface Filling {
  readonly destinationId: string;
  readonly type: string;
  readonly userId: string;
  readonly count: number;
  readonly minutesAgo: number;
}

/** Delivered events whose ids are of a time, each with one delivery. */
async function fill({ destinationId, type, userId, count, minutesAgo }: Filling): Promise<void> {
  const startMs = Date.now() - minutesAgo * 60_000;
  const idAt = (salt: string) => sql`(lpad(to_hex(${startMs}::bigint + n / 100), 12, '0') || '7'
    || lpad(to_hex(n % 100), 3, '0') || '8' || substr(md5(${salt} || n), 1, 15))::uuid`;
  await sql`INSERT INTO events (environment_id, event_id, type, user_id, records, reference, trace_id, body,
      body_bytes, created_at)
    SELECT ${environmentId}, ${idAt(`${destinationId} e`)}, ${type}, ${userId}, '[]', 'r', 't', '', 0, now()
    FROM generate_series(1, ${count}::int) n`.execute(opened.store.db);
  await sql`INSERT INTO deliveries (environment_id, delivery_id, event_id, destination_id, state, created_at)
    SELECT ${environmentId}, ${idAt(`${destinationId} d`)}, ${idAt(`${destinationId} e`)}, ${destinationId},
      'delivered', now() FROM generate_series(1, ${count}::int) n`.execute(opened.store.db);
}

const all = async (filter: DeliveryListFilter) => {
  const rows = [];
  let pages = 0;
  let before: string | undefined;
  do {
    const page = await listDeliveryPage(opened.store.db, environmentId, filter, { limit: 50, before });
    rows.push(...page.rows);
    pages++;
    before = page.next ?? undefined;
  } while (before !== undefined);
  return { rows, pages };
};

describe("deliveries", () => {
  test("of a quiet destination are found behind many of another, over pages that end where they looked", async () => {
    const { rows, pages } = await all({ destinationId: wanted });
    expect(rows.map(({ type }) => type)).toEqual(["athlete", "athlete", "athlete"]);
    expect(pages).toBe(2);
  });

  test("of a rare type are found as well", async () => {
    const { rows, pages } = await all({ types: ["athlete"] });
    expect(rows.map(({ user_id }) => user_id)).toEqual([person, person, person]);
    expect(pages).toBeGreaterThan(2);
  });

  test("of a person come on one page, whatever lies before them", async () => {
    const page = await listDeliveryPage(opened.store.db, environmentId, { userId: person }, { limit: 50 });
    expect([page.rows.length, page.next]).toEqual([3, null]);
  });

  test("are listed newest first and cut by time", async () => {
    const since = new Date(Date.now() - 90 * 60_000);
    const early = await all({ until: since });
    expect(early.rows).toHaveLength(3);
    const ids = early.rows.map(({ delivery_id }) => delivery_id);
    expect(ids).toEqual([...ids].sort().reverse());
    const late = await listDeliveryPage(
      opened.store.db,
      environmentId,
      { since, userId: person },
      { limit: 50 },
    );
    expect(late.rows).toEqual([]);
  });

  test("of another environment are never among them", async () => {
    const other = await createEnvironment(opened.store);
    const page = await listDeliveryPage(
      opened.store.db,
      other.environmentId,
      { userId: person },
      { limit: 50 },
    );
    expect(page.rows).toEqual([]);
  });

  test("without a filter fill their pages", async () => {
    const first = await listDeliveryPage(opened.store.db, environmentId, {}, { limit: 50 });
    expect([first.rows.length, first.next]).toEqual([50, first.rows.at(-1)?.delivery_id]);
  });
});

test("an event's standing is the latest delivery to each destination", async () => {
  const { rows } = await listDeliveryPage(opened.store.db, environmentId, { userId: person }, { limit: 1 });
  const eventId = rows[0]?.event_id ?? "";
  const replayed = {
    delivery_id: newId(),
    destination_id: wanted,
    event_id: eventId,
    environment_id: environmentId,
  };
  const row = { ...replayed, state: "dead" as const, created_at: new Date() };
  await opened.store.db.insertInto("deliveries").values(row).execute();
  const standing = await standingOf(opened.store.db, environmentId, [eventId]);
  expect(standing.map(({ state, destination_id }) => [state, destination_id])).toEqual([["dead", wanted]]);
});
