/** The address guard lets through the receivers of this server, and nothing that only resembles one. */
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Receiver, startReceiver, status } from "../../test/support/receiver.ts";
import { dataEvent } from "../destinations/conformance/events.ts";
import webhook from "../destinations/webhook/index.ts";
import { newWebhookSecret } from "../destinations/webhook/signing.ts";
import { createAddressGuard } from "../security/address-guard.ts";
import { newSecret } from "../security/secrets.ts";
import { isReceiverUrl, receiverUrl } from "./own-url.ts";

const secret = newWebhookSecret();
let own: Receiver;
let other: Receiver;
let origin: string;
let token: string;
beforeAll(async () => {
  own = await startReceiver();
  other = await startReceiver();
  origin = new URL(own.url).origin;
  token = newSecret();
});
afterAll(async () => {
  await own.close();
  await other.close();
});

/** Delivers as a worker does that may send to no private address but its own receivers. */
async function deliver(url: string): Promise<number | undefined> {
  const guard = createAddressGuard({ allowPrivate: false, isOwn: (one) => isReceiverUrl(origin, one) });
  const settings = webhook.settings.parse({ url, secret });
  const sender = webhook.connect(settings, guard);
  try {
    return (await sender.deliver(dataEvent(), AbortSignal.timeout(5_000))).status;
  } finally {
    await sender.close();
  }
}

const refusal = { code: "DESTINATION_ADDRESS_PRIVATE" };

describe("a destination at this server's own address", () => {
  it("is reached at a receiver's path", async () => {
    const before = own.requests.length;
    expect(await deliver(receiverUrl(origin, token))).toBe(200);
    expect(own.requests.slice(before).map(({ path }) => path)).toEqual([`/receivers/${token}`]);
  });

  it.each([
    ["another path", (path: string) => path.replace("/receivers/", "/admin/v1/")],
    ["the path above", (path: string) => path.replace(/\/receivers.*/, "/receivers/")],
    ["a path below", (path: string) => `${path}/requests`],
    ["a slash at the end", (path: string) => `${path}/`],
    ["dots that lead elsewhere", (path: string) => `${path}/../../admin/v1/keys`],
    ["escaped dots that lead elsewhere", (path: string) => `${path}/%2e%2e/%2e%2e/admin/v1/keys`],
    ["dots before the token", () => `${origin}/receivers/..%2fadmin`],
    ["a backslash", (path: string) => `${path}\\..\\..\\admin`],
    ["an escaped slash", (path: string) => `${path.slice(0, -3)}%2f`],
    ["a doubled slash", (path: string) => path.replace("/receivers", "//receivers")],
    ["a query", (path: string) => `${path}?to=elsewhere`],
    ["a fragment", (path: string) => `${path}#part`],
    ["a token that is too short", (path: string) => path.slice(0, -1)],
    ["a token that is too long", (path: string) => `${path}x`],
    ["other letters' case in the path", (path: string) => path.replace("/receivers/", "/Receivers/")],
    ["another scheme", (path: string) => path.replace("http:", "https:")],
    ["another name of this machine", (path: string) => path.replace("127.0.0.1", "localhost")],
    ["another address of this machine", (path: string) => path.replace("127.0.0.1", "127.0.0.2")],
  ])("is refused with %s, and nothing connects", async (_, changed) => {
    const before = own.connections;
    await expect(deliver(changed(receiverUrl(origin, token)))).rejects.toMatchObject(refusal);
    expect(own.connections).toBe(before);
  });

  it("is refused at another port, and nothing connects there", async () => {
    const url = receiverUrl(new URL(other.url).origin, token);
    await expect(deliver(url)).rejects.toMatchObject(refusal);
    expect(other.connections).toBe(0);
  });

  it("is not followed anywhere else", async () => {
    own.answer(status(307, { location: other.url }));
    await expect(deliver(receiverUrl(origin, token))).rejects.toMatchObject({ receipt: { status: 307 } });
    own.answer(status(200));
    expect(other.connections).toBe(0);
  });

  it("with credentials or another host before it is no address of a receiver", () => {
    for (const url of [
      `http://user@${new URL(origin).host}/receivers/${token}`,
      `http://${new URL(origin).host}@other.example/receivers/${token}`,
      `http://other.example/${origin}/receivers/${token}`,
      `${origin}.other.example/receivers/${token}`,
    ]) {
      expect(URL.canParse(url) && isReceiverUrl(origin, new URL(url)), url).toBe(false);
    }
  });
});

describe("the address of a receiver", () => {
  const base = fc.constantFrom(
    "https://hub.example",
    "https://hub.example/systole",
    "http://[::1]:8080",
    "http://0.0.0.0:8080/",
    "HTTPS://Hub.Example:443",
  );

  it("is known again, whatever our own address is", () => {
    fc.assert(
      fc.property(base, (publicUrl) => {
        expect(isReceiverUrl(publicUrl, new URL(receiverUrl(publicUrl, newSecret())))).toBe(true);
      }),
    );
  });
});
