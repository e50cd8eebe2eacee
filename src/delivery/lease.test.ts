/** An attempt may take long. No other process repeats it meanwhile, and a stopping process does not wait for it. */
import { describe, expect, it } from "vitest";
import { createWebhook, emit, newEvent } from "../../test/support/delivery.ts";
import { all, DeliveryFixture } from "../../test/support/delivery-fixture.ts";
import { hang, waitFor } from "../../test/support/receiver.ts";
import { putDue } from "../store/due-deliveries.ts";

const fixture = new DeliveryFixture();

describe("a delivery that takes longer than its lease", () => {
  it("is not attempted by another process meanwhile", async () => {
    const leaseMs = 2_000;
    const receiver = await fixture.receive(
      (response) => void setTimeout(() => response.end("taken"), 3 * leaseMs),
    );
    await createWebhook(fixture.store, fixture.environmentId, receiver.url);
    for (let n = 0; n < 2; n++) await fixture.work({ leaseMs });
    const [eventId] = await emit(fixture.store, [newEvent(fixture.environmentId)]);
    const [row] = await fixture.deliveries({ eventId });
    const id = { environmentId: fixture.environmentId, deliveryId: row?.delivery_id ?? "" };
    await receiver.received(1);
    // Often enough that both processes take it.
    const again = setInterval(() => void putDue(fixture.store.db, [id]), leaseMs / 6);
    await fixture.settled(all("delivered"));
    clearInterval(again);
    expect(receiver.requests).toHaveLength(1);
  });

  it("is given back when its process stops, and counts no attempt", async () => {
    const receiver = await fixture.receive(hang);
    await createWebhook(fixture.store, fixture.environmentId, receiver.url);
    await fixture.work({ timeoutMs: 3_600_000 });
    await emit(fixture.store, [newEvent(fixture.environmentId)]);
    await waitFor(() => receiver.requests.length === 1);
    await fixture.stop();
    const [row] = await fixture.deliveries();
    expect(row).toMatchObject({ state: "pending", attempts: 0 });
  });
});
