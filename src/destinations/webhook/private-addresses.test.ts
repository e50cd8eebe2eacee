/**
 * No address on our own network can be reached, however it is spelled and whenever a name resolves to it. A receiver
 * on this machine counts the connections that are made.
 */
import { isIPv6 } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type Receiver, startReceiver, status } from "../../../test/support/receiver.ts";
import { createAddressGuard } from "../../security/address-guard.ts";
import { dataEvent } from "../conformance/events.ts";
import type { Sender } from "../destination.ts";
import webhook from "./index.ts";
import { connectWebhook, usualLimits } from "./sender.ts";
import { newWebhookSecret } from "./signing.ts";

const secret = newWebhookSecret();
/** A public address by its form, in a block that was never assigned, so that no server is there. */
const nowhere = "2d00::1";

let receiver: Receiver;
let port: number;
beforeAll(async () => {
  receiver = await startReceiver();
  port = Number(new URL(receiver.url).port);
});
afterAll(() => receiver.close());

let sender: Sender | undefined;
afterEach(async () => {
  await sender?.close();
  sender = undefined;
});

/** A name server that answers each question with the next of these. */
function answering(...answers: readonly (readonly string[])[]) {
  const questions: string[] = [];
  const guard = createAddressGuard({
    allowPrivate: false,
    resolve(hostname, _options, callback) {
      const addresses = answers[Math.min(questions.push(hostname), answers.length) - 1] ?? [];
      const found = addresses.map((address) => ({ address, family: isIPv6(address) ? 6 : 4 }));
      // Asynchronously, as the system's look-up does.
      setImmediate(() => callback(null, found));
    },
  });
  return { guard, questions };
}

const refusal = { code: "DESTINATION_ADDRESS_PRIVATE", retry: "later" };
const deliver = () => sender?.deliver(dataEvent(), AbortSignal.timeout(1_000));

describe("an address in a URL", () => {
  it.each([
    ["decimal", "127.0.0.1"],
    ["with a dot at its end", "127.0.0.1."],
    ["as one number", "2130706433"],
    ["as one octal number", "017700000001"],
    ["as one hexadecimal number", "0x7f000001"],
    ["of octal parts", "0177.0.0.01"],
    ["of hexadecimal parts", "0x7f.0x0.0x0.0x1"],
    ["of mixed parts", "0x7f.0.1"],
    ["with two parts", "127.1"],
    ["in full-width digits", "１２７.０.０.１"],
    ["in circled digits", "①②⑦.⓪.⓪.①"],
    ["percent-encoded", "%31%32%37.0.0.1"],
    ["unspecified", "0.0.0.0"],
    ["zero", "0"],
    ["private", "10.1.2.3"],
    ["of a cloud's metadata", "169.254.169.254"],
    ["of a cloud's metadata, as one number", "2852039166"],
    ["shared by carriers", "100.64.0.1"],
    ["IPv6 loopback", "[::1]"],
    ["IPv6 loopback in full", "[0:0:0:0:0:0:0:1]"],
    ["IPv6 unspecified", "[::]"],
    ["IPv4-mapped", "[::ffff:127.0.0.1]"],
    ["IPv4-mapped in hexadecimal", "[::ffff:7f00:1]"],
    ["IPv4-compatible", "[::127.0.0.1]"],
    ["IPv4-translated", "[::ffff:0:127.0.0.1]"],
    ["NAT64", "[64:ff9b::127.0.0.1]"],
    ["NAT64 of a network's own", "[64:ff9b:1::7f00:1]"],
    ["6to4", "[2002:7f00:1::]"],
    ["Teredo", "[2001:0:53aa::1]"],
    ["link-local", "[fe80::1]"],
    ["unique local", "[fd00:ec2::254]"],
    ["localhost", "localhost"],
    ["localhost with a dot", "localhost."],
    ["below localhost", "app.localhost"],
  ])("is refused when the sender is made: %s", (_, host) => {
    const { guard, questions } = answering([nowhere]);
    const settings = webhook.settings.parse({ url: `http://${host}:${port}/`, secret });
    expect(() => webhook.connect(settings, guard)).toThrow(expect.objectContaining(refusal));
    expect(questions).toEqual([]);
  });
});

describe("what a name resolves to", () => {
  const limits = { ...usualLimits, connectMs: 1_000 };
  const to = (...answers: readonly (readonly string[])[]) => {
    const { guard, questions } = answering(...answers);
    sender = connectWebhook({ url: `http://receiver.example:${port}/`, secret }, guard, limits);
    return questions;
  };

  it.each([
    "127.0.0.1",
    "10.0.0.1",
    "169.254.169.254",
    "0.0.0.0",
    "::1",
    "::",
    "::ffff:127.0.0.1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "fe80::1%lo",
    "fd00::1",
  ])("is refused at the connection: %s", async (address) => {
    to([address]);
    await expect(deliver()).rejects.toMatchObject(refusal);
    expect(receiver.connections).toBe(0);
  });

  it("is refused also when only some of it is private: that part is never tried", async () => {
    to([nowhere, "127.0.0.1", "::1"]);
    await expect(deliver()).rejects.toMatchObject({ retry: "later" });
    expect(receiver.connections).toBe(0);
  });

  it("is the address of the connection: a name server that answers differently later is not asked again", async () => {
    const questions = to([nowhere], ["127.0.0.1"]);
    await expect(deliver()).rejects.toMatchObject({ code: expect.stringMatching(/^DELIVERY_/) });
    expect(questions).toHaveLength(1);
    expect(receiver.connections).toBe(0);
  });

  it("is judged anew at every connection", async () => {
    const questions = to([nowhere], ["127.0.0.1"], ["::1"], ["::ffff:127.0.0.1"]);
    await deliver()?.catch(() => {});
    for (let n = 0; n < 3; n++) await expect(deliver()).rejects.toMatchObject(refusal);
    expect(questions).toHaveLength(4);
    expect(receiver.connections).toBe(0);
  });

  it("is judged for the healthcheck too", async () => {
    to(["127.0.0.1"]);
    await expect(sender?.check(AbortSignal.timeout(1_000))).rejects.toMatchObject(refusal);
    expect(receiver.connections).toBe(0);
  });
});

it("a redirect leads nowhere, not even to an address that would be allowed", async () => {
  const moving = await startReceiver(status(302, { location: receiver.url }));
  const open = createAddressGuard({ allowPrivate: true });
  sender = webhook.connect(webhook.settings.parse({ url: moving.url, secret }), open);
  for (const code of [301, 302, 303, 307, 308]) {
    moving.answer(status(code, { location: receiver.url }));
    await expect(deliver()).rejects.toMatchObject({ code: "DELIVERY_FAILED", receipt: { status: code } });
  }
  expect(receiver.connections).toBe(0);
  await moving.close();
});
