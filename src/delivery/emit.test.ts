import { zstdCompressSync } from "node:zlib";
import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createEnvironment, startTestStore, type TestStore } from "../../test/support/database.ts";
import { listDeliveries } from "../../test/support/deliveries.ts";
import { createWebhook, emit, newEvent } from "../../test/support/delivery.ts";
import { updateDestination } from "../store/destinations.ts";
import { findEvent } from "../store/events.ts";
import type { Tables } from "../store/tables.ts";
import { emitEvents } from "./emit.ts";

let test: TestStore;
let environmentId: string;
beforeAll(async () => {
  test = await startTestStore();
});
afterAll(() => test.close());
beforeEach(async () => {
  ({ environmentId } = await createEnvironment(test.store));
});

const url = "https://example.com/hook";
const deliveries = (filters = {}) => listDeliveries(test.store.db, environmentId, filters, { limit: 100 });
const due = async (): Promise<string[]> => {
  const rows = await test.store.db
    .selectFrom("due_deliveries")
    .select("delivery_id")
    .where("environment_id", "=", environmentId)
    .execute();
  return rows.map((row) => row.delivery_id);
};

describe("emitting", () => {
  it("keeps the event with its exact bytes and makes a delivery due for each destination", async () => {
    const [first, second] = [
      await createWebhook(test.store, environmentId, url),
      await createWebhook(test.store, environmentId, url),
    ];
    const body = `{"type":"daily",  "data":[1.0, "é♥"]}\n`;
    const event = newEvent(environmentId, { body });
    const [eventId = ""] = await emit(test.store, [event]);
    expect(await findEvent(test.store, environmentId, eventId)).toMatchObject({
      type: "daily",
      user_id: event.userId,
      reference_id: "person-1",
      provider: "POLAR",
      records: [{ type: "daily", naturalKey: "2025-10-01", revision: 1 }],
      reference: event.reference,
      trace_id: event.traceId,
      body: Buffer.from(body),
      body_bytes: Buffer.byteLength(body),
    });
    const planned = await deliveries({ eventId });
    expect(planned.map((row) => row.destination_id).sort()).toEqual([
      first.destinationId,
      second.destinationId,
    ]);
    expect(planned.every((row) => row.state === "pending" && row.attempts === 0)).toBe(true);
    expect((await due()).sort()).toEqual(planned.map((row) => row.delivery_id).sort());
  });

  it("gives an unrequested event a reference of its own, and a requested one that of its request", async () => {
    const given = { reference: null };
    const ids = await emit(test.store, [newEvent(environmentId, given), newEvent(environmentId, given)]);
    const [answer = ""] = await emit(test.store, [newEvent(environmentId, { reference: "request-1" })]);
    const referenceOf = async (id: string) => (await findEvent(test.store, environmentId, id))?.reference;
    expect(await Promise.all(ids.map(referenceOf))).toEqual(ids);
    expect(await referenceOf(answer)).toBe("request-1");
  });

  it("leaves nothing when the caller's transaction is rolled back", async () => {
    await createWebhook(test.store, environmentId, url);
    const rollback = test.store.db.transaction().execute(async (tx) => {
      const [emitted] = await emitEvents(tx, test.store.queue, [newEvent(environmentId)]);
      expect(emitted?.deliveries).toBe(1);
      throw new Error("changed my mind");
    });
    await expect(rollback).rejects.toThrow("changed my mind");
    const kept = await test.store.db
      .selectFrom("events")
      .where("environment_id", "=", environmentId)
      .selectAll()
      .execute();
    expect([kept, await deliveries(), await due()]).toEqual([[], [], []]);
  });

  it("sends an event only to active destinations of its environment that take its type", async () => {
    const other = await createEnvironment(test.store);
    await createWebhook(test.store, other.environmentId, url);
    await createWebhook(test.store, environmentId, url, ["sleep", "activity"]);
    const inactive = await createWebhook(test.store, environmentId, url);
    await updateDestination(test.store.db, test.store.keyRing, inactive, { active: false });
    const taker = await createWebhook(test.store, environmentId, url, ["daily"]);
    await emit(test.store, [newEvent(environmentId)]);
    expect((await deliveries()).map((row) => row.destination_id)).toEqual([taker.destinationId]);
  });

  it("keeps apart the environments of events emitted together", async () => {
    const other = await createEnvironment(test.store);
    const [mine, theirs] = [
      await createWebhook(test.store, environmentId, url),
      await createWebhook(test.store, other.environmentId, url),
    ];
    await emit(test.store, [newEvent(environmentId), newEvent(other.environmentId)]);
    const rows = await test.store.db
      .selectFrom("deliveries")
      .innerJoin("events", "events.event_id", "deliveries.event_id")
      .select(["deliveries.environment_id", "events.environment_id as event_environment", "destination_id"])
      .where("destination_id", "in", [mine.destinationId, theirs.destinationId])
      .orderBy("destination_id")
      .execute();
    expect(rows).toEqual(
      [mine, theirs].map((id) => ({
        environment_id: id.environmentId,
        event_environment: id.environmentId,
        destination_id: id.destinationId,
      })),
    );
  });

  it("keeps an event that no destination takes", async () => {
    const [eventId = ""] = await emit(test.store, [newEvent(environmentId)]);
    expect(await findEvent(test.store, environmentId, eventId)).not.toBeNull();
    expect(await deliveries()).toEqual([]);
  });

  it("takes a body that is already compressed, also in several frames", async () => {
    const parts = [`{"type":"daily","data":[`, `{"a":1}`, `]}`];
    const zstd = Buffer.concat(parts.map((part) => zstdCompressSync(part)));
    const json = parts.join("");
    const event = newEvent(environmentId, { body: null, compressed: { zstd, bytes: json.length } });
    const [eventId = ""] = await emit(test.store, [event]);
    expect((await findEvent(test.store, environmentId, eventId))?.body.toString()).toBe(json);
  });

  it("refuses an event without a body", async () => {
    await expect(emit(test.store, [newEvent(environmentId, { body: null })])).rejects.toThrow();
  });

  it("needs one statement, for three hundred events as for one", async () => {
    await createWebhook(test.store, environmentId, url);
    const statements: string[] = [];
    const counting = new Kysely<Tables>({
      dialect: new PostgresDialect({
        pool: new pg.Pool({ connectionString: test.connectionString, max: 1 }),
      }),
      log: (entry) => void statements.push(entry.query.sql),
    });
    const count = async (events: number): Promise<number> => {
      statements.length = 0;
      const given = Array.from({ length: events }, () => newEvent(environmentId));
      await counting.transaction().execute((tx) => emitEvents(tx, test.store.queue, given));
      return statements.length;
    };
    const around = ["begin", "commit"];
    expect([await count(1), await count(300)]).toEqual([1, 1].map((one) => one + around.length));
    expect(await deliveries()).toHaveLength(100);
    await counting.destroy();
  });
});
