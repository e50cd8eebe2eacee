/** Writing a connection: in one transaction with the events about it and the tasks that fetch its data. */
import { sql } from "kysely";
import { SystoleError } from "../errors.ts";
import type { Grant, Provider } from "../providers/provider.ts";
import { lockAccounts } from "../store/accounts.ts";
import type { AuthFlow } from "../store/auth-flows.ts";
import {
  type Connection,
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
import { createRevocation, resumeWaiting } from "../sync/create-tasks.ts";
import { createFirstTasks } from "../sync/discover.ts";
import { newTraceId } from "../telemetry/trace.ts";
import { emitAuth, emitUserReauth } from "./connection-events.ts";
import { scopesText } from "./grants.ts";

export interface Granted {
  readonly grant: Grant;
  /** The user_ids whose replacement by another account the person has agreed to. */
  readonly approved: readonly string[];
}

/**
 * Connects the person and returns nothing; or writes nothing and returns the connections of another account
 * that would be replaced without the person having been asked.
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
  const connection = await insertConnection(tx, {
    environment_id: flow.environment_id,
    user_id: flow.user_id,
    provider: provider.slug,
    provider_user_id: grant.providerUserId,
    reference_id: flow.reference_id,
    state: "active",
    grant_sealed: sealGrants(store.keyRing, idOf(flow), [grant]),
    scopes: scopesText([grant]),
    consents: [grant.consent],
  });
  // The newest first: where several have the same thing, its own is kept.
  for (const old of replaced.toReversed()) await replace(tx, store, old, connection);
  await emitAuth(tx, store.queue, connection, { flowId: flow.user_id, sessionId: flow.session_id });
  await createFirstFetches(tx, store, provider, connection);
  // After the events: whoever sends locks destinations before deliveries.
  for (const old of replaced) if (!isSameAccount(old, connection)) await eraseReplaced(tx, store, old);
  return [];
}

/** A connect link is good for one connection. @throws SystoleError SESSION_USED */
export async function assertSessionOpen(db: DatabaseOrTransaction, flow: AuthFlow): Promise<void> {
  const { environment_id: environmentId, session_id: sessionId } = flow;
  if (sessionId === null || (await isSessionOpen(db, { environmentId, sessionId }))) return;
  throw new SystoleError("SESSION_USED");
}

/** A connect link that the flow came through is used up. @throws SystoleError SESSION_USED */
export async function spendFlowSession(tx: DatabaseTransaction, flow: AuthFlow): Promise<void> {
  const { environment_id: environmentId, session_id: sessionId } = flow;
  if (sessionId === null || (await spendSession(tx, { environmentId, sessionId }))) return;
  throw new SystoleError("SESSION_USED");
}

const idOf = (flow: AuthFlow) => ({ environmentId: flow.environment_id, userId: flow.user_id });

/**
 * Terra's rule: the same developer, reference and provider make a new user_id and the former one goes.
 * Without a reference the provider's own account takes its place, so that stale doubles cannot pile up.
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
 * Two connects of one person come one after the other, so that the second replaces the first; and nothing is
 * put aside for the account between our look at what waits for it and our commit.
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
 * Held before anything of theirs is touched: whoever writes their records right now holds the same lock, and
 * each would otherwise wait for what the other has.
 */
async function lockAll(tx: DatabaseTransaction, connections: readonly Connection[]): Promise<Connection[]> {
  const locked: Connection[] = [];
  for (const { environment_id: environmentId, user_id: userId } of connections) {
    const connection = await lockConnection(tx, { environmentId, userId });
    if (connection !== null) locked.push(connection);
  }
  return locked;
}

/** What was fetched from the same account stays with the person. */
async function replace(
  tx: DatabaseTransaction,
  store: Store,
  old: Connection,
  connection: Connection,
): Promise<void> {
  if (isSameAccount(old, connection)) {
    await inheritConnection(tx, connection.environment_id, old.user_id, connection.user_id);
  } else {
    await prepareErasure(tx, old);
  }
  await emitUserReauth(tx, store.queue, old, connection, newTraceId());
}

/** Another account's data goes with its id. */
async function eraseReplaced(tx: DatabaseTransaction, { queue }: Store, old: Connection): Promise<void> {
  const erased = await eraseConnection(tx, { environmentId: old.environment_id, userId: old.user_id });
  // Ingest looks before it gives the permission back: another connection may be using that account.
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
  const { environment_id: environmentId, provider_user_id: providerUserId } = connection;
  const person = { environmentId, provider: provider.slug, providerUserId };
  // What waits has its task already: nothing of it gets another.
  await createFirstTasks(tx, queue, { provider, connection });
  await resumeWaiting(tx, queue, person);
}
