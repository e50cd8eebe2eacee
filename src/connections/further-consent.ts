/** A further consent of a connected person: its grant joins the others of their connection. */
import { SystoleError } from "../errors.ts";
import type { Grant, Provider } from "../providers/provider.ts";
import { accountOf, lockAccounts } from "../store/accounts.ts";
import { keepAgreement } from "../store/agreements.ts";
import type { AuthFlow } from "../store/auth-flows.ts";
import { type Connection, connectionIdOf, lockConnection } from "../store/connections.ts";
import { openGrants } from "../store/grants.ts";
import type { Queue } from "../store/queue.ts";
import type { Store } from "../store/store.ts";
import type { DatabaseTransaction } from "../store/tables.ts";
import { resumeWaiting } from "../sync/create-tasks.ts";
import { createFirstTasks } from "../sync/discover.ts";
import { emitAuth } from "./connection-events.ts";
import { spendFlowSession } from "./establish.ts";
import { isOfAnother, ofOnePerson, storeGrants } from "./store-grants.ts";
import { lockTokens } from "./tokens.ts";

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
  // No task may begin to wait for the account between the look for waiting ones and the end of this transaction.
  await lockAccounts(tx, [accountOf({ ...flow, provider_user_id: grant.providerUserId })]);
  // A concurrent renewal of another grant would otherwise write the grants without this one.
  await lockTokens(tx, id);
  const connection = await lockConnection(tx, id);
  if (connection === null || connection.state !== "active") {
    throw new SystoleError("USER_NOT_FOUND", { user_id: id.userId });
  }
  const former = openGrants(keyRing, id, connection.grant_sealed);
  if (isOfAnother(former, grant)) {
    throw new SystoleError("CONSENT_OTHER_ACCOUNT", { provider: provider.name, consent: grant.consent });
  }
  const grants = ofOnePerson([...former.filter(({ consent }) => consent !== grant.consent), grant]);
  const updated = await storeGrants(tx, keyRing, { provider, connection, grants });
  if (updated === null) throw new SystoleError("USER_NOT_FOUND", { user_id: id.userId });
  await keepAgreement(tx, flow);
  await emitAuth(tx, queue, updated, { flowId: flow.user_id, sessionId: flow.session_id });
  await beginOpened(tx, queue, provider, { before: connection, after: updated });
}

/** Creates tasks for what a connection opens now, and resumes those that waited for a person whose id is known now. */
export async function beginOpened(
  tx: DatabaseTransaction,
  queue: Queue,
  provider: Provider,
  { before, after }: { readonly before: Connection; readonly after: Connection },
): Promise<void> {
  await createFirstTasks(tx, queue, { provider, connection: after });
  if (after.provider_user_id !== before.provider_user_id) await resumeWaiting(tx, queue, accountOf(after));
}
