/** A server in memory, with a network before it, to which the suite's own tests deliver. */
import { DeliveryError } from "../destination.ts";
import type { Fault, Faults } from "./proxy.ts";
import type { Arrival } from "./target.ts";

/** A row, with the rank that decides whether another may replace it. */
export interface Row extends Arrival {
  readonly eventId: string;
  readonly key: string;
  /** Orders rows of one key; events without records have none. */
  readonly rank: number;
}

const pieceBytes = 512;
const answerPieceBytes = 65_536;
const endlessBytes = 256 * 1_024 * 1_024;

export class FakeServer implements Faults {
  readonly rows = new Map<string, Row>();
  /** Rows that are written and not yet on disk: lost at a restart. */
  readonly unsaved = new Map<string, Row>();
  /** A table that must be made before anything is written. */
  exists = false;
  sentBytes = 0;
  connections = 0;
  /** Whether its answers have no end. */
  endless = false;
  answeredBytes = 0;
  #fault: Fault | null = null;
  #failAt: { readonly fault: Fault; readonly bytes: number } | null = null;
  #resumed: (() => void)[] = [];

  fail(fault: Fault, afterBytes = 0): void {
    if (afterBytes === 0) this.#fault = fault;
    else this.#failAt = { fault, bytes: this.sentBytes + afterBytes };
  }

  async pass(): Promise<void> {
    this.#fault = null;
    this.#failAt = null;
    for (const resume of this.#resumed.splice(0)) resume();
  }

  async restart(): Promise<void> {
    this.fail("refuse");
    this.unsaved.clear();
    await new Promise((resolve) => setTimeout(resolve, 50));
    await this.pass();
  }

  /** Sends bytes in pieces, as far as the network lets it; `said` is called with the number that has passed. */
  async transmit(
    bytes: number,
    signal: AbortSignal,
    said: (bytes: number) => void = () => {},
  ): Promise<void> {
    for (let sent = 0; sent < bytes; sent += pieceBytes) {
      if (signal.aborted) throw new DeliveryError("DELIVERY_TIMEOUT", "later");
      this.sentBytes += Math.min(pieceBytes, bytes - sent);
      if (this.#failAt !== null && this.sentBytes >= this.#failAt.bytes) this.fail(this.#failAt.fault);
      if (this.#fault === "refuse") throw new DeliveryError("DELIVERY_FAILED", "later");
      if (this.#fault === "stall") await this.#silence(signal);
      said(sent);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** The server's answer, if it comes; `hears` is called with the bytes that have come. */
  async answer(signal: AbortSignal, hears: (bytes: number) => void): Promise<void> {
    if (this.#fault === "refuse") throw new DeliveryError("DELIVERY_FAILED", "later");
    if (this.#fault !== null) await this.#silence(signal);
    for (let bytes = 0; this.endless && bytes < endlessBytes; bytes += answerPieceBytes) {
      this.answeredBytes += answerPieceBytes;
      hears(bytes + answerPieceBytes);
    }
  }

  #silence(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#resumed.push(resolve);
      const giveUp = (): void => reject(new DeliveryError("DELIVERY_TIMEOUT", "later"));
      if (signal.aborted) giveUp();
      else signal.addEventListener("abort", giveUp, { once: true });
    });
  }
}
