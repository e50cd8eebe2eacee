import type { ServerOptions } from "node:https";
import { afterEach, describe, expect, it } from "vitest";
import { newAuthority } from "../../../test/support/certificates.ts";
import { type Receiver, startReceiver, status } from "../../../test/support/receiver.ts";
import { createAddressGuard } from "../../security/address-guard.ts";
import { dataEvent } from "../conformance/events.ts";
import { DeliveryError, type Sender } from "../destination.ts";
import webhook from "./index.ts";
import { newWebhookSecret } from "./signing.ts";

const guard = createAddressGuard({ allowPrivate: true });
const secret = newWebhookSecret();
const ours = newAuthority();
const theirs = newAuthority("Somebody else's authority");
const server = ours.issue("127.0.0.1");
const client = ours.issue("systole");

let receiver: Receiver | undefined;
let sender: Sender | undefined;
afterEach(async () => {
  await receiver?.close();
  await sender?.close();
});

const certified: ServerOptions = { cert: server.certificate, key: server.key };
const demanding = { ...certified, ca: ours.certificate, requestCert: true, rejectUnauthorized: true };

async function tried(tls: ServerOptions, settings: object, answer = status(200)) {
  receiver = await startReceiver(answer, 0, tls);
  sender = webhook.connect(webhook.settings.parse({ url: receiver.url, secret, ...settings }), guard);
  const outcome = await sender.deliver(dataEvent(), AbortSignal.timeout(8_000)).catch((error) => error);
  return { outcome, requests: receiver.requests.length };
}

const mutual = { ca: ours.certificate, client_certificate: client.certificate, client_key: client.key };
const refused = { outcome: expect.any(DeliveryError), requests: 0 };

describe("a receiver with an authority of its own", () => {
  it("is reached once that authority is trusted, and not before", async () => {
    expect(await tried(certified, { ca: ours.certificate })).toMatchObject({ outcome: { status: 200 } });
    await receiver?.close();
    expect(await tried(certified, {})).toEqual(refused);
    await receiver?.close();
    expect(await tried(certified, { ca: theirs.certificate })).toEqual(refused);
    const both = `${theirs.certificate}${ours.certificate}`;
    await receiver?.close();
    expect(await tried(certified, { ca: both })).toMatchObject({ outcome: { status: 200 } });
  });

  it.each([
    ["of another name", ours.issue("another.example")],
    [
      "that has expired",
      ours.issue("127.0.0.1", { from: new Date("2024-01-01"), to: new Date("2024-02-01") }),
    ],
    ["of an authority nobody trusts", theirs.issue("127.0.0.1")],
  ])("is not reached with a certificate %s", async (_, { certificate, key }) => {
    const { outcome, requests } = await tried({ cert: certificate, key }, { ca: ours.certificate });
    expect(outcome).toMatchObject({ code: "DELIVERY_FAILED", retry: "later" });
    expect(requests).toBe(0);
  });

  it("is verified whatever the environment variables say", async () => {
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = "0";
    try {
      expect(await tried(certified, {})).toEqual(refused);
    } finally {
      delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
    }
  });

  it("may not go on in plain text after a redirect", async () => {
    const plain = await startReceiver();
    const moved = status(307, { location: plain.url });
    const { outcome } = await tried(certified, { ca: ours.certificate }, moved);
    expect(outcome).toMatchObject({ code: "DELIVERY_FAILED", receipt: { status: 307 } });
    expect(plain.connections).toBe(0);
    await plain.close();
  });
});

describe("a receiver that demands a certificate", () => {
  it("takes ours, also over TLS 1.2", async () => {
    expect(await tried(demanding, mutual)).toMatchObject({ outcome: { status: 200 }, requests: 1 });
    await receiver?.close();
    const older = { ...demanding, maxVersion: "TLSv1.2" } as const;
    expect(await tried(older, mutual)).toMatchObject({ outcome: { status: 200 }, requests: 1 });
  });

  it.each(["TLSv1.2", "TLSv1.3"] as const)(
    "says so when there is none, or one of another authority (%s)",
    async (version) => {
      const only = { ...demanding, minVersion: version, maxVersion: version };
      const unknown = theirs.issue("systole");
      const wrong = { client_certificate: unknown.certificate, client_key: unknown.key };
      for (const settings of [{ ca: ours.certificate }, { ...mutual, ...wrong }]) {
        const { outcome, requests } = await tried(only, settings);
        expect(outcome).toMatchObject({ code: "DELIVERY_FAILED", retry: "later" });
        expect(outcome.details.reason).not.toBe("");
        expect(requests).toBe(0);
        await receiver?.close();
      }
    },
  );
});

describe("TLS settings", () => {
  const url = "https://example.com/";
  const problems = (settings: object) =>
    (webhook.settings.safeParse({ url, secret, ...settings }).error?.issues ?? []).map(
      ({ path, message }) => `${path.join(".")} ${message}`,
    );
  const { certificate, key } = client;

  it("are taken when they fit each other", () => {
    expect(problems(mutual)).toEqual([]);
    expect(problems({ client_certificate: `${certificate}${ours.certificate}`, client_key: key })).toEqual(
      [],
    );
  });

  it("come in pairs that belong together", () => {
    expect(problems({ client_certificate: certificate })).toEqual([
      "client_key is missing beside client_certificate",
    ]);
    expect(problems({ client_key: key })).toEqual(["client_certificate is missing beside client_key"]);
    expect(problems({ client_certificate: certificate, client_key: server.key })).toEqual([
      "client_key is not the key of client_certificate",
    ]);
  });

  it("are refused when they cannot be read, without being repeated", () => {
    const hidden = "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----";
    const found = problems({ ca: "an authority", client_certificate: certificate, client_key: hidden });
    expect(found).toEqual(["ca is not PEM that can be read", "client_key is not PEM that can be read"]);
    expect(problems({ client_certificate: hidden, client_key: key })).toEqual([
      "client_certificate is not PEM that can be read",
    ]);
  });

  it("mean nothing without https", () => {
    expect(problems({ url: "http://example.com/", ...mutual })).toEqual([
      "ca needs an https address",
      "client_certificate needs an https address",
      "client_key needs an https address",
    ]);
  });
});
