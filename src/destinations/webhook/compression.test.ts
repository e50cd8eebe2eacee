import { gunzipSync } from "node:zlib";
import { verifyTerraWebhookSignature } from "terra-api";
import { afterEach, describe, expect, it } from "vitest";
import { type Receiver, startReceiver } from "../../../test/support/receiver.ts";
import { createAddressGuard } from "../../security/address-guard.ts";
import { dataEvent } from "../conformance/events.ts";
import type { Sender } from "../destination.ts";
import webhook from "./index.ts";
import { newWebhookSecret } from "./signing.ts";

const secret = newWebhookSecret();
let receiver: Receiver;
let sender: Sender;
afterEach(async () => {
  await receiver.close();
  await sender.close();
});

async function connected(settings: object) {
  receiver = await startReceiver();
  const given = webhook.settings.parse({ url: receiver.url, secret, ...settings });
  sender = webhook.connect(given, createAddressGuard({ allowPrivate: true }));
}

describe("gzip", () => {
  it("compresses the body, and signs the uncompressed one", async () => {
    await connected({ gzip: true });
    const event = dataEvent("sleep", [{ members: `"long": "${"é♥".repeat(20_000)}"` }]);
    await sender.deliver(event, AbortSignal.timeout(8_000));
    const [request] = receiver.requests;
    expect(request?.headers).toMatchObject({
      "content-encoding": "gzip",
      "content-type": "application/json",
      "content-length": String(request?.body.length),
    });
    expect(request?.body.length).toBeLessThan(event.body.length / 10);
    const decoded = gunzipSync(request?.body ?? "");
    expect(decoded).toEqual(event.body);
    const signature = String(request?.headers["terra-signature"]);
    await expect(verifyTerraWebhookSignature(decoded.toString(), signature, secret)).resolves.toBe(true);
  });

  it("is tried by the healthcheck too", async () => {
    await connected({ gzip: true });
    await sender.check(AbortSignal.timeout(8_000));
    expect(JSON.parse(gunzipSync(receiver.requests[0]?.body ?? "").toString()).type).toBe("healthcheck");
  });

  it.each([{}, { gzip: false }])("is not done unless it was asked for", async (settings) => {
    await connected(settings);
    const event = dataEvent();
    await sender.deliver(event, AbortSignal.timeout(8_000));
    expect(receiver.requests[0]?.headers).not.toHaveProperty("content-encoding");
    expect(receiver.requests[0]?.body).toEqual(event.body);
  });
});
