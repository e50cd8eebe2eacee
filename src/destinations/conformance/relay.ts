/** One connection through the proxy: two sockets, and the faults between them. */
import { connect, type Socket } from "node:net";
import type { Address } from "./target.ts";

export class Relay {
  readonly #sender: Socket;
  readonly #server: Socket;
  #stalled = false;
  #muted = false;

  /**
   * `allow` returns how many of the sender's bytes may be passed on; the rest is tried again when the relay
   * resumes.
   */
  constructor(sender: Socket, target: Address, allow: (bytes: number) => number, gone: () => void) {
    this.#sender = sender.setNoDelay(true);
    this.#server = connect({ ...target, noDelay: true });
    sender.on("data", (chunk: Buffer) => this.#forward(chunk, allow(chunk.length)));
    this.#server.on("data", (chunk: Buffer) => {
      if (!this.#muted) this.#pass(chunk, sender, this.#server);
    });
    this.#end(sender, this.#server, gone);
    this.#end(this.#server, sender, gone);
  }

  stall(): void {
    this.#stalled = true;
    this.#sender.pause();
    this.#server.pause();
  }

  mute(): void {
    this.#muted = true;
  }

  reset(): void {
    this.#sender.resetAndDestroy();
    this.#server.resetAndDestroy();
  }

  /** A connection that lost an answer cannot go on. */
  resume(): void {
    if (this.#muted) this.reset();
    this.#stalled = false;
    this.#sender.resume();
    this.#server.resume();
  }

  #forward(chunk: Buffer, allowed: number): void {
    if (allowed > 0) this.#pass(chunk.subarray(0, allowed), this.#server, this.#sender);
    if (allowed < chunk.length && !this.#sender.destroyed) this.#sender.unshift(chunk.subarray(allowed));
  }

  /** Passes bytes on, and pauses the reading side while the writing side is slow. */
  #pass(chunk: Buffer, to: Socket, from: Socket): void {
    if (to.destroyed || to.write(chunk)) return;
    from.pause();
    to.once("drain", () => {
      if (!this.#stalled) from.resume();
    });
  }

  /** Ends the other side in the way in which one side ended. */
  #end(one: Socket, other: Socket, gone: () => void): void {
    one.on("end", () => other.end());
    one.on("error", () => other.resetAndDestroy());
    one.on("close", () => {
      if (!other.writableEnded) other.destroy();
      if (other.destroyed) gone();
    });
  }
}
