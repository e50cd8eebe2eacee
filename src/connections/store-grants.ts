/** Writes a connection's grants, and what follows from them: its consents, scopes and APIs, and whose it is. */
import type { Grant, Provider } from "../providers/provider.ts";
import type { KeyRing } from "../security/key-ring.ts";
import { accountOf } from "../store/accounts.ts";
import { type Connection, connectionIdOf, updateConnection } from "../store/connections.ts";
import { moveTasks } from "../store/fetch-tasks.ts";
import { sealGrants } from "../store/grants.ts";
import type { DatabaseTransaction } from "../store/tables.ts";
import { apisFound, registrationDue, scopesText } from "./grants.ts";

/** Whether a grant is known to be another person's than these. */
export const isOfAnother = (held: readonly Grant[], { isUnnamed, providerUserId }: Grant): boolean =>
  isUnnamed !== true && held.some((one) => one.isUnnamed !== true && one.providerUserId !== providerUserId);

/** Returns the grants with the id of the person whom one of them names. */
export function ofOnePerson(grants: readonly Grant[]): Grant[] {
  const named = grants.find(({ isUnnamed }) => isUnnamed !== true);
  if (named === undefined) {
    const [first] = grants;
    return grants.map((grant) => ({
      ...grant,
      providerUserId: first?.providerUserId ?? grant.providerUserId,
    }));
  }
  return grants.map(({ isUnnamed: _, ...grant }) => ({ ...grant, providerUserId: named.providerUserId }));
}

/**
 * Stores the grants. Where they name a person whose id was not known before, the connection and its tasks get the id, so
 * that notifications find them. Returns null when the connection is gone.
 */
export async function storeGrants(
  tx: DatabaseTransaction,
  keyRing: KeyRing,
  {
    provider,
    connection,
    grants,
  }: { readonly provider: Provider; readonly connection: Connection; readonly grants: readonly Grant[] },
): Promise<Connection | null> {
  const id = connectionIdOf(connection);
  const providerUserId = grants[0]?.providerUserId ?? connection.provider_user_id;
  const updated = await updateConnection(tx, id, {
    provider_user_id: providerUserId,
    grant_sealed: sealGrants(keyRing, id, grants),
    scopes: scopesText(grants),
    consents: grants.map(({ consent }) => consent),
    apis: apisFound(provider, grants),
    registration_due_at: registrationDue(grants, new Date()),
  });
  if (updated !== null && providerUserId !== connection.provider_user_id) {
    await moveTasks(tx, { ...accountOf(connection), userId: id.userId }, providerUserId);
  }
  return updated;
}
