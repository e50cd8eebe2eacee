import { sql } from "kysely";
import { describe, expect, it } from "vitest";
import { collectingLog, createWebhook, emit, newEvent } from "../../test/support/delivery.ts";
import { DeliveryRoom } from "../../test/support/delivery-room.ts";
import { reportFailing } from "../maintenance.ts";
import { noteHealth, readBacklogs } from "./destination-health.ts";
import { findDestination } from "./destinations.ts";

const room = new DeliveryRoom();
const create = () => createWebhook(room.store, room.environmentId, "http://127.0.0.1:1/");
const note = (id: { environmentId: string; destinationId: string }, well: boolean) =>
  room.store.db.transaction().execute((tx) => noteHealth(tx, { ...id, well }));
const failFor = (destinationId: string, hours: number) =>
  room.store.db
    .updateTable("destinations")
    .set({ failing_since: sql<Date>`now() - ${hours} * interval '1 hour'` })
    .where("destination_id", "=", destinationId)
    .execute();

describe("a destination's health", () => {
  it("is failing since the first failure, until the first success", async () => {
    const id = await create();
    const since = async () =>
      (await findDestination(room.store.db, room.store.keyRing, id))?.failing_since ?? null;
    await note(id, true);
    expect(await since()).toBeNull();
    await note(id, false);
    const first = await since();
    expect(first).not.toBeNull();
    await note(id, false);
    expect(await since()).toEqual(first);
    await note(id, true);
    expect(await since()).toBeNull();
  });

  it("is told the operator once, after a day, and again when it failed anew", async () => {
    const id = await create();
    const { log, lines } = collectingLog();
    const told = async () => {
      await reportFailing({ store: room.store, log });
      return lines.filter((line) => line.destination_id === id.destinationId).length;
    };
    await failFor(id.destinationId, 23);
    expect(await told()).toBe(0);
    await failFor(id.destinationId, 25);
    expect(await told()).toBe(1);
    expect(await told()).toBe(1);
    await note(id, true);
    await failFor(id.destinationId, 25);
    expect(await told()).toBe(2);
  });

  it("comes with what waits for it", async () => {
    const [id, other] = [await create(), await create()];
    await emit(room.store, [newEvent(room.environmentId), newEvent(room.environmentId)]);
    await room.store.db
      .updateTable("deliveries")
      .set({ parked: true, created_at: sql<Date>`now() - interval '1 hour'` })
      .where("destination_id", "=", id.destinationId)
      .execute();
    await failFor(other.destinationId, 2);
    const backlogs = await readBacklogs(room.store.db);
    const of = (wanted: string) => backlogs.find(({ destinationId }) => destinationId === wanted);
    expect(of(id.destinationId)).toMatchObject({ kind: "webhook", pending: 2, failingSeconds: null });
    expect(of(id.destinationId)?.oldestSeconds).toBeGreaterThanOrEqual(3_600);
    expect(of(other.destinationId)?.pending).toBe(2);
    expect(of(other.destinationId)?.failingSeconds).toBeGreaterThanOrEqual(7_200);
  });
});
