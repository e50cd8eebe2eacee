import { createServer } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { type Receiver, startReceiver, status } from "../../../test/support/receiver.ts";
import { createAddressGuard } from "../../security/address-guard.ts";
import { dataEvent } from "../conformance/events.ts";
import type { DeliveryError, Sender } from "../destination.ts";
import webhook from "./index.ts";
import { newWebhookSecret } from "./signing.ts";

const openGuard = createAddressGuard({ allowPrivate: true });
const secret = newWebhookSecret();
const deadline = () => AbortSignal.timeout(8_000);
/** A signal that never aborts: a sender that waited for the end of an answer would wait for ever. */
const unlimited = new AbortController().signal;

let receiver: Receiver | undefined;
let sender: Sender | undefined;
afterEach(async () => {
  await receiver?.close();
  await sender?.close();
});

async function connected(answer = status(200)) {
  receiver = await startReceiver(answer);
  sender = webhook.connect({ url: receiver.url, secret }, openGuard);
  return { receiver, sender };
}

const failureOf = (promise: Promise<unknown>): Promise<DeliveryError> =>
  promise.then(
    () => expect.unreachable("it was delivered"),
    (error: DeliveryError) => error,
  );

describe("hostile receivers", () => {
  it("keeps one kilobyte of an endless answer and does not wait for its end", async () => {
    const { sender } = await connected((response) => {
      response.writeHead(500);
      const flood = (): void => {
        while (!response.destroyed && response.write("x".repeat(65_536)));
        if (!response.destroyed) response.once("drain", flood);
      };
      flood();
    });
    const thrown = await failureOf(sender.deliver(dataEvent(), unlimited));
    expect(thrown.receipt).toEqual({ status: 500, response: "x".repeat(1_024) });
  });

  it("counts a 2xx whose body never ends as taken", async () => {
    const { sender } = await connected((response) => void response.writeHead(200).write("taken"));
    expect(await sender.deliver(dataEvent(), unlimited)).toEqual({ status: 200, response: "taken" });
  });

  it("reads an answer that is no text as well as it can", async () => {
    const { sender } = await connected((response) => response.end(Buffer.from([0xff, 0xfe, 65])));
    expect((await sender.deliver(dataEvent(), deadline())).response).toBe("\ufffd\ufffdA");
  });

  it.each([
    ["resets the connection", "reset"],
    ["answers garbage", "garbage"],
    ["hangs up", "hang up"],
  ])("%s: tried again later", async (_, how) => {
    const server = createServer((socket) => {
      socket.on("error", () => {});
      socket.once("data", () => {
        if (how === "reset") socket.resetAndDestroy();
        else socket.end(how === "garbage" ? "SSH-2.0-OpenSSH_9.2\r\n\0\0" : "");
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };
    sender = webhook.connect({ url: `http://127.0.0.1:${port}/`, secret }, openGuard);
    const thrown = await failureOf(sender.deliver(dataEvent(), deadline()));
    expect(thrown).toMatchObject({ code: "DELIVERY_FAILED", retry: "later", receipt: {} });
    server.close();
  });

  it("speaks no TLS with a receiver that has none", async () => {
    receiver = await startReceiver();
    sender = webhook.connect({ url: receiver.url.replace("http:", "https:"), secret }, openGuard);
    expect((await failureOf(sender.deliver(dataEvent(), deadline()))).retry).toBe("later");
    expect(receiver.requests.length).toBe(0);
  });
});

describe("addresses", () => {
  const closedGuard = createAddressGuard({ allowPrivate: false });

  it("refuses a private literal when the sender is made", () => {
    for (const host of ["127.0.0.1", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]", "169.254.169.254"]) {
      expect(() => webhook.connect({ url: `http://${host}/`, secret }, closedGuard)).toThrow(
        expect.objectContaining({ code: "DESTINATION_ADDRESS_PRIVATE" }),
      );
    }
  });

  it("refuses a name that resolves to a private address when it connects", async () => {
    receiver = await startReceiver();
    const url = receiver.url.replace("127.0.0.1", "localhost");
    // The guard refuses this name before the look-up; here it stands for any name that resolves to a private address.
    sender = webhook.connect({ url, secret }, { lookup: closedGuard.lookup, assertAddressAllowed: () => {} });
    const thrown = await failureOf(sender.deliver(dataEvent(), deadline()));
    expect(thrown.code).toBe("DESTINATION_ADDRESS_PRIVATE");
    expect(receiver.connections).toBe(0);
  });
});
