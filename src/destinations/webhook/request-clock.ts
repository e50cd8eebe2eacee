/**
 * The clock of one request. It has three parts: the connection must be made, then the body must keep moving, then
 * the answer must begin. Only a body that the operating system may not take at once is watched while it is sent; a
 * smaller one counts as sent with its headers.
 */
import { subscribe } from "node:diagnostics_channel";
import type { Socket } from "node:net";
import { unacknowledgedBytes } from "./unacknowledged.ts";

export interface RequestLimits {
  /** Time for the look-up, the connection and TLS. */
  readonly connectMs: number;
  /** Longest time in which no byte of the body arrives. */
  readonly stallMs: number;
  /** The body must arrive at this pace or faster, beyond one `stallMs`. */
  readonly bytesPerSecond: number;
  /** Time for the answer, from the last byte of the body on. */
  readonly answerMs: number;
}

const pieceBytes = 64 * 1_024;
/** Progress of a body is measured this often in each `stallMs`. */
const looksPerStall = 16;

/** Clocks by the body of their request, so that undici's diagnostic messages find them. */
const clocks = new WeakMap<object, RequestClock>();

subscribe("undici:client:sendHeaders", (message) => {
  const { request, socket } = message as { request: { body: object | null }; socket: Socket };
  if (request.body !== null) clocks.get(request.body)?.connected(socket);
});

export class RequestClock {
  /** The body to give to undici: the bytes, or an iterable over them. */
  readonly body: Buffer | AsyncIterable<Buffer>;
  readonly bytes: number;
  readonly #whole: Buffer;
  readonly #limits: RequestLimits;
  readonly #end: (reason: Error) => void;
  #timer: NodeJS.Timeout;
  #handedOver = 0;

  /** @param end called when time is up */
  constructor(whole: Buffer, limits: RequestLimits, end: (reason: Error) => void) {
    this.#whole = whole;
    this.bytes = whole.length;
    this.#limits = limits;
    this.#end = end;
    this.body = whole.length <= pieceBytes ? whole : { [Symbol.asyncIterator]: () => this.#pieces() };
    clocks.set(this.body, this);
    this.#timer = this.#endAfter(limits.connectMs, "no connection");
  }

  /** Called when the headers are sent and the body follows. */
  connected(socket: Socket): void {
    clearTimeout(this.#timer);
    if (this.body === this.#whole) this.#awaitAnswer();
    else this.#watch(socket);
  }

  stop(): void {
    clearTimeout(this.#timer);
    clocks.delete(this.body);
  }

  /** undici asks for the next piece when the operating system has taken the one before. */
  async *#pieces(): AsyncGenerator<Buffer> {
    while (this.#handedOver < this.bytes) {
      const piece = this.#whole.subarray(this.#handedOver, this.#handedOver + pieceBytes);
      yield piece;
      this.#handedOver += piece.length;
    }
  }

  #watch(socket: Socket): void {
    const { stallMs, bytesPerSecond } = this.#limits;
    const ceiling = performance.now() + stallMs + (this.bytes / bytesPerSecond) * 1_000;
    let least = this.bytes;
    let movedAt = performance.now();
    const look = async (): Promise<void> => {
      const left = this.bytes - this.#handedOver + (await unacknowledgedBytes(socket));
      if (!clocks.has(this.body)) return;
      const now = performance.now();
      if (left < least) [least, movedAt] = [left, now];
      if (left === 0) this.#awaitAnswer();
      else if (now - movedAt >= stallMs) this.#end(new Error("the body stopped moving"));
      else if (now >= ceiling) this.#end(new Error("the body moves too slowly"));
      else this.#timer = setTimeout(look, stallMs / looksPerStall);
    };
    this.#timer = setTimeout(look, stallMs / looksPerStall);
  }

  #awaitAnswer(): void {
    this.#timer = this.#endAfter(this.#limits.answerMs, "no answer");
  }

  #endAfter(ms: number, missing: string): NodeJS.Timeout {
    return setTimeout(() => this.#end(new Error(`${missing} within ${ms} ms`)), ms);
  }
}
