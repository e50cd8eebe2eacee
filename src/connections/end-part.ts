/** Ends one of several permissions of a connection; the others go on, and the person may give it again. */
import { apisDeclaredBy, apisOpenedBy } from "../providers/consents.ts";
import type { Grant, Provider } from "../providers/provider.ts";
import { type Connection, connectionIdOf } from "../store/connections.ts";
import { openGrants } from "../store/grants.ts";
import type { Store } from "../store/store.ts";
import type { DatabaseTransaction } from "../store/tables.ts";
import type { RefusedPermission } from "./refused-permission.ts";
import { storeGrants } from "./store-grants.ts";

/**
 * Takes the refused permission out of the connection, whose row and grants the caller has locked. Returns the connection
 * as it is then; "nothing left" where that was its last permission, and "gone already" where another task was refused too
 * and has taken it out.
 */
export async function endPart(
  tx: DatabaseTransaction,
  { keyRing }: Pick<Store, "keyRing">,
  {
    provider,
    connection,
    refused,
  }: { readonly provider: Provider; readonly connection: Connection; readonly refused: RefusedPermission },
): Promise<Connection | "nothing left" | "gone already"> {
  const grants = openGrants(keyRing, connectionIdOf(connection), connection.grant_sealed);
  const ended = grants.find(({ consent }) => consent === refused.consent);
  if (ended === undefined || isClosed(provider, ended, refused)) return "gone already";
  const left = leftOf(provider, grants, ended, refused);
  if (left.length === 0) return "nothing left";
  return (await storeGrants(tx, keyRing, { provider, connection, grants: left })) ?? "gone already";
}

/** Whether the refusal is of one API alone, which was closed after an earlier refusal. */
const isClosed = (provider: Provider, ended: Grant, { isRenewal, api }: RefusedPermission): boolean =>
  !isRenewal && !apisOpenedBy(provider, ended).includes(api);

/** A refusal by an API that the grant was only found to open ends that API alone. */
function leftOf(provider: Provider, grants: readonly Grant[], ended: Grant, refused: RefusedPermission) {
  const isFound = !refused.isRenewal && !apisDeclaredBy(provider, ended).includes(refused.api);
  if (!isFound) return grants.filter((grant) => grant !== ended && grant.isEnded !== true);
  const apis = apisOpenedBy(provider, ended).filter((api) => api !== refused.api);
  return grants.map((grant) => (grant === ended ? { ...ended, apis } : grant));
}
