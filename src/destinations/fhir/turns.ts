/**
 * Lets a few deliveries run at a time; the others wait, first come first served. A FHIR server answers slowly, and a
 * delivery asks it several times: with many at once each would run out of time between its search and its transaction,
 * and the server would have worked for nothing.
 */
import { timedOut } from "../kit/failure.ts";

export class Turns {
  readonly #waiting: (() => void)[] = [];
  #free: number;

  constructor(atOnce: number) {
    this.#free = atOnce;
  }

  /** Work whose time is up before its turn is not begun. @throws DeliveryError DELIVERY_TIMEOUT */
  async run<Result>(signal: AbortSignal, work: () => Promise<Result>): Promise<Result> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      if (signal.aborted) throw timedOut(signal.reason);
      return await work();
    } finally {
      this.#pass();
    }
  }

  #pass(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free++;
    else next();
  }
}
