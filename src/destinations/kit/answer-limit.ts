/**
 * Limits the size of a target's answers, for every kind, because most clients read a message into memory however
 * long it claims to be. Every socket that is opened while a sender works is watched, also one that a client opens:
 * a new kind needs no code for it. Node announces each socket, and the asynchronous context tells which sender
 * it belongs to.
 *
 * There is a limit for one answer, and one for all answers of an attempt together.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { subscribe } from "node:diagnostics_channel";
import type { Socket } from "node:net";
import type { DeliveryError, Destination, OutgoingEvent, Sender } from "../destination.ts";
import { AttemptsIntake } from "./attempts-intake.ts";
import { failure } from "./failure.ts";

/**
 * The most that may come from a target before it is written to again. Answers are a few hundred bytes, rarely
 * kilobytes.
 */
export const answerBytes = 4 * 1_024 * 1_024;
/** Interval for sockets below TLS that a database driver has set up: only their byte counts can be seen. */
const lookMs = 20;
/** Instead, while no attempt is under way and nothing came for a second: looking cost an idle process half of its time. */
const restingLookMs = 200;
const restAfterMs = 1_000;
/** A target that sends unasked (MongoDB's monitor does) begins a new answer after so long a silence. */
const silenceMs = 5_000;

interface Watched {
  readonly intake: AttemptsIntake;
  bytesWritten: number;
  bytesRead: number;
  /** `bytesRead` when the answer began. */
  answerFrom: number;
  readAt: number;
}

const senders = new AsyncLocalStorage<AttemptsIntake | null>();
const watched = new Map<Socket, Watched>();
let looking: NodeJS.Timeout | null = null;
let isResting = false;

subscribe("net.client.socket", (message) => {
  const intake = senders.getStore() ?? null;
  if (intake !== null) watch((message as { socket: Socket }).socket, intake);
});

function watch(socket: Socket, intake: AttemptsIntake): void {
  const seen = { intake, bytesWritten: 0, bytesRead: 0, answerFrom: 0, readAt: performance.now() };
  watched.set(socket, seen);
  const push = socket.push.bind(socket);
  socket.push = (chunk, encoding) => {
    look(socket, seen, performance.now());
    return push(chunk, encoding);
  };
  socket.once("close", () => watched.delete(socket));
  lookOften();
}

function lookOften(): void {
  if (looking !== null && !isResting) return;
  clearTimeout(looking ?? undefined);
  lookIn(lookMs);
}

function lookIn(ms: number): void {
  isResting = ms === restingLookMs;
  looking = setTimeout(lookAtAll, ms).unref();
}

function lookAtAll(): void {
  const now = performance.now();
  let isQuiet = true;
  for (const [socket, seen] of watched) {
    look(socket, seen, now);
    if (seen.intake.isBusy || now - seen.readAt < restAfterMs) isQuiet = false;
  }
  if (watched.size > 0) lookIn(isQuiet ? restingLookMs : lookMs);
  else looking = null;
}

function look(socket: Socket, seen: Watched, now: number): void {
  const { bytesRead, bytesWritten } = socket;
  const asked = bytesWritten !== seen.bytesWritten;
  const silent = bytesRead === seen.bytesRead && now - seen.readAt > silenceMs;
  if (asked || silent) seen.answerFrom = bytesRead;
  const read = bytesRead - seen.bytesRead;
  if (read > 0) seen.readAt = now;
  [seen.bytesRead, seen.bytesWritten] = [bytesRead, bytesWritten];
  if (bytesRead - seen.answerFrom > answerBytes) {
    socket.destroy(failure("DELIVERY_FAILED", "the answer is longer than 4 MiB"));
  }
  if (read > 0 && seen.intake.took(read)) closeAll(seen.intake);
}

/** A sender's attempts share its sockets, so that all of them end with the one that received too much. */
function closeAll(intake: AttemptsIntake): void {
  for (const [socket, seen] of watched) if (seen.intake === intake) socket.destroy(tooMuch());
}

const tooMuch = (): DeliveryError =>
  failure("DELIVERY_FAILED", "the answers of one attempt are longer than 16 MiB");

/** Returns the same kind, with senders whose answers are limited. */
export function limitAnswers(destination: Destination): Destination {
  return {
    ...destination,
    connect(settings, context, format) {
      const intake = new AttemptsIntake();
      return limited(
        senders.run(intake, () => destination.connect(settings, context, format)),
        intake,
      );
    },
  };
}

function limited(sender: Sender, intake: AttemptsIntake): Sender {
  const { deliverBatch, share } = sender;
  const attempt = <Said>(
    signal: AbortSignal,
    work: (signal: AbortSignal) => Promise<Said>,
  ): Promise<Said> => {
    lookOften();
    return senders.run(intake, () => intake.attempt(signal, work, tooMuch));
  };
  return {
    deliver: (event, signal) => attempt(signal, (ends) => sender.deliver(outside(event), ends)),
    ...(deliverBatch !== undefined && {
      deliverBatch: (events, signal) =>
        attempt(signal, (ends) => deliverBatch.call(sender, events.map(outside), ends)),
    }),
    ...(share !== undefined && {
      share: (event, seconds, signal) =>
        attempt(signal, (ends) => share.call(sender, outside(event), seconds, ends)),
    }),
    check: (signal) => attempt(signal, (ends) => sender.check(ends)),
    close: () => sender.close(),
  };
}

/** Making a link is not part of the attempt: it uses connections of Systole itself. */
const outside = (event: OutgoingEvent): OutgoingEvent => ({
  ...event,
  link: (signal) => senders.run(null, () => event.link(signal)),
});
