/** A change of settings applies from the next attempt on, never in the middle of one. */
import type { ServerResponse } from "node:http";
import { verifyTerraWebhookSignature } from "terra-api";
import { describe, expect, it } from "vitest";
import { createWebhook, emit, newEvent } from "../../test/support/delivery.ts";
import { all, DeliveryFixture } from "../../test/support/delivery-fixture.ts";
import type { ReceivedRequest } from "../../test/support/receiver.ts";
import { newWebhookSecret } from "../destinations/webhook/signing.ts";
import { changeDestination } from "./activation.ts";

const fixture = new DeliveryFixture();

const isSignedWith = (secret: string, request: ReceivedRequest | undefined): Promise<boolean> =>
  verifyTerraWebhookSignature(
    String(request?.body),
    String(request?.headers["terra-signature"]),
    secret,
  ).catch(() => false);

describe("a change of settings", () => {
  it("leaves the attempt under way alone, and the next one has the new settings", async () => {
    const waiting: ServerResponse[] = [];
    const former = await fixture.receive((response) => void waiting.push(response));
    const latter = await fixture.receive();
    const destination = await createWebhook(fixture.store, fixture.environmentId, former.url);
    await fixture.work();
    const [first] = await emit(fixture.store, [newEvent(fixture.environmentId)]);
    await former.received(1);
    const secret = newWebhookSecret();
    const settings = { url: latter.url, secret, gzip: true };
    await changeDestination(fixture.store, destination, { settings });
    const [second] = await emit(fixture.store, [newEvent(fixture.environmentId)]);
    await latter.received(1);
    expect(latter.requests[0]?.headers).toMatchObject({ "webhook-id": second, "content-encoding": "gzip" });
    // The first attempt still runs with the settings it began with.
    expect((await fixture.deliveries({ eventId: first }))[0]).toMatchObject({
      state: "pending",
      attempts: 0,
    });
    for (const response of waiting) response.writeHead(200).end("as before");
    await fixture.settled(all("delivered"));
    expect(former.requests.map(({ headers }) => headers["webhook-id"])).toEqual([first]);
    expect(await isSignedWith(destination.secret, former.requests[0])).toBe(true);
    expect(former.requests[0]?.headers).not.toHaveProperty("content-encoding");
    const [row] = await fixture.deliveries({ eventId: first });
    expect(await fixture.attemptsOf(row)).toMatchObject([{ number: 1, status: 200, response: "as before" }]);
    expect(latter.requests).toHaveLength(1);
  });

  it("applies to the next attempt of a delivery that failed before it", async () => {
    const former = await fixture.receive((response) => void response.writeHead(500).end());
    const latter = await fixture.receive();
    const destination = await createWebhook(fixture.store, fixture.environmentId, former.url);
    await fixture.work();
    const [eventId] = await emit(fixture.store, [newEvent(fixture.environmentId)]);
    await fixture.settled(([row]) => row?.attempts === 1);
    const settings = { url: latter.url, secret: newWebhookSecret() };
    await changeDestination(fixture.store, destination, { settings, active: true });
    await fixture.settled(all("delivered"));
    expect(latter.requests.map(({ headers }) => headers["webhook-id"])).toEqual([eventId]);
    expect(former.requests).toHaveLength(1);
    expect(await isSignedWith(settings.secret, latter.requests[0])).toBe(true);
  });
});
