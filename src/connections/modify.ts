/** Changes a connection: the developer's reference for it, and whether it is active. */
import type { Updateable } from "kysely";
import { accountOf, lockAccounts } from "../store/accounts.ts";
import {
  type Connection,
  type ConnectionId,
  findConnection,
  updateConnection,
} from "../store/connections.ts";
import type { Store } from "../store/store.ts";
import type { ConnectionsTable } from "../store/tables.ts";
import { resumeWaiting } from "../sync/create-tasks.ts";

export type ConnectionChange = Pick<Updateable<ConnectionsTable>, "reference_id" | "active">;

/**
 * Changes a connection; returns null when there is none. Activation fetches what was announced while it was
 * paused.
 */
export function modifyConnection(
  { db, queue }: Store,
  id: ConnectionId,
  change: ConnectionChange,
): Promise<Connection | null> {
  return db.transaction().execute(async (tx) => {
    const found = await findConnection(tx, id);
    if (found === null) return null;
    const account = accountOf(found);
    await lockAccounts(tx, [account]);
    const connection = await updateConnection(tx, id, change);
    if (connection !== null && change.active === true) await resumeWaiting(tx, queue, account);
    return connection;
  });
}
