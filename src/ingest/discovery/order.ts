/** Orders of our own for one connection. */
import { placeOrder } from "../../connections/orders.ts";
import { type Connection, lockConnection } from "../../store/connections.ts";
import type { Errand, Notification } from "../../store/notifications.ts";
import type { Queue } from "../../store/queue.ts";
import { rankOf } from "../../store/ranks.ts";
import type { DatabaseTransaction } from "../../store/tables.ts";

export type OrderCause = Pick<Notification, "origin" | "priority">;

/** What follows from another order, or from a notification, ranks with it. Nothing for a connection that is gone. */
export async function orderAlike(
  tx: DatabaseTransaction,
  queue: Queue,
  connection: Connection,
  { origin, priority }: OrderCause,
  event: string,
  fetches: readonly Errand[],
  startAfter?: Date,
): Promise<void> {
  const id = { environmentId: connection.environment_id, userId: connection.user_id };
  if ((await lockConnection(tx, id)) === null) return;
  const order = {
    environmentId: connection.environment_id,
    provider: connection.provider,
    providerUserId: connection.provider_user_id,
    userId: connection.user_id,
    origin: origin === "provider" ? ("request" as const) : origin,
    rank: rankOf(priority),
    event,
    fetches,
  };
  await placeOrder(tx, queue, order, startAfter);
}
