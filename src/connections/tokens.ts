/**
 * Provides access tokens that are valid when they are used. A token that has expired, or was refused, is
 * renewed by one process at a time; the new grant is committed before it is used.
 */
import { setTimeout } from "node:timers/promises";
import { sql } from "kysely";
import { consentOf } from "../providers/consents.ts";
import { type Grant, type Provider, type ProviderAccess, ProviderError } from "../providers/provider.ts";
import { type ConnectionId, findConnection, lockConnection, updateConnection } from "../store/connections.ts";
import { openGrants, sealGrants } from "../store/grants.ts";
import type { Store } from "../store/store.ts";
import type { DatabaseOrTransaction, DatabaseTransaction } from "../store/tables.ts";
import { grantOpening, scopesText } from "./grants.ts";
import type { ProviderClients } from "./provider-clients.ts";
import { withPermission } from "./refused-permission.ts";

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
  { provider, id, api }: TokenOwner,
  refusedToken: string | null = null,
): Promise<Grant | null> {
  const { db, keyRing } = deps.store;
  const connection = await findConnection(db, id);
  if (connection === null) return null;
  const grant = grantOpening(provider, openGrants(keyRing, id, connection.grant_sealed), api);
  if (isUsable(grant, refusedToken)) return grant;
  return renewed(deps, { provider, id, consent: grant.consent }, refusedToken).catch((error: unknown) => {
    const isEarly = grant.accessToken === refusedToken && !hasExpired(grant);
    throw withPermission(error, grant, { api, isRenewal: true, isEarly });
  });
}

/** Returns the grant of a consent as `usableGrant` does. The consent may open no API. */
export async function usableGrantOfConsent(
  deps: TokensDeps,
  owner: GrantOwner,
  refusedToken: string | null = null,
): Promise<Grant | null> {
  const { store } = deps;
  const grant = await grantIn(deps, owner, store.db);
  return grant === null || isUsable(grant, refusedToken) ? grant : renewed(deps, owner, refusedToken);
}

/**
 * Returns all grants of a connection with tokens that have not expired, so that they can be given back. A grant whose
 * renewal is refused has ended already and is left out.
 * @throws ProviderError when a renewal fails for another reason
 */
export async function usableGrants(
  deps: TokensDeps,
  { provider, id }: Omit<TokenOwner, "api">,
): Promise<Grant[]> {
  const { db, keyRing } = deps.store;
  const connection = await findConnection(db, id);
  const usable: Grant[] = [];
  for (const grant of connection === null ? [] : openGrants(keyRing, id, connection.grant_sealed)) {
    const owner = { provider, id, consent: grant.consent };
    const good = isUsable(grant, null) ? grant : await unlessEnded(renewed(deps, owner, null));
    if (good !== null) usable.push(good);
  }
  return usable;
}

/**
 * Returns a grant that no connection has any more, with a token that has not expired; null when its renewal is refused.
 * The caller stores it.
 */
export async function usableGrantOf(
  { clients }: Pick<TokensDeps, "clients">,
  { provider, environmentId }: { readonly provider: Provider; readonly environmentId: string },
  grant: Grant,
): Promise<Grant | null> {
  if (isUsable(grant, null)) return grant;
  const access = await clients.accessFor({ environmentId, provider: provider.slug });
  return unlessEnded(renew(access, provider, grant));
}

/** Returns null when the provider refuses the renewal. */
async function unlessEnded(renewing: Promise<Grant | null>): Promise<Grant | null> {
  try {
    return await renewing;
  } catch (error) {
    if (isRefused(error)) return null;
    throw error;
  }
}

const isRefused = (error: unknown): boolean =>
  error instanceof ProviderError && error.code === "PROVIDER_UNAUTHORIZED";

/** Whether a token may be used. One that cannot be renewed is tried however old it is: the provider decides. */
function isUsable({ renewal, expiresAt, accessToken }: Grant, refusedToken: string | null): boolean {
  if (renewal === null) return true;
  if (accessToken === refusedToken) return false;
  return expiresAt === null || expiresAt.getTime() - Date.now() > shortestUseMs;
}

const hasExpired = ({ expiresAt }: Grant): boolean => expiresAt !== null && expiresAt.getTime() <= Date.now();

/** The owner and the consent of a grant. */
interface GrantOwner {
  readonly provider: Provider;
  readonly id: ConnectionId;
  readonly consent: string;
}

/** A grant, and the one that the provider has replaced it by. */
interface Replacement {
  readonly former: Grant;
  readonly fresh: Grant;
}

/** The grant as it is stored now; or a refusal, which is stored too, so that the next caller makes no call. */
type Renewed = { readonly grant: Grant | null } | { readonly refusal: unknown };

/** The renewals that are under way in this process. */
const underWay = new WeakMap<Store, Map<string, Promise<Grant | null>>>();

/** Renews a grant once for all callers of this process at the same time: each would wait with a connection of its own. */
function renewed(deps: TokensDeps, owner: GrantOwner, refusedToken: string | null): Promise<Grant | null> {
  const { environmentId, userId } = owner.id;
  const name = JSON.stringify([environmentId, userId, owner.consent, refusedToken]);
  const ofStore = underWay.get(deps.store) ?? new Map<string, Promise<Grant | null>>();
  underWay.set(deps.store, ofStore);
  const same = ofStore.get(name);
  if (same !== undefined) return same;
  const renewing = renewedOnce(deps, owner, refusedToken).finally(() => ofStore.delete(name));
  ofStore.set(name, renewing);
  return renewing;
}

async function renewedOnce(
  deps: TokensDeps,
  owner: GrantOwner,
  refusedToken: string | null,
): Promise<Grant | null> {
  const { provider, id } = owner;
  // Read before the transaction: with as many transactions as the pool has connections, none could get a second one.
  const access = await deps.clients.accessFor({ environmentId: id.environmentId, provider: provider.slug });
  const answered: Replacement[] = [];
  const renewing = await deps.store.db
    .transaction()
    .execute((tx) => renewLocked(deps, owner, tx, { access, refusedToken, answered }))
    .catch(async (error: unknown): Promise<Renewed> => {
      // The connection to the database broke after the provider had answered. The former token may no longer work.
      const [replacement] = answered;
      if (replacement === undefined) throw error;
      return { grant: await keepAgain(deps, owner, replacement) };
    });
  if ("refusal" in renewing) throw renewing.refusal;
  return renewing.grant;
}

interface Renewing {
  readonly access: ProviderAccess<unknown>;
  readonly refusedToken: string | null;
  /** Gets the new grant as soon as the provider has answered. */
  readonly answered: Replacement[];
}

async function renewLocked(
  deps: TokensDeps,
  owner: GrantOwner,
  tx: DatabaseTransaction,
  { access, refusedToken, answered }: Renewing,
): Promise<Renewed> {
  await lockTokens(tx, owner.id);
  // Another process may have renewed it while we waited for the lock, or may have been refused.
  const former = await grantIn(deps, owner, tx);
  if (former === null || isUsable(former, refusedToken)) return { grant: former };
  if (former.isEnded === true) return { refusal: new ProviderError("PROVIDER_UNAUTHORIZED", "never", {}) };
  const reread = () => grantIn(deps, owner, tx);
  const renewing = await renewOrReread(renew(access, owner.provider, former), former, reread);
  if ("refusal" in renewing) {
    const kept = await replace(deps, owner, tx, { former, fresh: { ...former, isEnded: true } });
    return kept?.isEnded === true ? renewing : { grant: kept };
  }
  const { grant: fresh } = renewing;
  if (fresh === null || fresh.accessToken === former.accessToken) return renewing;
  answered.push({ former, fresh });
  return { grant: await replace(deps, owner, tx, { former, fresh }) };
}

/** Returns the grant as it is stored; null when the connection is gone. */
async function grantIn(
  { store: { keyRing } }: TokensDeps,
  { id, consent }: GrantOwner,
  db: DatabaseOrTransaction,
): Promise<Grant | null> {
  const connection = await findConnection(db, id);
  if (connection === null) return null;
  return openGrants(keyRing, id, connection.grant_sealed).find((one) => one.consent === consent) ?? null;
}

/** Replaces the former grant, unless another process already did. Returns the one that is stored then. */
async function replace(
  { store: { keyRing } }: TokensDeps,
  { id, consent }: GrantOwner,
  tx: DatabaseTransaction,
  { former, fresh }: Replacement,
): Promise<Grant | null> {
  const connection = await lockConnection(tx, id);
  if (connection === null) return null;
  const grants = openGrants(keyRing, id, connection.grant_sealed);
  const held = grants.find((one) => one.consent === consent) ?? null;
  if (held?.accessToken !== former.accessToken) return held;
  const kept = grants.map((one) => (one === held ? fresh : one));
  const change = { grant_sealed: sealGrants(keyRing, id, kept), scopes: scopesText(kept) };
  return (await updateConnection(tx, id, change)) === null ? null : fresh;
}

/** The pauses before each try to store a renewed grant while the database is away. */
const pausesMs: readonly number[] = [0, 200, 1_000, 5_000];

/**
 * Stores a renewed grant whose transaction failed. It does not wait for the lock: the process that has it now asks with
 * the former token, is refused, and then reads the row again.
 */
async function keepAgain(
  deps: TokensDeps,
  owner: GrantOwner,
  replacement: Replacement,
): Promise<Grant | null> {
  let last: unknown;
  for (const pauseMs of pausesMs) {
    await setTimeout(pauseMs);
    try {
      return await deps.store.db.transaction().execute((tx) => replace(deps, owner, tx, replacement));
    } catch (error) {
      last = error;
    }
  }
  throw last;
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
 * @throws ProviderError for every other failure
 */
async function renewOrReread(
  renewing: Promise<Grant>,
  grant: Grant,
  reread: () => Promise<Grant | null>,
): Promise<Renewed> {
  try {
    return { grant: await renewing };
  } catch (error) {
    if (!isRefused(error)) throw error;
    const other = await reread();
    return other?.accessToken === grant.accessToken ? { refusal: error } : { grant: other };
  }
}

async function renew(access: ProviderAccess<unknown>, provider: Provider, grant: Grant): Promise<Grant> {
  const { renewal } = grant;
  const signal = AbortSignal.timeout(renewalMs);
  if (renewal?.kind === "key" && provider.connecting.kind === "key") {
    return provider.connecting.exchange(access, renewal, signal, grant.providerUserId);
  }
  const consent = consentOf(provider, grant.consent);
  if (consent.refresh === undefined) return grant;
  return consent.refresh(access, grant, signal);
}
