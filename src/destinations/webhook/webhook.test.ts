import { createHmac } from "node:crypto";
import { verifyTerraWebhookSignature } from "terra-api";
import { afterEach, describe, expect, it } from "vitest";
import { type Receiver, startReceiver, status } from "../../../test/support/receiver.ts";
import { createAddressGuard } from "../../security/address-guard.ts";
import { dataEvent, plainEvent } from "../conformance/events.ts";
import { testDestination } from "../conformance/suite.ts";
import type { DeliveryError, Sender } from "../destination.ts";
import webhook from "./index.ts";
import { newWebhookSecret } from "./signing.ts";
import { behaviour, startTarget } from "./target.ts";

const openGuard = createAddressGuard({ allowPrivate: true });
const secret = newWebhookSecret();
const deadline = () => AbortSignal.timeout(8_000);

testDestination(behaviour, startTarget, {
  "credentials that are refused are told apart": "a webhook has none: the receiver checks our signature",
  "check tells each missing permission apart": "a webhook knows no permissions",
});

let receiver: Receiver | undefined;
let sender: Sender | undefined;
afterEach(async () => {
  await receiver?.close();
  await sender?.close();
});

async function connected(answer = status(200), more: { previous_secret?: string } = {}) {
  receiver = await startReceiver(answer);
  sender = webhook.connect({ url: receiver.url, secret, ...more }, openGuard);
  return { receiver, sender };
}

const failureOf = (promise: Promise<unknown>): Promise<DeliveryError> =>
  promise.then(
    () => expect.unreachable("it was delivered"),
    (error: DeliveryError) => error,
  );

/** The signature as Standard Webhooks' own libraries compute it. */
const standard = (key: string, id: string, timestamp: string, body: Buffer): string =>
  createHmac("sha256", Buffer.from(key.replace("whsec_", ""), "base64"))
    .update(`${id}.${timestamp}.${body.toString("utf8")}`)
    .digest("base64");

describe("what a receiver sees", () => {
  it("is signed so that terra-api verifies it with the secret as it was issued", async () => {
    const { receiver, sender } = await connected();
    const event = dataEvent();
    await sender.deliver(event, deadline());
    const [request] = receiver.requests;
    const body = request?.body.toString("utf8") ?? "";
    const header = String(request?.headers["terra-signature"]);
    await expect(verifyTerraWebhookSignature(body, header, secret)).resolves.toBe(true);
    await expect(verifyTerraWebhookSignature(`${body} `, header, secret)).rejects.toThrow();
    await expect(verifyTerraWebhookSignature(body, header, newWebhookSecret())).rejects.toThrow();
    // Terra's Java client wants the whole header to look like this.
    expect(header).toMatch(/^t=\d+,v1=[0-9a-f]+$/);
    expect(request?.headers["x-terra-signature"]).toBe(header);
  });

  it("carries every header of the contract", async () => {
    const { receiver, sender } = await connected();
    const event = dataEvent();
    await sender.deliver(event, deadline());
    const [request] = receiver.requests;
    expect(request?.method).toBe("POST");
    expect(request?.path).toBe("/hook?from=systole");
    const headers = request?.headers ?? {};
    expect(headers).toMatchObject({
      "content-type": "application/json",
      "content-length": String(event.body.length),
      "terra-reference": event.reference,
      "x-terra-trace-id": event.traceId,
      "x-terra-ordering-timestamp": String(event.orderingTimestamp),
      "webhook-id": event.id,
      "x-systole-revision": "1",
    });
    expect(headers["user-agent"]).toMatch(/^Systole\/\d+\.\d+\.\d+/);
    const timestamp = String(headers["webhook-timestamp"]);
    expect(Math.abs(Number(timestamp) * 1_000 - Date.now())).toBeLessThan(5_000);
    expect(headers["webhook-signature"]).toBe(`v1,${standard(secret, event.id, timestamp, event.body)}`);
  });

  it("has no revision when the event is about no record", async () => {
    const { receiver, sender } = await connected();
    await sender.deliver(plainEvent("auth"), deadline());
    expect(receiver.requests[0]?.headers).not.toHaveProperty("x-systole-revision");
  });

  it("is signed with both secrets during a rotation", async () => {
    const former = newWebhookSecret();
    const { receiver, sender } = await connected(status(200), { previous_secret: former });
    const event = dataEvent();
    await sender.deliver(event, deadline());
    const headers = receiver.requests[0]?.headers ?? {};
    const body = event.body.toString("utf8");
    for (const key of [secret, former]) {
      await expect(verifyTerraWebhookSignature(body, String(headers["terra-signature"]), key)).resolves.toBe(
        true,
      );
    }
    const timestamp = String(headers["webhook-timestamp"]);
    const expected = [secret, former].map((key) => `v1,${standard(key, event.id, timestamp, event.body)}`);
    expect(headers["webhook-signature"]).toBe(expected.join(" "));
  });

  it("comes over few connections, also after refusals with short answers", async () => {
    const { receiver, sender } = await connected((response, _, number) =>
      response.writeHead(number % 2 === 0 ? 200 : 500).end("x".repeat(5_000)),
    );
    for (let n = 0; n < 10; n++) await sender.deliver(dataEvent(), deadline()).catch(() => {});
    expect(receiver.requests.length).toBe(10);
    // A connection may still be reading the former answer when the next event comes.
    expect(receiver.connections).toBeLessThanOrEqual(2);
  });

  it("can be tried with a healthcheck that is signed like the rest", async () => {
    const { receiver, sender } = await connected(status(200, {}, "healthy"));
    expect(await sender.check(deadline())).toEqual({ status: 200, response: "healthy" });
    const body = receiver.requests[0]?.body.toString("utf8") ?? "";
    expect(JSON.parse(body).type).toBe("healthcheck");
    const header = String(receiver.requests[0]?.headers["terra-signature"]);
    await expect(verifyTerraWebhookSignature(body, header, secret)).resolves.toBe(true);
  });
});

describe("what an answer means", () => {
  it.each([200, 201, 202, 204])("%i is taken", async (code) => {
    const { sender } = await connected(status(code, {}, code === 204 ? "" : "thanks"));
    expect(await sender.deliver(dataEvent(), deadline())).toMatchObject({ status: code });
  });

  it.each([301, 302, 307, 308, 400, 401, 403, 404, 422, 429, 500, 503])(
    "%i is tried again later",
    async (code) => {
      const { receiver, sender } = await connected(status(code, { location: "/elsewhere" }, "no"));
      const thrown = await failureOf(sender.deliver(dataEvent(), deadline()));
      expect(thrown).toMatchObject({
        code: "DELIVERY_FAILED",
        retry: "later",
        receipt: { status: code, response: "no" },
      });
      expect(receiver.requests.length).toBe(1);
    },
  );

  it("410 disables", async () => {
    const { sender } = await connected(status(410, {}, "moved away"));
    const thrown = await failureOf(sender.deliver(dataEvent(), deadline()));
    expect(thrown).toMatchObject({ code: "DELIVERY_GONE", retry: "disable", receipt: { status: 410 } });
  });

  it.each([
    ["120", 120_000, 120_000],
    [new Date(Date.now() + 3_600_000).toUTCString(), 3_000_000, 3_601_000],
    [new Date(Date.now() - 3_600_000).toUTCString(), 0, 0],
  ])("Retry-After: %s", async (value, atLeast, atMost) => {
    const { sender } = await connected(status(503, { "retry-after": value }));
    const { retryAfterMs } = await failureOf(sender.deliver(dataEvent(), deadline()));
    expect(retryAfterMs).toBeGreaterThanOrEqual(atLeast);
    expect(retryAfterMs).toBeLessThanOrEqual(atMost);
  });

  it("a Retry-After that cannot be read is ignored", async () => {
    const { sender } = await connected(status(503, { "retry-after": "soon" }));
    expect((await failureOf(sender.deliver(dataEvent(), deadline()))).retryAfterMs).toBeNull();
  });
});

describe("settings", () => {
  it("are refused unless they name an http(s) address without credentials", () => {
    for (const url of [
      "ftp://example.com/",
      "example.com",
      "http://",
      "file:///etc/passwd",
      "https://a:b@example.com/",
    ]) {
      expect(webhook.settings.safeParse({ url, secret }).success).toBe(false);
    }
    expect(webhook.settings.safeParse({ url: "https://example.com/hook", secret }).success).toBe(true);
    expect(webhook.settings.safeParse({ url: "https://example.com/", secret, extra: 1 }).success).toBe(false);
  });

  it("get a new secret, unless one was brought along", () => {
    const url = "https://example.com/";
    const issued = webhook.issueSecrets?.({ url } as never);
    expect(issued?.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(webhook.settings.parse(issued?.settings)).toEqual({ url, secret: issued?.secret });
    const own = "a-secret-from-terra-0123456789";
    expect(webhook.issueSecrets?.({ url, secret: own })).toEqual({
      settings: { url, secret: own },
      secret: own,
    });
  });
});
