/**
 * How long the answer to a wrong token waits. The more wrong ones came from an address, and from all together,
 * the longer. Asking one after another is slowed to one guess in eight seconds.
 *
 * Many at a time are no way around it: while as many as may wait do, no further token from there is looked at, right
 * or wrong, or a guesser would learn from which one passes. A proxy or a household may share its address with the
 * guesser, so a token that has been right in this process is always looked at. Each process has its own brake.
 */
import ipaddr from "ipaddr.js";

const freeFailures = 5;
const firstWaitMs = 250;
const longestWaitMs = 8_000;
/** An address that was quiet for so long begins anew. */
const forgottenMs = 15 * 60_000;

/** Wrong tokens a minute from everywhere, after which each waits. */
const manyPerMinute = 60;
const manyWaitMs = 1_000;

const waitingPerAddress = 32;
const waitingInAll = 256;
const knownAddresses = 10_000;

interface Guesser {
  failures: number;
  waiting: number;
  lastMs: number;
}

export interface Slowed {
  /** How many wrong tokens came from there in a row. */
  readonly failures: number;
  readonly waitMs: number;
}

export class GuessBrake {
  readonly #guessers = new Map<string, Guesser>();
  #waiting = 0;
  #minute = { startMs: 0, failures: 0 };

  /** Takes a place for a token to be looked at, to be given back by `ended`. False when none is left. */
  begin(address: string, nowMs: number): boolean {
    const guesser = this.#guesserOf(networkOf(address), nowMs);
    // Who never sent a wrong one does not wait for those who did.
    const isCrowded = guesser.failures > 0 && this.#waiting >= waitingInAll;
    if (guesser.waiting >= waitingPerAddress || isCrowded) return false;
    guesser.waiting++;
    this.#waiting++;
    return true;
  }

  /** Counts a wrong token. */
  failed(address: string, nowMs: number): Slowed {
    const guesser = this.#guesserOf(networkOf(address), nowMs);
    guesser.failures++;
    guesser.lastMs = nowMs;
    const waitMs = Math.max(waitAfter(guesser.failures), this.#waitOfAll(nowMs));
    return { failures: guesser.failures, waitMs };
  }

  /** The token's answer leaves. */
  ended(address: string): void {
    this.#waiting--;
    const guesser = this.#guessers.get(networkOf(address));
    if (guesser !== undefined && guesser.waiting > 0) guesser.waiting--;
  }

  #guesserOf(network: string, nowMs: number): Guesser {
    const known = this.#guessers.get(network);
    if (known !== undefined && (known.waiting > 0 || nowMs - known.lastMs < forgottenMs)) return known;
    const oldest = this.#guessers.keys().next();
    if (this.#guessers.size >= knownAddresses && !oldest.done) this.#guessers.delete(oldest.value);
    const guesser = { failures: 0, waiting: 0, lastMs: nowMs };
    this.#guessers.set(network, guesser);
    return guesser;
  }

  #waitOfAll(nowMs: number): number {
    if (nowMs - this.#minute.startMs >= 60_000) this.#minute = { startMs: nowMs, failures: 0 };
    this.#minute.failures++;
    return this.#minute.failures > manyPerMinute ? manyWaitMs : 0;
  }
}

const waitAfter = (failures: number): number =>
  failures <= freeFailures ? 0 : Math.min(firstWaitMs * 2 ** (failures - freeFailures - 1), longestWaitMs);

/** One customer has a whole /64 of IPv6. */
function networkOf(address: string): string {
  if (!ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  if (parsed.kind() === "ipv4") return parsed.toString();
  return parsed.toByteArray().slice(0, 8).join(".");
}
