/**
 * A TCP proxy that can fail as networks do. It stands before a real server, so that the sender under
 * test has real sockets that break when the test wants it.
 */
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { Relay } from "./relay.ts";
import type { Address } from "./target.ts";

/**
 * "refuse": connections are reset, new ones refused. "stall": they are accepted, and nothing passes.
 * "mute": the sender's bytes arrive, the answers are lost.
 */
export type Fault = "refuse" | "stall" | "mute";

export interface Faults {
  /** From now on, or as soon as so many more bytes have come from the sender; no byte more is passed on. */
  fail(fault: Fault, afterBytes?: number): void;
  /** Ends the fault: stalled connections continue. */
  pass(): Promise<void>;
  /** Bytes that came from the sender so far. */
  readonly sentBytes: number;
  /** Connections that were made so far. */
  readonly connections: number;
}

const relistenMs = 10_000;

export class FaultyProxy implements Faults {
  readonly address: Address;
  readonly #target: Address;
  readonly #listener: Server;
  readonly #relays = new Set<Relay>();
  #fault: Fault | null = null;
  #pending: { readonly fault: Fault; readonly atBytes: number } | null = null;
  #sentBytes = 0;
  #connections = 0;

  static async start(target: Address, port = 0): Promise<FaultyProxy> {
    const listener = createServer();
    await listen(listener, port);
    return new FaultyProxy(target, listener);
  }

  private constructor(target: Address, listener: Server) {
    this.#target = target;
    this.#listener = listener;
    this.address = { host: "127.0.0.1", port: (listener.address() as AddressInfo).port };
    listener.on("connection", (sender: Socket) => this.#accept(sender));
  }

  get sentBytes(): number {
    return this.#sentBytes;
  }

  get connections(): number {
    return this.#connections;
  }

  fail(fault: Fault, afterBytes = 0): void {
    if (afterBytes === 0) this.#begin(fault);
    else this.#pending = { fault, atBytes: this.#sentBytes + afterBytes };
  }

  async pass(): Promise<void> {
    this.#pending = null;
    this.#fault = null;
    for (const relay of this.#relays) relay.resume();
    if (!this.#listener.listening) await listenAgain(this.#listener, this.address.port);
  }

  async close(): Promise<void> {
    for (const relay of this.#relays) relay.reset();
    if (!this.#listener.listening) return;
    await new Promise((resolve) => this.#listener.close(resolve));
  }

  #accept(sender: Socket): void {
    this.#connections++;
    const relay: Relay = new Relay(
      sender,
      this.#target,
      (bytes) => this.#allow(bytes),
      () => this.#relays.delete(relay),
    );
    this.#relays.add(relay);
    if (this.#fault !== null) afflict(relay, this.#fault);
  }

  /** How many of the bytes may go on before the fault that is due. */
  #allow(bytes: number): number {
    if (this.#fault === "stall") return 0;
    const left = this.#pending === null ? bytes : this.#pending.atBytes - this.#sentBytes;
    const allowed = Math.min(bytes, left);
    this.#sentBytes += allowed;
    if (this.#pending === null || allowed < left) return allowed;
    const { fault } = this.#pending;
    this.#begin(fault);
    return fault === "mute" ? bytes : allowed;
  }

  #begin(fault: Fault): void {
    this.#pending = null;
    this.#fault = fault;
    if (fault === "refuse" && this.#listener.listening) this.#listener.close();
    for (const relay of this.#relays) afflict(relay, fault);
  }
}

function afflict(relay: Relay, fault: Fault): void {
  if (fault === "refuse") relay.reset();
  else if (fault === "stall") relay.stall();
  else relay.mute();
}

function listen(listener: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    listener.once("error", reject);
    listener.listen(port, "127.0.0.1", () => {
      listener.off("error", reject);
      resolve();
    });
  });
}

/** Another process may have taken the port for a moment, so that listening is tried again. */
async function listenAgain(listener: Server, port: number): Promise<void> {
  const deadline = Date.now() + relistenMs;
  for (;;) {
    try {
      return await listen(listener, port);
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await pause(50);
    }
  }
}
