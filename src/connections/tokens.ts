/**
 * Provides access tokens that are valid when they are used. A token that has expired, or was refused, is
 * renewed by one process at a time; the new grant is committed before it is used.
 */
import { sql } from "kysely";
import { consentOf } from "../providers/consents.ts";
import { type Grant, type Provider, ProviderError } from "../providers/provider.ts";
import {
  type Connection,
  type ConnectionId,
  findConnection,
  updateConnection,
} from "../store/connections.ts";
import { openGrants, sealGrants } from "../store/grants.ts";
import type { Store } from "../store/store.ts";
import type { DatabaseTransaction } from "../store/tables.ts";
import { grantOpening, scopesText } from "./grants.ts";
import type { ProviderClients } from "./provider-clients.ts";

/** A token that expires sooner could expire on the way to the provider. */
const shortestUseMs = 60_000;
const renewalMs = 30_000;

interface TokensDeps {
  readonly store: Store;
  readonly clients: ProviderClients;
}

/** The connection and the API of a token. */
export interface TokenOwner {
  readonly provider: Provider;
  readonly id: ConnectionId;
  readonly api: string;
}

/**
 * Returns a grant that opens the API, renewed if its token has expired or was just refused; null when the
 * connection is gone.
 * @throws ProviderError PROVIDER_UNAUTHORIZED when the renewal itself is refused
 */
export async function usableGrant(
  deps: TokensDeps,
  owner: TokenOwner,
  refusedToken: string | null = null,
): Promise<Grant | null> {
  const { db, keyRing } = deps.store;
  const connection = await findConnection(db, owner.id);
  if (connection === null) return null;
  const grant = grantOpening(
    owner.provider,
    openGrants(keyRing, owner.id, connection.grant_sealed),
    owner.api,
  );
  return isUsable(grant, refusedToken) ? grant : renewed(deps, owner, refusedToken);
}

/** Whether a token may be used. One that cannot be renewed is tried however old it is: the provider decides. */
function isUsable({ renewal, expiresAt, accessToken }: Grant, refusedToken: string | null): boolean {
  if (renewal === null) return true;
  if (accessToken === refusedToken) return false;
  return expiresAt === null || expiresAt.getTime() - Date.now() > shortestUseMs;
}

async function renewed(
  deps: TokensDeps,
  owner: TokenOwner,
  refusedToken: string | null,
): Promise<Grant | null> {
  const { db, keyRing } = deps.store;
  return db.transaction().execute(async (tx) => {
    await lockTokens(tx, owner.id);
    // Another process may have renewed it while we waited for the lock.
    const connection = await findConnection(tx, owner.id);
    if (connection === null) return null;
    const grants = openGrants(keyRing, owner.id, connection.grant_sealed);
    const grant = grantOpening(owner.provider, grants, owner.api);
    if (isUsable(grant, refusedToken)) return grant;
    const fresh = await renewOrReread(deps, owner, connection, grant);
    if (fresh === null || fresh.accessToken === grant.accessToken) return fresh;
    const kept = grants.map((one) => (one === grant ? fresh : one));
    const change = { grant_sealed: sealGrants(keyRing, owner.id, kept), scopes: scopesText(kept) };
    return (await updateConnection(tx, owner.id, change)) === null ? null : fresh;
  });
}

/** Locks a connection's grants, over all processes. */
export async function lockTokens(
  tx: DatabaseTransaction,
  { environmentId, userId }: ConnectionId,
): Promise<void> {
  const name = `${environmentId} ${userId}`;
  await sql`SELECT pg_advisory_xact_lock(hashtextextended(${name}, 4))`.execute(tx);
}

/**
 * Renews a grant, or reads it again after a refusal: another process may have renewed it after this one's
 * lock was lost with its connection.
 */
async function renewOrReread(
  deps: TokensDeps,
  owner: TokenOwner,
  connection: Connection,
  grant: Grant,
): Promise<Grant | null> {
  try {
    return await renew(deps, owner.provider, connection, grant);
  } catch (error) {
    if (!(error instanceof ProviderError) || error.code !== "PROVIDER_UNAUTHORIZED") throw error;
    const { db, keyRing } = deps.store;
    const now = await findConnection(db, owner.id);
    if (now === null) return null;
    const other = grantOpening(owner.provider, openGrants(keyRing, owner.id, now.grant_sealed), owner.api);
    if (other.accessToken === grant.accessToken) throw error;
    return other;
  }
}

async function renew(
  { clients }: TokensDeps,
  provider: Provider,
  { environment_id: environmentId }: Connection,
  grant: Grant,
): Promise<Grant> {
  const { renewal } = grant;
  const access = await clients.accessFor({ environmentId, provider: provider.slug });
  const signal = AbortSignal.timeout(renewalMs);
  if (renewal?.kind === "key" && provider.connecting.kind === "key") {
    return provider.connecting.exchange(access, renewal, signal);
  }
  const consent = consentOf(provider, grant.consent);
  if (consent.refresh === undefined) return grant;
  return consent.refresh(access, grant, signal);
}
