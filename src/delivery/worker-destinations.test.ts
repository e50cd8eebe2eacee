/** What a worker makes of destinations that are gone, paused, deleted, changed, hanging or failing. */
import { describe, expect, it } from "vitest";
import { createWebhook, emit, newEvent } from "../../test/support/delivery.ts";
import { all, DeliveryRoom } from "../../test/support/delivery-room.ts";
import { hang, status, waitFor } from "../../test/support/receiver.ts";
import { deleteDestination, findDestination } from "../store/destinations.ts";
import { changeDestination } from "./activation.ts";

const room = new DeliveryRoom();

describe("a destination", () => {
  it("that answers 410 is switched off; what waits for it is sent when it is activated", async () => {
    const receiver = await room.receive(status(410));
    const id = await createWebhook(room.store, room.environmentId, receiver.url);
    await room.work();
    await emit(room.store, [newEvent(room.environmentId)]);
    await waitFor(
      async () => (await findDestination(room.store.db, room.store.keyRing, id))?.active === false,
    );
    const [row] = await room.deliveries();
    expect(row).toMatchObject({ state: "pending", last_status: 410, last_code: "DELIVERY_GONE" });
    expect(await room.attemptsOf(row)).toMatchObject([{ outcome: "disabled", status: 410 }]);
    expect(await findDestination(room.store.db, room.store.keyRing, id)).toMatchObject({
      disabled_code: "DELIVERY_GONE",
    });
    await emit(room.store, [newEvent(room.environmentId)]);
    expect(await room.deliveries()).toHaveLength(1);
    receiver.answer(status(200));
    await changeDestination(room.store, id, { active: true });
    await room.settled(all("delivered"));
    expect(receiver.requests.length).toBe(2);
  });

  it("that was paused by hand gets what is due when it is activated, and nothing before", async () => {
    const receiver = await room.receive();
    const id = await createWebhook(room.store, room.environmentId, receiver.url);
    await emit(
      room.store,
      Array.from({ length: 30 }, () => newEvent(room.environmentId)),
    );
    await changeDestination(room.store, id, { active: false });
    await room.work();
    const witness = await room.receive();
    await createWebhook(room.store, room.environmentId, witness.url);
    await emit(room.store, [newEvent(room.environmentId)]);
    await witness.received(1);
    expect(receiver.requests).toEqual([]);
    await changeDestination(room.store, id, { active: true });
    await room.settled(all("delivered"));
    expect(receiver.requests.length).toBe(30);
  });

  it("that was deleted gets nothing more, and its deliveries are cancelled", async () => {
    const receiver = await room.receive();
    const id = await createWebhook(room.store, room.environmentId, receiver.url);
    await emit(room.store, [newEvent(room.environmentId), newEvent(room.environmentId)]);
    await room.store.db.transaction().execute((tx) => deleteDestination(tx, id));
    expect(await room.settled(all("cancelled"))).toHaveLength(2);
    await room.work();
    const witness = await room.receive();
    await createWebhook(room.store, room.environmentId, witness.url);
    await emit(room.store, [newEvent(room.environmentId)]);
    await witness.received(1);
    expect(receiver.requests).toEqual([]);
  });

  it("deleted behind a worker's back cancels what that still finds", async () => {
    const receiver = await room.receive();
    await createWebhook(room.store, room.environmentId, receiver.url);
    await emit(room.store, [newEvent(room.environmentId)]);
    await room.store.db.deleteFrom("destinations").where("environment_id", "=", room.environmentId).execute();
    await room.work();
    await room.settled(all("cancelled"));
  });

  it("with new settings is used with those at once", async () => {
    const [old, moved] = [await room.receive(), await room.receive()];
    const { secret, ...id } = await createWebhook(room.store, room.environmentId, old.url);
    await room.work();
    await emit(room.store, [newEvent(room.environmentId)]);
    await old.received(1);
    await changeDestination(room.store, id, { settings: { url: moved.url, secret } });
    await emit(room.store, [newEvent(room.environmentId)]);
    await moved.received(1);
    expect(old.requests.length).toBe(1);
  });

  it("that hangs does not delay another", async () => {
    const [hanging, quick] = [await room.receive(hang), await room.receive()];
    await createWebhook(room.store, room.environmentId, hanging.url, ["daily"]);
    await createWebhook(room.store, room.environmentId, quick.url, ["sleep"]);
    // Far more than every handler's batch together, so that the queue's head is all for the hanging one.
    for (let n = 0; n < 4; n++) {
      await emit(
        room.store,
        Array.from({ length: 250 }, () => newEvent(room.environmentId)),
      );
    }
    await room.work();
    await hanging.received(16);
    await emit(
      room.store,
      Array.from({ length: 20 }, () => newEvent(room.environmentId, { type: "sleep" })),
    );
    await quick.received(20);
    expect(hanging.requests.length).toBeLessThanOrEqual(32);
  });

  it("is not sent an event past its retention, and that is not passed over in silence", async () => {
    const receiver = await room.receive();
    await createWebhook(room.store, room.environmentId, receiver.url);
    const [gone] = await emit(room.store, [newEvent(room.environmentId), newEvent(room.environmentId)]);
    await room.store.db
      .deleteFrom("events")
      .where("event_id", "=", gone ?? "")
      .execute();
    await room.work();
    const rows = await room.settled((settled) => settled.every(({ state }) => state !== "pending"));
    expect(rows.find((row) => row.event_id === gone)).toMatchObject({
      state: "dead",
      last_code: "EVENT_EXPIRED",
    });
    expect(receiver.requests.length).toBe(1);
  });
});
