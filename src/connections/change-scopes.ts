/** A notification that a person changed the scopes of their grant. */
import type { Provider } from "../providers/provider.ts";
import { type ConnectionId, findConnection, updateConnection } from "../store/connections.ts";
import { openGrants, sealGrants } from "../store/grants.ts";
import type { Store } from "../store/store.ts";
import { createFirstTasks } from "../sync/discover.ts";
import { scopesText } from "./grants.ts";
import { lockTokens } from "./tokens.ts";

/** Keeps the scopes in the connection's first grant and in its row, and makes tasks for what new ones open. */
export function changeScopes(
  { db, keyRing, queue }: Store,
  provider: Provider,
  id: ConnectionId,
  scopes: readonly string[],
): Promise<void> {
  return db.transaction().execute(async (tx) => {
    // A renewal under way would write the former scopes back.
    await lockTokens(tx, id);
    const connection = await findConnection(tx, id);
    if (connection === null) return;
    const [first, ...others] = openGrants(keyRing, id, connection.grant_sealed);
    if (first === undefined) return;
    const grants = [{ ...first, scopes }, ...others];
    const change = { grant_sealed: sealGrants(keyRing, id, grants), scopes: scopesText(grants) };
    const updated = await updateConnection(tx, id, change);
    const isWider = scopes.some((scope) => !first.scopes.includes(scope));
    if (isWider && updated !== null) await createFirstTasks(tx, queue, { provider, connection: updated });
  });
}
