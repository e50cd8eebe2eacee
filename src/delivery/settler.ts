/**
 * Writes down what became of deliveries, many in one transaction: whatever comes in while one transaction
 * is under way goes into the next. A quick delivery never waits for a slow one, and under load the
 * transactions grow instead of their number.
 */
import type { Insertable } from "kysely";
import { type Settlement, settleDeliveries } from "../store/deliveries.ts";
import { type DestinationHealth, noteHealth } from "../store/destination-health.ts";
import { type DestinationId, disableDestination } from "../store/destinations.ts";
import { announceParking } from "../store/parked.ts";
import type { Store } from "../store/store.ts";
import type { AttemptsTable, DatabaseTransaction } from "../store/tables.ts";

export interface Outcome {
  readonly settlement: Settlement;
  readonly attempt: Required<Insertable<AttemptsTable>> | null;
  /** The destination says it is gone. */
  readonly disable: (DestinationId & { readonly revision: number; readonly code: string }) | null;
  /** It was parked. */
  readonly parking: Parking | null;
  /** What the attempt showed of its destination. */
  readonly health: DestinationHealth | null;
}

type Parking = DestinationId & { readonly crowded: boolean };

interface Entry {
  readonly outcome: Outcome;
  resolve(): void;
  reject(error: unknown): void;
}

const mostAtOnce = 1_000;

export class Settler {
  readonly #store: Pick<Store, "db" | "queue">;
  #entries: Entry[] = [];
  #writing = false;

  constructor(store: Pick<Store, "db" | "queue">) {
    this.#store = store;
  }

  /** Resolves when it is committed. */
  settle(outcome: Outcome): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#entries.push({ outcome, resolve, reject });
      if (this.#writing) return;
      this.#writing = true;
      setImmediate(() => void this.#write());
    });
  }

  async #write(): Promise<void> {
    while (this.#entries.length > 0) {
      const entries = this.#entries.splice(0, mostAtOnce);
      try {
        await this.#store.db.transaction().execute((tx) =>
          this.#writeAll(
            tx,
            entries.map(({ outcome }) => outcome),
          ),
        );
        for (const entry of entries) entry.resolve();
      } catch (error) {
        for (const entry of entries) entry.reject(error);
      }
    }
    this.#writing = false;
  }

  async #writeAll(tx: DatabaseTransaction, outcomes: readonly Outcome[]): Promise<void> {
    // Destinations before deliveries, as deleting a destination locks them.
    const disabled = new Map(
      outcomes.flatMap(({ disable }) => (disable ? [[disable.destinationId, disable]] : [])),
    );
    for (const disable of disabled.values())
      await disableDestination(tx, disable, disable.revision, disable.code);
    await noteHealth(tx, perDestination(outcomes, healthOf));
    await announceParking(tx, perDestination(outcomes, parkingOf));
    // Of two words about one delivery the later one stands; both their attempts and jobs are written.
    const last = new Map(outcomes.map(({ settlement }) => [settlement.deliveryId, settlement]));
    // Always in the same order, so that two processes never wait for each other.
    const settlements = [...last.values()].sort((a, b) => (a.deliveryId < b.deliveryId ? -1 : 1));
    await settleDeliveries(
      tx,
      settlements,
      outcomes.flatMap(({ attempt }) => attempt ?? []),
    );
    await this.#store.queue.enqueue(
      tx,
      "deliver",
      outcomes.flatMap(({ settlement: { environmentId, deliveryId, nextAttemptInMs } }) => {
        return nextAttemptInMs === null
          ? []
          : { data: { environmentId, deliveryId }, startAfter: nextAttemptInMs };
      }),
    );
  }
}

/** One word about each destination, out of many outcomes; in the order of their ids, as their rows are locked. */
function perDestination<Word extends DestinationId>(
  outcomes: readonly Outcome[],
  wordOf: (outcome: Outcome, said: Word | undefined) => Word | null,
): Word[] {
  const words = new Map<string, Word>();
  for (const outcome of outcomes) {
    const id = (outcome.health ?? outcome.parking)?.destinationId ?? "";
    const word = wordOf(outcome, words.get(id));
    if (word !== null) words.set(word.destinationId, word);
  }
  return [...words.values()].sort((a, b) => (a.destinationId < b.destinationId ? -1 : 1));
}

/** One success outweighs every failure beside it. */
const healthOf = ({ health }: Outcome, said: DestinationHealth | undefined): DestinationHealth | null =>
  said?.well === true ? said : health;

const parkingOf = ({ parking }: Outcome, said: Parking | undefined): Parking | null =>
  said?.crowded === true ? said : parking;
