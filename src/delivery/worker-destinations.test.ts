/** Deliveries to destinations that are gone, paused, deleted, changed, hanging or failing. */
import { describe, expect, it } from "vitest";
import { createWebhook, emit, newEvent } from "../../test/support/delivery.ts";
import { all, DeliveryFixture } from "../../test/support/delivery-fixture.ts";
import { hang, status, waitFor } from "../../test/support/receiver.ts";
import { deleteDestination, findDestination } from "../store/destinations.ts";
import { changeDestination } from "./activation.ts";

const fixture = new DeliveryFixture();

describe("a destination", () => {
  it("that answers 410 is switched off; its waiting deliveries are sent when it is activated", async () => {
    const receiver = await fixture.receive(status(410));
    const id = await createWebhook(fixture.store, fixture.environmentId, receiver.url);
    await fixture.work();
    await emit(fixture.store, [newEvent(fixture.environmentId)]);
    await waitFor(
      async () => (await findDestination(fixture.store.db, fixture.store.keyRing, id))?.active === false,
    );
    const [row] = await fixture.deliveries();
    expect(row).toMatchObject({ state: "pending", last_status: 410, last_code: "DELIVERY_GONE" });
    expect(await fixture.attemptsOf(row)).toMatchObject([{ outcome: "disabled", status: 410 }]);
    expect(await findDestination(fixture.store.db, fixture.store.keyRing, id)).toMatchObject({
      disabled_code: "DELIVERY_GONE",
    });
    await emit(fixture.store, [newEvent(fixture.environmentId)]);
    expect(await fixture.deliveries()).toHaveLength(1);
    receiver.answer(status(200));
    await changeDestination(fixture.store, id, { active: true });
    await fixture.settled(all("delivered"));
    expect(receiver.requests.length).toBe(2);
  });

  it("that was paused by hand gets what is due when it is activated, and nothing before", async () => {
    const receiver = await fixture.receive();
    const id = await createWebhook(fixture.store, fixture.environmentId, receiver.url);
    await emit(
      fixture.store,
      Array.from({ length: 30 }, () => newEvent(fixture.environmentId)),
    );
    await changeDestination(fixture.store, id, { active: false });
    await fixture.work();
    const witness = await fixture.receive();
    await createWebhook(fixture.store, fixture.environmentId, witness.url);
    await emit(fixture.store, [newEvent(fixture.environmentId)]);
    await witness.received(1);
    expect(receiver.requests).toEqual([]);
    await changeDestination(fixture.store, id, { active: true });
    await fixture.settled(all("delivered"));
    expect(receiver.requests.length).toBe(30);
  });

  it("that was deleted gets nothing more, and its deliveries are cancelled", async () => {
    const receiver = await fixture.receive();
    const id = await createWebhook(fixture.store, fixture.environmentId, receiver.url);
    await emit(fixture.store, [newEvent(fixture.environmentId), newEvent(fixture.environmentId)]);
    await fixture.store.db.transaction().execute((tx) => deleteDestination(tx, id));
    expect(await fixture.settled(all("cancelled"))).toHaveLength(2);
    await fixture.work();
    const witness = await fixture.receive();
    await createWebhook(fixture.store, fixture.environmentId, witness.url);
    await emit(fixture.store, [newEvent(fixture.environmentId)]);
    await witness.received(1);
    expect(receiver.requests).toEqual([]);
  });

  it("deleted while a worker runs has the deliveries cancelled that the worker still finds", async () => {
    const receiver = await fixture.receive();
    await createWebhook(fixture.store, fixture.environmentId, receiver.url);
    await emit(fixture.store, [newEvent(fixture.environmentId)]);
    await fixture.store.db
      .deleteFrom("destinations")
      .where("environment_id", "=", fixture.environmentId)
      .execute();
    await fixture.work();
    await fixture.settled(all("cancelled"));
  });

  it("with new settings is used with them at once", async () => {
    const [old, moved] = [await fixture.receive(), await fixture.receive()];
    const { secret, ...id } = await createWebhook(fixture.store, fixture.environmentId, old.url);
    await fixture.work();
    await emit(fixture.store, [newEvent(fixture.environmentId)]);
    await old.received(1);
    await changeDestination(fixture.store, id, { settings: { url: moved.url, secret } });
    await emit(fixture.store, [newEvent(fixture.environmentId)]);
    await moved.received(1);
    expect(old.requests.length).toBe(1);
  });

  it("that hangs does not delay another", async () => {
    const [hanging, quick] = [await fixture.receive(hang), await fixture.receive()];
    await createWebhook(fixture.store, fixture.environmentId, hanging.url, ["daily"]);
    await createWebhook(fixture.store, fixture.environmentId, quick.url, ["sleep"]);
    // Far more than all handlers' batches together, so the head of the job queue holds only deliveries to the
    // hanging one.
    for (let n = 0; n < 4; n++) {
      await emit(
        fixture.store,
        Array.from({ length: 250 }, () => newEvent(fixture.environmentId)),
      );
    }
    await fixture.work();
    await hanging.received(16);
    await emit(
      fixture.store,
      Array.from({ length: 20 }, () => newEvent(fixture.environmentId, { type: "sleep" })),
    );
    await quick.received(20);
    expect(hanging.requests.length).toBeLessThanOrEqual(32);
  });

  it("is not sent an event past its retention, and the delivery says so", async () => {
    const receiver = await fixture.receive();
    await createWebhook(fixture.store, fixture.environmentId, receiver.url);
    const [gone] = await emit(fixture.store, [
      newEvent(fixture.environmentId),
      newEvent(fixture.environmentId),
    ]);
    await fixture.store.db
      .deleteFrom("events")
      .where("event_id", "=", gone ?? "")
      .execute();
    await fixture.work();
    const rows = await fixture.settled((settled) => settled.every(({ state }) => state !== "pending"));
    expect(rows.find((row) => row.event_id === gone)).toMatchObject({
      state: "dead",
      last_code: "EVENT_EXPIRED",
    });
    expect(receiver.requests.length).toBe(1);
  });
});
