/** Changing a connection: whose it is to the developer, and whether it fetches. */
import type { Updateable } from "kysely";
import { type Connection, type ConnectionId, updateConnection } from "../store/connections.ts";
import type { Store } from "../store/store.ts";
import type { ConnectionsTable } from "../store/tables.ts";
import { takeUpWaiting } from "./orders.ts";

export type ConnectionChange = Pick<Updateable<ConnectionsTable>, "reference_id" | "active">;

/** What was announced while the connection was off is fetched when it is switched on. Null when there is none. */
export function modifyConnection(
  { db, queue }: Store,
  id: ConnectionId,
  change: ConnectionChange,
): Promise<Connection | null> {
  return db.transaction().execute(async (tx) => {
    const connection = await updateConnection(tx, id, change);
    if (connection === null || change.active !== true) return connection;
    const { environment_id: environmentId, provider, provider_user_id: providerUserId } = connection;
    await takeUpWaiting(tx, queue, { environmentId, provider, providerUserId });
    return connection;
  });
}
