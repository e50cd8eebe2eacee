/** A receiver cannot make us wait longer than the limits say, or read more than a kilobyte. */
import { createServer, type Server, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { hang, type Receiver, startReceiver, status, waitFor } from "../../../test/support/receiver.ts";
import { createAddressGuard } from "../../security/address-guard.ts";
import { dataEvent } from "../conformance/events.ts";
import { DeliveryError, type Sender, type SenderContext } from "../destination.ts";
import { connectWebhook } from "./sender.ts";
import { newWebhookSecret } from "./signing.ts";

const guard = createAddressGuard({ allowPrivate: true });
const secret = newWebhookSecret();
/** Limits in place of the usual eight seconds. */
const limitMs = 300;
/** Limits for requests that must succeed, also on a busy machine. */
const patientMs = 30_000;
/** A signal that never aborts, so that only the sender's own clock can end an attempt. */
const endless = () => new AbortController().signal;

const open: { close(): unknown }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

function senderTo(url: string, context: SenderContext = guard, timeoutMs = limitMs): Sender {
  const limits = {
    connectMs: timeoutMs,
    stallMs: timeoutMs,
    answerMs: timeoutMs,
    bytesPerSecond: Number.POSITIVE_INFINITY,
  };
  const sender = connectWebhook({ url, secret }, context, limits);
  open.push(sender);
  return sender;
}

const patientSenderTo = (url: string): Sender => senderTo(url, guard, patientMs);

async function receiving(answer = status(200)): Promise<Receiver> {
  const receiver = await startReceiver(answer);
  open.push(receiver);
  return receiver;
}

/** A server that sends only what the test says. */
async function listening(onSocket: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket.on("error", () => {}));
    onSocket(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  open.push({
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  });
  return (server.address() as { port: number }).port;
}

/** Sends a byte every few milliseconds, for ever. */
const drip = (socket: {
  write(text: string): unknown;
  on(event: "close", listener: () => void): unknown;
}) => {
  const timer = setInterval(() => socket.write("x"), 20);
  socket.on("close", () => clearInterval(timer));
};

const late = { code: "DELIVERY_TIMEOUT", retry: "later", receipt: {} };

describe("the time each part of a delivery may take", () => {
  const stages: Record<string, () => Promise<Sender>> = {
    "a name that is never resolved": async () =>
      senderTo("http://example.com/", { ...guard, lookup: () => {} }),
    "a receiver that never begins TLS": async () =>
      senderTo(`https://127.0.0.1:${await listening(() => {})}/`),
    "a receiver that never reads": async () =>
      senderTo(`http://127.0.0.1:${await listening((socket) => socket.pause())}/`),
    "a receiver that never answers": async () => senderTo((await receiving(hang)).url),
    "a receiver that drips its headers": async () => {
      const port = await listening((socket) => {
        socket.write("HTTP/1.1 200 OK\r\nx-slow: ");
        drip(socket);
      });
      return senderTo(`http://127.0.0.1:${port}/`);
    },
    "a receiver that says «continue» for ever": async () => {
      const port = await listening((socket) => {
        const timer = setInterval(() => socket.write("HTTP/1.1 102 Processing\r\n\r\n"), 20);
        socket.on("close", () => clearInterval(timer));
      });
      return senderTo(`http://127.0.0.1:${port}/`);
    },
  };

  it.each(Object.entries(stages))("ends %s", async (_, connect) => {
    const sender = await connect();
    const large = { ...dataEvent(), body: Buffer.alloc(8 * 1_024 * 1_024, "x") };
    await expect(sender.deliver(large, endless())).rejects.toMatchObject(late);
    await expect(sender.check(endless())).rejects.toMatchObject(late);
  });

  it("counts from the beginning also for requests that wait for a connection", async () => {
    const receiver = await receiving(hang);
    const sender = senderTo(receiver.url);
    const many = Array.from({ length: 40 }, () => sender.deliver(dataEvent(), endless()));
    for (const outcome of await Promise.allSettled(many)) {
      expect(outcome).toMatchObject({ status: "rejected", reason: late });
    }
  });

  it("is the caller's, where that is shorter, and ends at once also while connecting", async () => {
    const sender = senderTo("http://example.com/", { ...guard, lookup: () => {} }, 3_600_000);
    await expect(sender.deliver(dataEvent(), AbortSignal.timeout(100))).rejects.toMatchObject(late);
    await expect(sender.deliver(dataEvent(), AbortSignal.abort())).rejects.toMatchObject(late);
  });

  it("lets nothing go out later that was given up", async () => {
    const receiver = await receiving();
    const { promise: found, resolve: find } = Promise.withResolvers<void>();
    const lookup: SenderContext["lookup"] = (_name, options, callback) => {
      const local = { address: "127.0.0.1", family: 4 };
      void found.then(() => callback(null, options.all ? [local] : local.address, local.family));
    };
    const url = receiver.url.replace("127.0.0.1", "example.com");
    const sender = senderTo(url, { ...guard, lookup }, 3_600_000);
    await expect(sender.deliver(dataEvent(), AbortSignal.timeout(100))).rejects.toMatchObject(late);
    find();
    const next = dataEvent();
    expect(await sender.deliver(next, endless())).toMatchObject({ status: 200 });
    expect(receiver.requests.map(({ headers }) => headers["webhook-id"])).toEqual([next.id]);
  });

  it("does not make a failure of an answer that came in time and does not end", async () => {
    const receiver = await receiving((response) => {
      response.writeHead(202).write("taken");
      drip(response);
    });
    const { status: code, response } = await patientSenderTo(receiver.url).deliver(dataEvent(), endless());
    expect([code, response]).toEqual([202, expect.stringMatching(/^takenx*$/)]);
    receiver.answer((response) => {
      response.writeHead(500).write("broken");
      drip(response);
    });
    const failure = await patientSenderTo(receiver.url)
      .deliver(dataEvent(), endless())
      .catch((error: DeliveryError) => error);
    expect(failure).toBeInstanceOf(DeliveryError);
    expect(failure).toMatchObject({ code: "DELIVERY_FAILED", receipt: { status: 500 } });
  });
});

describe("the part of an answer that is read", () => {
  const answering = (bytes: number) =>
    receiving((response) => response.writeHead(200).end("x".repeat(bytes)));
  const delivered = async (sender: Sender, times: number) => {
    for (let n = 0; n < times; n++) await sender.deliver(dataEvent(), endless());
  };

  it("is a kilobyte, which keeps the connection", async () => {
    const receiver = await answering(1_024);
    const sender = patientSenderTo(receiver.url);
    const receipt = await sender.deliver(dataEvent(), endless());
    expect(receipt.response).toBe("x".repeat(1_024));
    await delivered(sender, 9);
    // A connection may still be reading the former answer when the next event comes.
    expect(receiver.connections).toBeLessThanOrEqual(2);
  });

  it("is limited, and a longer answer ends its connection", async () => {
    // Bytes that come with the first kilobyte in one piece are read as well; the answer has to be longer than that.
    const receiver = await answering(256 * 1_024);
    const sender = patientSenderTo(receiver.url);
    expect((await sender.deliver(dataEvent(), endless())).response).toBe("x".repeat(1_024));
    await delivered(sender, 4);
    expect(receiver.connections).toBe(5);
  });

  it("does not include an answer that never ends", async () => {
    let sent = 0;
    let ended = false;
    const receiver = await receiving((response) => {
      response.writeHead(200).on("close", () => {
        ended = true;
      });
      const flood = (): void => {
        while (!response.destroyed && response.write("x".repeat(65_536))) sent += 65_536;
        if (!response.destroyed) response.once("drain", flood);
      };
      flood();
    });
    await patientSenderTo(receiver.url).deliver(dataEvent(), endless());
    await waitFor(() => ended);
    expect(sent).toBeLessThan(32 * 1_024 * 1_024);
  });
});
