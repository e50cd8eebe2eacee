/** Writes a connection, in one transaction with its events and the tasks that fetch its data. */
import { sql } from "kysely";
import { SystoleError } from "../errors.ts";
import type { Grant, Provider } from "../providers/provider.ts";
import { accountOf, lockAccounts } from "../store/accounts.ts";
import { keepAgreement } from "../store/agreements.ts";
import type { AuthFlow } from "../store/auth-flows.ts";
import {
  type Connection,
  connectionIdOf,
  findByProviderUser,
  findByReference,
  inheritConnection,
  insertConnection,
  lockConnection,
} from "../store/connections.ts";
import { eraseConnection, prepareErasure } from "../store/erasure.ts";
import { insertErasure } from "../store/erasures.ts";
import { sealGrants } from "../store/grants.ts";
import { isSessionOpen, spendSession } from "../store/sessions.ts";
import type { Store } from "../store/store.ts";
import type { DatabaseOrTransaction, DatabaseTransaction } from "../store/tables.ts";
import { endUploadTokens } from "../store/upload-tokens.ts";
import { createRevocation, resumeWaiting } from "../sync/create-tasks.ts";
import { createFirstTasks } from "../sync/discover.ts";
import { newTraceId } from "../telemetry/trace.ts";
import { emitAuth, emitUserReauth } from "./connection-events.ts";
import { withFurther } from "./further-grants.ts";
import { apisFound, registrationDue, scopesText } from "./grants.ts";
import { keyEndOf } from "./key-ends.ts";

export interface Granted {
  readonly grant: Grant;
  /** The user_ids that the person has agreed to replace by another account. */
  readonly approved: readonly string[];
}

/**
 * Connects the person and returns nothing; or writes nothing and returns the connections of another account
 * that would be replaced, if the person was not asked yet.
 * @throws SystoleError SESSION_USED
 */
export async function establishConnection(
  tx: DatabaseTransaction,
  store: Store,
  provider: Provider,
  { flow, grant, approved }: Granted & { readonly flow: AuthFlow },
): Promise<Connection[]> {
  await lockPerson(tx, provider, flow, grant);
  await assertSessionOpen(tx, flow);
  const found = await findReplaced(tx, provider, flow, grant);
  const unapproved = found.filter(
    (old) => old.provider_user_id !== grant.providerUserId && !approved.includes(old.user_id),
  );
  if (unapproved.length > 0) return unapproved;
  await spendFlowSession(tx, flow);
  const replaced = await lockAll(tx, found);
  const grants = withFurther(store.keyRing, grant, replaced);
  const connection = await insertConnection(tx, {
    environment_id: flow.environment_id,
    user_id: flow.user_id,
    provider: provider.slug,
    provider_user_id: grant.providerUserId,
    reference_id: flow.reference_id,
    state: "active",
    grant_sealed: sealGrants(store.keyRing, connectionIdOf(flow), grants),
    scopes: scopesText(grants),
    consents: grants.map(({ consent }) => consent),
    apis: apisFound(provider, grants),
    registration_due_at: registrationDue(grants, new Date()),
    key_ends_at: keyEndOf(grant, new Date()),
  });
  await keepAgreement(tx, flow);
  // The newest first: if several have the same thing, the newest one's is kept.
  for (const old of replaced.toReversed()) await replace(tx, store, old, connection);
  await emitAuth(tx, store.queue, connection, { flowId: flow.user_id, sessionId: flow.session_id });
  await createFirstFetches(tx, store, provider, connection);
  // After the events: emitting locks destinations before deliveries.
  for (const old of replaced) if (!isSameAccount(old, connection)) await eraseReplaced(tx, store, old);
  return [];
}

/** Checks that the flow's connect link is unused; it is good for one connection. @throws SystoleError SESSION_USED */
export async function assertSessionOpen(db: DatabaseOrTransaction, flow: AuthFlow): Promise<void> {
  const { environment_id: environmentId, session_id: sessionId } = flow;
  if (sessionId === null || (await isSessionOpen(db, { environmentId, sessionId }))) return;
  throw new SystoleError("SESSION_USED");
}

/** Uses up the connect link that the flow came through. @throws SystoleError SESSION_USED */
export async function spendFlowSession(tx: DatabaseTransaction, flow: AuthFlow): Promise<void> {
  const { environment_id: environmentId, session_id: sessionId } = flow;
  if (sessionId === null || (await spendSession(tx, { environmentId, sessionId }))) return;
  throw new SystoleError("SESSION_USED");
}

/**
 * Returns the connections to be replaced. Terra's rule: the same developer, reference and provider make a new
 * user_id, and the former one ends. Without a reference the provider's own account takes its place, so that
 * stale duplicates cannot pile up.
 */
async function findReplaced(
  tx: DatabaseTransaction,
  provider: Provider,
  flow: AuthFlow,
  grant: Grant,
): Promise<Connection[]> {
  if (flow.reference_id !== null) {
    const same = await findByReference(tx, flow.environment_id, flow.reference_id);
    return same.filter((connection) => connection.provider === provider.slug);
  }
  const same = await findByProviderUser(tx, flow.environment_id, provider.slug, grant.providerUserId);
  return same.filter((connection) => connection.reference_id === null);
}

/**
 * Locks the person, so that the second of two connects of one person replaces the first. It also locks the
 * account, so that no further task begins to wait for it after we have resumed the waiting ones and before we
 * commit: nobody would resume that one.
 */
async function lockPerson(
  tx: DatabaseTransaction,
  provider: Provider,
  flow: AuthFlow,
  grant: Grant,
): Promise<void> {
  const reference = `${flow.environment_id} ${provider.slug} ${flow.reference_id}`;
  if (flow.reference_id !== null) {
    await sql`SELECT pg_advisory_xact_lock(hashtextextended(${reference}, 1))`.execute(tx);
  }
  await lockAccounts(tx, [
    { environmentId: flow.environment_id, provider: provider.slug, providerUserId: grant.providerUserId },
  ]);
}

/**
 * Locks the connections before any of their data is touched: a transaction that writes their records holds
 * the same lock, and the two would otherwise deadlock.
 */
async function lockAll(tx: DatabaseTransaction, connections: readonly Connection[]): Promise<Connection[]> {
  const locked: Connection[] = [];
  for (const { environment_id: environmentId, user_id: userId } of connections) {
    const connection = await lockConnection(tx, { environmentId, userId });
    if (connection !== null) locked.push(connection);
  }
  return locked;
}

/** Gives the new connection the data of the same account; of another account, prepares the erasure. */
async function replace(
  tx: DatabaseTransaction,
  store: Store,
  old: Connection,
  connection: Connection,
): Promise<void> {
  if (isSameAccount(old, connection)) {
    await endUploadTokens(tx, connectionIdOf(old));
    await inheritConnection(tx, connection.environment_id, old.user_id, connection.user_id);
  } else {
    await prepareErasure(tx, old);
  }
  await emitUserReauth(tx, store.queue, { replaced: old, connection }, newTraceId());
}

/** Erases the data of another account with its id. */
async function eraseReplaced(tx: DatabaseTransaction, { queue }: Store, old: Connection): Promise<void> {
  const erased = await eraseConnection(tx, connectionIdOf(old));
  // Ingest checks before it revokes the permission: another connection may be using that account.
  if (old.state === "active") await createRevocation(tx, queue, old);
  await insertErasure(tx, old, erased, old.state === "active" ? "ordered" : "given_back");
}

const isSameAccount = (old: Connection, connection: Connection): boolean =>
  old.provider_user_id === connection.provider_user_id;

async function createFirstFetches(
  tx: DatabaseTransaction,
  { queue }: Store,
  provider: Provider,
  connection: Connection,
): Promise<void> {
  // Waiting fetches already have their task, so they get no other.
  await createFirstTasks(tx, queue, { provider, connection });
  await resumeWaiting(tx, queue, accountOf(connection));
}
