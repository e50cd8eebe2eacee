import { sql } from "kysely";
import { describe, expect, it } from "vitest";
import { collectingLog, createWebhook, emit, newEvent } from "../../test/support/delivery.ts";
import { DeliveryFixture } from "../../test/support/delivery-fixture.ts";
import { reportFailing } from "../maintenance.ts";
import { noteHealth, readBacklogs } from "./destination-health.ts";
import { findDestination } from "./destinations.ts";

const fixture = new DeliveryFixture();
const create = () => createWebhook(fixture.store, fixture.environmentId, "http://127.0.0.1:1/");
const note = (id: { environmentId: string; destinationId: string }, healthy: boolean) =>
  fixture.store.db.transaction().execute((tx) => noteHealth(tx, { ...id, healthy }));
const failFor = (destinationId: string, hours: number) =>
  fixture.store.db
    .updateTable("destinations")
    .set({ failing_since: sql<Date>`now() - ${hours} * interval '1 hour'` })
    .where("destination_id", "=", destinationId)
    .execute();

describe("a destination's health", () => {
  it("is failing from the first failure until the first success", async () => {
    const id = await create();
    const since = async () =>
      (await findDestination(fixture.store.db, fixture.store.keyRing, id))?.failing_since ?? null;
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

  it("is reported to the operator once, after a day, and again when it fails anew", async () => {
    const id = await create();
    const { log, lines } = collectingLog();
    const told = async () => {
      await reportFailing({ store: fixture.store, log });
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

  it("comes with the number of waiting deliveries", async () => {
    const [id, other] = [await create(), await create()];
    await emit(fixture.store, [newEvent(fixture.environmentId), newEvent(fixture.environmentId)]);
    await fixture.store.db
      .updateTable("deliveries")
      .set({ parked: true, created_at: sql<Date>`now() - interval '1 hour'` })
      .where("destination_id", "=", id.destinationId)
      .execute();
    await failFor(other.destinationId, 2);
    const backlogs = await readBacklogs(fixture.store.db);
    const of = (wanted: string) => backlogs.find(({ destinationId }) => destinationId === wanted);
    expect(of(id.destinationId)).toMatchObject({ kind: "webhook", pending: 2, failingSeconds: null });
    expect(of(id.destinationId)?.oldestSeconds).toBeGreaterThanOrEqual(3_600);
    expect(of(other.destinationId)?.pending).toBe(2);
    expect(of(other.destinationId)?.failingSeconds).toBeGreaterThanOrEqual(7_200);
  });
});
