/** A change of settings holds from the next attempt on, and never in the middle of one. */
import type { ServerResponse } from "node:http";
import { verifyTerraWebhookSignature } from "terra-api";
import { describe, expect, it } from "vitest";
import { createWebhook, emit, newEvent } from "../../test/support/delivery.ts";
import { all, DeliveryRoom } from "../../test/support/delivery-room.ts";
import type { ReceivedRequest } from "../../test/support/receiver.ts";
import { newWebhookSecret } from "../destinations/webhook/signing.ts";
import { changeDestination } from "./activation.ts";

const room = new DeliveryRoom();

const isSignedWith = (secret: string, request: ReceivedRequest | undefined): Promise<boolean> =>
  verifyTerraWebhookSignature(
    String(request?.body),
    String(request?.headers["terra-signature"]),
    secret,
  ).catch(() => false);

describe("a change of settings", () => {
  it("leaves the attempt under way alone, and the next one has the new settings", async () => {
    const waiting: ServerResponse[] = [];
    const former = await room.receive((response) => void waiting.push(response));
    const latter = await room.receive();
    const destination = await createWebhook(room.store, room.environmentId, former.url);
    await room.work();
    const [first] = await emit(room.store, [newEvent(room.environmentId)]);
    await former.received(1);
    const secret = newWebhookSecret();
    const settings = { url: latter.url, secret, gzip: true };
    await changeDestination(room.store, destination, { settings });
    const [second] = await emit(room.store, [newEvent(room.environmentId)]);
    await latter.received(1);
    expect(latter.requests[0]?.headers).toMatchObject({ "webhook-id": second, "content-encoding": "gzip" });
    // The first one is still being made, where and as it began.
    expect((await room.deliveries({ eventId: first }))[0]).toMatchObject({ state: "pending", attempts: 0 });
    for (const response of waiting) response.writeHead(200).end("as before");
    await room.settled(all("delivered"));
    expect(former.requests.map(({ headers }) => headers["webhook-id"])).toEqual([first]);
    expect(await isSignedWith(destination.secret, former.requests[0])).toBe(true);
    expect(former.requests[0]?.headers).not.toHaveProperty("content-encoding");
    const [row] = await room.deliveries({ eventId: first });
    expect(await room.attemptsOf(row)).toMatchObject([{ number: 1, status: 200, response: "as before" }]);
    expect(latter.requests).toHaveLength(1);
  });

  it("reaches what failed before it with its next attempt", async () => {
    const former = await room.receive((response) => void response.writeHead(500).end());
    const latter = await room.receive();
    const destination = await createWebhook(room.store, room.environmentId, former.url);
    await room.work();
    const [eventId] = await emit(room.store, [newEvent(room.environmentId)]);
    await room.settled(([row]) => row?.attempts === 1);
    const settings = { url: latter.url, secret: newWebhookSecret() };
    await changeDestination(room.store, destination, { settings, active: true });
    await room.settled(all("delivered"));
    expect(latter.requests.map(({ headers }) => headers["webhook-id"])).toEqual([eventId]);
    expect(former.requests).toHaveLength(1);
    expect(await isSignedWith(settings.secret, latter.requests[0])).toBe(true);
  });
});
