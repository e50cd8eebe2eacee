/**
 * The Patients and Devices that many records name. They are made in a transaction of their own before the records'
 * first: writers that make the same one in the same moment undo each other's transactions. The records' transactions
 * name them again, which changes nothing where they stand.
 */
import { setTimeout as pause } from "node:timers/promises";
import type { Entry } from "../../export/fhir/types.ts";
import { refusal } from "./outcome.ts";
import type { FhirServer } from "./server.ts";

/** A transaction that another writer undid is sent again as often. */
const tries = 8;
const pauseMs = 60;
/** How many are remembered as standing. */
const mostKnown = 10_000;

export class SharedResources {
  readonly #server: Pick<FhirServer, "transact">;
  readonly #known = new Map<string, Promise<boolean>>();

  constructor(server: Pick<FhirServer, "transact">) {
    this.#server = server;
  }

  /**
   * Makes those that this sender has not made yet. What the server refuses is left to the records' transactions, whose
   * errors name it.
   * @throws DeliveryError that all deliveries have in common
   */
  async ensure(entries: readonly Entry[], signal: AbortSignal): Promise<void> {
    const distinct = new Map(entries.map((entry) => [JSON.stringify(entry), entry]));
    for (const [text, entry] of distinct) {
      const open = this.#known.get(text);
      if (open !== undefined && (await settled(open))) continue;
      if (this.#known.size >= mostKnown) this.#known.clear();
      const made = this.#make(entry, signal);
      this.#known.set(text, made);
      if (!(await settled(made))) this.#known.delete(text);
      await made;
    }
  }

  /** Returns whether it stands. @throws DeliveryError */
  async #make(entry: Entry, signal: AbortSignal): Promise<boolean> {
    const bundle = Buffer.from(
      JSON.stringify({ resourceType: "Bundle", type: "transaction", entry: [entry] }),
    );
    for (let round = 0; round < tries; round++) {
      if (round > 0) await pause(Math.random() * pauseMs * round, undefined, { signal });
      const answer = await this.#server.transact(bundle, signal);
      if (answer.status >= 200 && answer.status < 300) return true;
      const refused = refusal(answer, "transaction");
      if (refused.of === "all") throw refused.error;
      if (refused.of === "records") return false;
    }
    return false;
  }
}

/** False where it failed as well: whoever began it is told. */
const settled = (made: Promise<boolean>): Promise<boolean> => made.catch(() => false);
