/**
 * What a target says is limited for every kind alike, because most clients read a message into memory however long
 * it says it is. Every socket that is opened while a sender works is watched, whoever opens it: a new kind has
 * nothing to do for it. Node announces each socket, and the sender's asynchronous context tells whose it is.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { subscribe } from "node:diagnostics_channel";
import type { Socket } from "node:net";
import { DeliveryError, type Destination, type OutgoingEvent, type Sender } from "./destination.ts";

/** What may come from a target before it is written to again. Answers are a few hundred bytes, rarely some kilobytes. */
export const answerBytes = 4 * 1_024 * 1_024;
/** For sockets that go on below TLS, as databases do it: of them only the count of bytes can be seen. */
const lookMs = 20;
/** A target that speaks unasked (MongoDB's monitor does) begins a new answer after so long a silence. */
const silenceMs = 5_000;

interface Watched {
  bytesWritten: number;
  bytesRead: number;
  /** `bytesRead` when the answer began. */
  answerFrom: number;
  readAt: number;
}

const senders = new AsyncLocalStorage<boolean>();
const watched = new Map<Socket, Watched>();
let looking: NodeJS.Timeout | null = null;

subscribe("net.client.socket", (message) => {
  if (senders.getStore() === true) watch((message as { socket: Socket }).socket);
});

function watch(socket: Socket): void {
  const seen = { bytesWritten: 0, bytesRead: 0, answerFrom: 0, readAt: performance.now() };
  watched.set(socket, seen);
  const push = socket.push.bind(socket);
  socket.push = (chunk, encoding) => {
    look(socket, seen, performance.now());
    return push(chunk, encoding);
  };
  socket.once("close", () => watched.delete(socket));
  looking ??= setInterval(lookAtAll, lookMs).unref();
}

function lookAtAll(): void {
  const now = performance.now();
  for (const [socket, seen] of watched) look(socket, seen, now);
  if (watched.size > 0 || looking === null) return;
  clearInterval(looking);
  looking = null;
}

function look(socket: Socket, seen: Watched, now: number): void {
  const { bytesRead, bytesWritten } = socket;
  const asked = bytesWritten !== seen.bytesWritten;
  const silent = bytesRead === seen.bytesRead && now - seen.readAt > silenceMs;
  if (asked || silent) seen.answerFrom = bytesRead;
  if (bytesRead !== seen.bytesRead) seen.readAt = now;
  [seen.bytesRead, seen.bytesWritten] = [bytesRead, bytesWritten];
  if (bytesRead - seen.answerFrom <= answerBytes) return;
  socket.destroy(
    new DeliveryError("DELIVERY_FAILED", "later", {}, { reason: "the answer is longer than 4 MiB" }),
  );
}

/** The same kind, with senders that are not told more than the limit. */
export function limitAnswers(destination: Destination): Destination {
  return {
    ...destination,
    connect: (settings, context) => senders.run(true, () => limited(destination.connect(settings, context))),
  };
}

function limited(sender: Sender): Sender {
  const { deliverBatch, share } = sender;
  return {
    deliver: (event, signal) => senders.run(true, () => sender.deliver(outside(event), signal)),
    ...(deliverBatch !== undefined && {
      deliverBatch: (events, signal) =>
        senders.run(true, () => deliverBatch.call(sender, events.map(outside), signal)),
    }),
    ...(share !== undefined && {
      share: (event, seconds, signal) =>
        senders.run(true, () => share.call(sender, outside(event), seconds, signal)),
    }),
    check: (signal) => senders.run(true, () => sender.check(signal)),
    close: () => sender.close(),
  };
}

/** A link is made by us, over connections of our own. */
const outside = (event: OutgoingEvent): OutgoingEvent => ({
  ...event,
  link: (signal) => senders.run(false, () => event.link(signal)),
});
