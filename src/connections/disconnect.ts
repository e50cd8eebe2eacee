/** Ends a connection from our side: revokes the provider's permission and erases every trace. */
import { SystoleError } from "../errors.ts";
import { providerBySlug } from "../providers/registry.ts";
import { accountOf, lockAccounts } from "../store/accounts.ts";
import { dropQuestions } from "../store/auth-flows.ts";
import { removeDueBodies } from "../store/bodies/removals.ts";
import { type Connection, type ConnectionId, findConnection, lockConnection } from "../store/connections.ts";
import { eraseConnection, prepareErasure } from "../store/erasure.ts";
import { type Erasure, findErasure, insertErasure } from "../store/erasures.ts";
import type { DatabaseTransaction } from "../store/tables.ts";
import { createRevocation } from "../sync/create-tasks.ts";
import { newTraceId } from "../telemetry/trace.ts";
import { isAccountInUse } from "./accounts.ts";
import { emitDeauth } from "./connection-events.ts";
import type { ConnectionsDeps } from "./deps.ts";
import { revokeGrant } from "./grants.ts";
import { hookUrl } from "./subscriptions.ts";
import { usableGrants } from "./tokens.ts";

/**
 * Erases a person's data and revokes the permission at the provider. If the provider cannot be reached, the
 * data is erased all the same and ingest revokes the permission later. Returns the receipt.
 * @throws SystoleError USER_NOT_FOUND
 */
export async function disconnect(
  deps: ConnectionsDeps,
  { environmentId, userId, signal }: ConnectionId & { signal: AbortSignal },
): Promise<Erasure> {
  const id = { environmentId, userId };
  const connection = await findConnection(deps.store.db, id);
  if (connection === null) throw new SystoleError("USER_NOT_FOUND", { user_id: userId });
  const shared = await isAccountInUse(deps, accountOf(connection), userId);
  const permission = shared ? "kept" : (await revokeNow(deps, connection, signal)) ? "given_back" : "ordered";
  const receipt = await deps.store.db.transaction().execute(async (tx) => {
    await lockAccounts(tx, [accountOf(connection)]);
    const locked = await lockConnection(tx, id);
    if (locked !== null) return erase(tx, deps, locked, permission);
    // Another request was faster.
    const known = await findErasure(tx, id);
    if (known === null) throw new SystoleError("USER_NOT_FOUND", { user_id: userId });
    return known;
  });
  await removeBodies(deps);
  return receipt;
}

/** What cannot be removed now is written down, and is removed by the housekeeping. */
async function removeBodies({ store, log }: ConnectionsDeps): Promise<void> {
  await removeDueBodies(store).catch((err: unknown) =>
    log.warn({ err }, "bodies not removed yet; trying again later"),
  );
}

async function erase(
  tx: DatabaseTransaction,
  { store: { queue } }: ConnectionsDeps,
  connection: Connection,
  permission: Erasure["permission"],
): Promise<Erasure> {
  const { environment_id: environmentId, user_id: userId } = connection;
  await prepareErasure(tx, connection);
  await emitDeauth(tx, queue, connection, newTraceId());
  if (permission === "ordered") await createRevocation(tx, queue, connection);
  for (const flow of await dropQuestions(tx, connection)) await createRevocation(tx, queue, flow);
  const erased = await eraseConnection(tx, { environmentId, userId });
  return insertErasure(tx, connection, erased, permission);
}

async function revokeNow(
  deps: ConnectionsDeps,
  connection: Connection,
  signal: AbortSignal,
): Promise<boolean> {
  if (connection.state === "revoked") return true;
  const { environment_id: environmentId, user_id: userId, provider } = connection;
  try {
    const access = await deps.clients.accessFor({ environmentId, provider });
    const plugin = providerBySlug(provider);
    const grants = await usableGrants(deps, { provider: plugin, id: { environmentId, userId } });
    const told = { hookUrl: hookUrl(deps.publicUrl, provider), signal };
    for (const grant of grants) await revokeGrant(plugin, access, grant, told);
    return true;
  } catch (error) {
    deps.log.warn(
      { err: error, user_id: userId, provider },
      "permission not revoked yet; trying again later",
    );
    return false;
  }
}
