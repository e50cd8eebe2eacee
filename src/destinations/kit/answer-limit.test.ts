/** A target that answers often: no single answer is too long, but all together are. */
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { createAddressGuard } from "../../security/address-guard.ts";
import { dataEvent } from "../conformance/events.ts";
import type { Destination, Sender } from "../destination.ts";
import { limitAnswers } from "./answer-limit.ts";
import { attemptBytes } from "./attempts-intake.ts";

const answerLength = 3 * 1_024 * 1_024;
const answer = Buffer.alloc(answerLength, "a");
const questions = 100;

let server: Server;
let answered: number;
beforeEach(async () => {
  answered = 0;
  server = createServer((socket) => {
    socket.on("error", () => {});
    socket.on("data", () => {
      answered++;
      socket.write(answer);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

const open = async (): Promise<Socket> => {
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
  socket.on("error", () => {});
  await once(socket, "connect");
  return socket;
};

/** Reads one whole answer. */
async function ask(socket: Socket): Promise<void> {
  let missing = answerLength;
  socket.write("?");
  while (missing > 0) {
    const [chunk] = (await once(socket, "data")) as [Buffer];
    missing -= chunk.length;
  }
}

/** Sends so many requests in each attempt, over one connection or over one for each request. */
function asking(times: number, over: "one" | "many"): Destination {
  const sender = (): Sender => ({
    async deliver(_event, signal) {
      const kept = over === "one" ? await open() : null;
      for (let asked = 0; asked < times; asked++) {
        signal.throwIfAborted();
        const socket = kept ?? (await open());
        await ask(socket);
        if (kept === null) socket.destroy();
      }
      kept?.destroy();
      return {};
    },
    check: async () => ({}),
    close: async () => {},
  });
  return { kind: "asking", settings: z.object({}), connect: sender } as unknown as Destination;
}

const senderOf = (destination: Destination): Sender =>
  limitAnswers(destination).connect({}, createAddressGuard({ allowPrivate: true }));
const unlimited = (): AbortSignal => new AbortController().signal;

describe("the bytes that one attempt receives", () => {
  it.for(["one", "many"] as const)("has a limit over all its answers, over %s", async (over) => {
    const delivered = senderOf(asking(questions, over)).deliver(dataEvent(), unlimited());
    await expect(delivered).rejects.toMatchObject({ code: "DELIVERY_FAILED", retry: "later" });
    expect(answered * answerLength).toBeLessThanOrEqual(attemptBytes + answerLength);
  });

  it("counts anew for each attempt, one after another and side by side", async () => {
    const sender = senderOf(asking(5, "one"));
    for (let attempt = 0; attempt < 5; attempt++) await sender.deliver(dataEvent(), unlimited());
    const together = Array.from({ length: 16 }, () => sender.deliver(dataEvent(), unlimited()));
    expect(await Promise.all(together)).toHaveLength(16);
  });
});
