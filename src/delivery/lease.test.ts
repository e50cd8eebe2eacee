/** An attempt may take long: nobody else makes it meanwhile, and a process that ends does not wait for it. */
import { describe, expect, it } from "vitest";
import { createWebhook, emit, newEvent } from "../../test/support/delivery.ts";
import { all, DeliveryRoom } from "../../test/support/delivery-room.ts";
import { hang, waitFor } from "../../test/support/receiver.ts";

const room = new DeliveryRoom();

describe("a delivery that takes longer than its lease", () => {
  it("is not attempted by another process meanwhile", async () => {
    const leaseMs = 1_500;
    const receiver = await room.receive(
      (response) => void setTimeout(() => response.end("taken"), 4 * leaseMs),
    );
    await createWebhook(room.store, room.environmentId, receiver.url);
    for (let n = 0; n < 2; n++) await room.work({ leaseMs });
    const [eventId] = await emit(room.store, [newEvent(room.environmentId)]);
    const [row] = await room.deliveries({ eventId });
    const data = { environmentId: room.environmentId, deliveryId: row?.delivery_id ?? "" };
    // So many that each of the two is asked to make it.
    const jobs = Array.from({ length: 12 }, (_, n) => ({ data, startAfter: (1 + n / 6) * leaseMs }));
    await room.store.queue.enqueue(room.store.db, "deliver", jobs);
    await room.settled(all("delivered"));
    expect(receiver.requests).toHaveLength(1);
  });

  it("is given back when its process stops, and counts no attempt", async () => {
    const receiver = await room.receive(hang);
    await createWebhook(room.store, room.environmentId, receiver.url);
    await room.work({ timeoutMs: 3_600_000 });
    await emit(room.store, [newEvent(room.environmentId)]);
    await waitFor(() => receiver.requests.length === 1);
    await room.stop();
    const [row] = await room.deliveries();
    expect(row).toMatchObject({ state: "pending", attempts: 0 });
  });
});
