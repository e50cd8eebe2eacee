/** A large body over a slow connection: the sender waits while it moves, and the answer's time begins afterwards. */
import { createServer, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { createAddressGuard } from "../../security/address-guard.ts";
import { dataEvent } from "../conformance/events.ts";
import type { OutgoingEvent, Sender } from "../destination.ts";
import type { RequestLimits } from "./request-clock.ts";
import { connectWebhook } from "./sender.ts";
import { newWebhookSecret } from "./signing.ts";

const mebibyte = 1_024 * 1_024;
const bodyBytes = 9 * mebibyte;
const limits: RequestLimits = {
  connectMs: 5_000,
  stallMs: 2_000,
  answerMs: 1_000,
  bytesPerSecond: mebibyte / 4,
};
/** The receiver takes a piece of this size at each tick. */
const pieceBytes = 64 * 1_024;

const open: { close(): unknown }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

interface Receiving {
  /** Number of bytes read. */
  read: number;
  /** Time from the first byte read to the last. */
  tookMs: number;
}

interface Behaviour {
  /** Time between two pieces. */
  readonly tickMs: number;
  /** Stops reading after so many bytes. */
  readonly stopsAfter?: number;
  readonly answers?: boolean;
}

/** A receiver that reads slowly, so that the system's buffers fill and the sender has to wait. */
function takeSlowly(
  socket: Socket,
  { tickMs, stopsAfter, answers = true }: Behaviour,
  seen: Receiving,
): void {
  const began = performance.now();
  const timer = setInterval(() => {
    if (seen.read >= (stopsAfter ?? Number.POSITIVE_INFINITY)) return;
    const piece: Buffer | null = socket.read(Math.min(pieceBytes, socket.readableLength));
    seen.read += piece?.length ?? 0;
    seen.tookMs = performance.now() - began;
    if (seen.read < bodyBytes || !answers) return;
    clearInterval(timer);
    socket.end("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
  }, tickMs);
  socket.on("close", () => clearInterval(timer)).on("error", () => {});
}

async function receiving(
  behaviour: Behaviour,
  bytesPerSecond = limits.bytesPerSecond,
): Promise<{ sender: Sender; seen: Receiving }> {
  const seen: Receiving = { read: 0, tookMs: 0 };
  const sockets = new Set<Socket>();
  const server = createServer({ highWaterMark: pieceBytes }, (socket) => {
    sockets.add(socket);
    // A stream in paused mode buffers no more than its high-water mark.
    socket.on("readable", () => {});
    takeSlowly(socket, behaviour, seen);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  const guard = createAddressGuard({ allowPrivate: true });
  const sender = connectWebhook({ url: `http://127.0.0.1:${port}/`, secret: newWebhookSecret() }, guard, {
    ...limits,
    bytesPerSecond,
  });
  open.push(sender, {
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  });
  return { sender, seen };
}

const large = (): OutgoingEvent => ({ ...dataEvent(), body: Buffer.alloc(bodyBytes, "x") });
const endless = (): AbortSignal => new AbortController().signal;
const late = (reason: string) => ({ code: "DELIVERY_TIMEOUT", retry: "later", details: { reason } });

describe("a large body over a slow line", () => {
  it("is taken, though it takes several times as long as an answer may", async () => {
    const { sender, seen } = await receiving({ tickMs: 25 });
    expect(await sender.deliver(large(), endless())).toMatchObject({ status: 200 });
    expect(seen.read).toBeGreaterThanOrEqual(bodyBytes);
    expect(seen.tookMs, "the line was slow").toBeGreaterThan(3 * limits.answerMs);
  });

  it("is given up when it stops moving", async () => {
    const { sender, seen } = await receiving({ tickMs: 1, stopsAfter: 2 * mebibyte });
    await expect(sender.deliver(large(), endless())).rejects.toMatchObject(late("the body stopped moving"));
    expect(seen.read).toBeLessThan(bodyBytes);
  });

  it("is given up when it moves more slowly than its size allows", async () => {
    const { sender } = await receiving({ tickMs: 100 }, 4 * mebibyte);
    await expect(sender.deliver(large(), endless())).rejects.toMatchObject(late("the body moves too slowly"));
  });

  it("is given up when it arrived and no answer comes", async () => {
    const { sender, seen } = await receiving({ tickMs: 1, answers: false });
    await expect(sender.deliver(large(), endless())).rejects.toMatchObject(late("no answer within 1000 ms"));
    expect(seen.read).toBeGreaterThanOrEqual(bodyBytes);
  });
});
