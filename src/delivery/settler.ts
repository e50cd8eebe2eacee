/**
 * Writes the outcomes of deliveries, many with one statement: outcomes that arrive while it is under way go into
 * the next one. A quick delivery never waits for a slow one, and under load the statements become larger, not more.
 */
import { type NewAttempt, type Settlement, settleDeliveries } from "../store/deliveries.ts";
import { type DestinationHealth, noteHealth } from "../store/destination-health.ts";
import { type DestinationId, disableDestination } from "../store/destinations.ts";
import { announceParking, inOrder, joinParking, parkedBehind } from "../store/parked.ts";
import type { Database, DatabaseTransaction } from "../store/tables.ts";

export interface Outcome {
  readonly settlement: Settlement;
  readonly attempt: NewAttempt | null;
  /** The destination says that it is gone. */
  readonly disable: (DestinationId & { readonly revision: number; readonly code: string }) | null;
  /** Set when it was parked. */
  readonly parking: Parking | null;
  /** The health of its destination, as far as the attempt showed it. */
  readonly health: DestinationHealth | null;
}

type Parking = DestinationId & { readonly crowded: boolean };

interface Entry {
  readonly outcome: Outcome;
  resolve(): void;
  reject(error: unknown): void;
}

const maxAtOnce = 1_000;

export class Settler {
  readonly #db: Database;
  #entries: Entry[] = [];
  #writing = false;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Resolves when the outcome is committed. */
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
      const entries = this.#entries.splice(0, maxAtOnce);
      try {
        await this.#writeAll(entries.map(({ outcome }) => outcome));
        for (const entry of entries) entry.resolve();
      } catch (error) {
        for (const entry of entries) entry.reject(error);
      }
    }
    this.#writing = false;
  }

  async #writeAll(outcomes: readonly Outcome[]): Promise<void> {
    // The later of two outcomes of one delivery counts; the attempts of both are written.
    const last = new Map(outcomes.map(({ settlement }) => [settlement.deliveryId, settlement]));
    // Always in the same order, so two processes never deadlock.
    const settlements = [...last.values()].sort((a, b) => (a.deliveryId < b.deliveryId ? -1 : 1));
    const attempts = outcomes.flatMap(({ attempt }) => attempt ?? []);
    if (!outcomes.some(changesDestination)) {
      await settleDeliveries(this.#db, settlements, attempts, verdicts(outcomes));
      return;
    }
    await this.#db.transaction().execute(async (tx) => {
      // Destinations before deliveries: deleting a destination locks them in this order.
      await writeDestinations(tx, outcomes);
      await settleDeliveries(tx, settlements, attempts);
      // A destination may have been deleted since the delivery was taken.
      await parkedBehind(
        tx,
        outcomes.flatMap(({ parking }) => parking ?? []),
      );
    });
  }
}

/** Whether it says more of its destination than whether that is healthy. */
const changesDestination = ({ disable, parking }: Outcome): boolean => disable !== null || parking !== null;

/**
 * Returns the health of each destination, in the order of their locks: one success outweighs all failures of the same
 * batch.
 */
function verdicts(outcomes: readonly Outcome[]): DestinationHealth[] {
  const health = outcomes.flatMap((outcome) => outcome.health ?? []);
  const healthy = new Set(health.filter((one) => one.healthy).map(({ destinationId }) => destinationId));
  return inOrder(health).map((one) => ({ ...one, healthy: healthy.has(one.destinationId) }));
}

/** Writes what many outcomes say about their destinations, one destination after the other. */
async function writeDestinations(tx: DatabaseTransaction, outcomes: readonly Outcome[]): Promise<void> {
  const parkings = outcomes.flatMap(({ parking }) => parking ?? []);
  const health = verdicts(outcomes);
  const disables = outcomes.flatMap(({ disable }) => disable ?? []);
  await joinParking(tx, parkings);
  for (const { destinationId: id } of inOrder([...parkings, ...health, ...disables])) {
    const of = <Fact extends DestinationId>(facts: readonly Fact[]): Fact[] =>
      facts.filter(({ destinationId }) => destinationId === id);
    const [disable] = of(disables);
    if (disable !== undefined) await disableDestination(tx, disable, disable.revision, disable.code);
    const [verdict] = of(health);
    if (verdict !== undefined) await noteHealth(tx, verdict);
    const parking = of(parkings).find(({ crowded }) => crowded) ?? of(parkings)[0];
    if (parking !== undefined) await announceParking(tx, parking);
  }
}
