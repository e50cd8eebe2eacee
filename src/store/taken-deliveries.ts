/** Takes due deliveries, each with all that an attempt needs, by one call of a function of the database (migration 48). */
import type { DeliveryId, DueDelivery, DueDestination } from "./deliveries.ts";
import { prepared } from "./prepared.ts";
import type { Database } from "./tables.ts";

/** How long a worker has what it took, until it has settled it or put it off. */
const takenMs = 10_000;
/** One process never holds more deliveries of one person at a time. */
const mostOlder = 1_000;

export type TakenDelivery = DeliveryId & (Due | NotSent);

interface Due {
  readonly state: "due";
  readonly delivery: DueDelivery;
}

/**
 * "expired": its event is past its retention. "not due": it is finished, parked, erased or waiting for its next attempt
 * after all.
 */
interface NotSent {
  readonly state: "expired" | "not due";
}

/** The first row of each destination has the destination; one that is not due has its ids only. */
interface TakenRow extends Omit<DueDelivery, "attempts" | "type" | "destination"> {
  readonly attempts: number | null;
  /** Null when the event is no longer kept. */
  readonly type: string | null;
  readonly destination: Omit<DueDestination, "settingsSealed"> | null;
  readonly settings_sealed: Buffer | null;
}

const take = prepared<TakenRow>("take_due_deliveries", "SELECT * FROM take_due_deliveries($1, $2, $3, $4)");

/** Takes those that have been due longest. @param taker an id of this process */
export async function takeDue(db: Database, taker: string, most: number): Promise<TakenDelivery[]> {
  const rows = await take(db, [taker, most, takenMs, mostOlder]);
  const destinations = destinationsOf(rows);
  return rows.map((row) => takenOf(row, destinations));
}

type Destinations = ReadonlyMap<string, DueDestination>;

const destinationsOf = (rows: readonly TakenRow[]): Destinations =>
  new Map(
    rows.flatMap(({ destination_id, destination, settings_sealed: settingsSealed }) =>
      destination === null || settingsSealed === null
        ? []
        : [[destination_id, { ...destination, settingsSealed }] as const],
    ),
  );

function takenOf(row: TakenRow, destinations: Destinations): TakenDelivery {
  const { settings_sealed: _, attempts, type, ...delivery } = row;
  const id = { environmentId: row.environment_id, deliveryId: row.delivery_id };
  if (attempts === null) return { ...id, state: "not due" };
  if (type === null) return { ...id, state: "expired" };
  const destination = destinations.get(row.destination_id) ?? null;
  return { ...id, state: "due", delivery: { ...delivery, attempts, type, destination } };
}
