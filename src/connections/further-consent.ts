/** A further consent of a connected person: its grant joins the others of their connection. */
import { SystoleError } from "../errors.ts";
import { connectingConsent, consentsGiven } from "../providers/consents.ts";
import type { Grant, Provider } from "../providers/provider.ts";
import { keepAgreement } from "../store/agreements.ts";
import type { AuthFlow } from "../store/auth-flows.ts";
import { connectionIdOf, lockConnection, updateConnection } from "../store/connections.ts";
import { openGrants, sealGrants } from "../store/grants.ts";
import type { Store } from "../store/store.ts";
import type { DatabaseTransaction } from "../store/tables.ts";
import { createFirstTasks } from "../sync/discover.ts";
import { emitAuth } from "./connection-events.ts";
import { spendFlowSession } from "./establish.ts";
import { scopesText } from "./grants.ts";
import { lockTokens } from "./tokens.ts";

/** Whether a flow adds to a connection; the first consent makes a new one. */
export const isFurther = (provider: Provider, { consent }: Pick<AuthFlow, "consent">): boolean =>
  consent !== null && consent !== connectingConsent(provider);

/**
 * Adds the grant, tells the developer, and creates tasks for the newly granted resources.
 * @throws SystoleError SESSION_USED, USER_NOT_FOUND, CONSENT_OTHER_ACCOUNT
 */
export async function addGrant(
  tx: DatabaseTransaction,
  { queue, keyRing }: Store,
  provider: Provider,
  { flow, grant }: { readonly flow: AuthFlow; readonly grant: Grant },
): Promise<void> {
  const id = connectionIdOf(flow);
  await spendFlowSession(tx, flow);
  // A concurrent renewal of another grant would otherwise write the grants without this one.
  await lockTokens(tx, id);
  const connection = await lockConnection(tx, id);
  if (connection === null || connection.state !== "active") {
    throw new SystoleError("USER_NOT_FOUND", { user_id: id.userId });
  }
  if (connection.provider_user_id !== grant.providerUserId) {
    throw new SystoleError("CONSENT_OTHER_ACCOUNT", { provider: provider.name, consent: grant.consent });
  }
  const former = openGrants(keyRing, id, connection.grant_sealed);
  const grants = [...former.filter(({ consent }) => consent !== grant.consent), grant];
  const updated = await updateConnection(tx, id, {
    grant_sealed: sealGrants(keyRing, id, grants),
    scopes: scopesText(grants),
    consents: [...new Set([...consentsGiven(provider, connection), grant.consent])],
  });
  if (updated === null) throw new SystoleError("USER_NOT_FOUND", { user_id: id.userId });
  await keepAgreement(tx, flow);
  await emitAuth(tx, queue, updated, { flowId: flow.user_id, sessionId: flow.session_id });
  await createFirstTasks(tx, queue, { provider, connection: updated });
}
