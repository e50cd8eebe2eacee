/**
 * Tries again to find out which APIs a grant opens, where the provider could not be asked when the person connected. Any
 * number of processes may take part: each claims some.
 */
import { apisOpenedBy, consentOf } from "../providers/consents.ts";
import type { Grant, Provider } from "../providers/provider.ts";
import { providerBySlug } from "../providers/registry.ts";
import { lockAccounts } from "../store/accounts.ts";
import {
  type Connection,
  type ConnectionId,
  claimRegistrations,
  connectionIdOf,
  lockConnection,
} from "../store/connections.ts";
import { openGrants } from "../store/grants.ts";
import type { ConnectionsDeps } from "./deps.ts";
import { beginOpened } from "./further-consent.ts";
import { isOfAnother, ofOnePerson, storeGrants } from "./store-grants.ts";
import { lockTokens, usableGrantOfConsent } from "./tokens.ts";

const claimed = 20;
const retryMs = 10 * 60_000;
const callsMs = 60_000;

export async function completeRegistrations(deps: ConnectionsDeps, signal: AbortSignal): Promise<void> {
  for (let found = claimed; found === claimed && !signal.aborted; ) {
    const retryAt = new Date(Date.now() + retryMs);
    const due = await claimRegistrations(deps.store.db, { limit: claimed, retryAt });
    for (const connection of due) await completeOne(deps, connection, signal);
    found = due.length;
  }
}

async function completeOne(
  deps: ConnectionsDeps,
  connection: Connection,
  signal: AbortSignal,
): Promise<void> {
  const provider = providerBySlug(connection.provider);
  const id = connectionIdOf(connection);
  try {
    const grant = await registered(deps, provider, connection, signal);
    if (grant !== null) await keepRegistered(deps, provider, id, grant);
  } catch (err) {
    const about = { err, provider: provider.slug, user_id: id.userId };
    deps.log.warn(about, "not known yet which APIs a person's permission opens; trying again later");
  }
}

async function registered(
  deps: ConnectionsDeps,
  provider: Provider,
  connection: Connection,
  signal: AbortSignal,
): Promise<Grant | null> {
  const id = connectionIdOf(connection);
  const grants = openGrants(deps.store.keyRing, id, connection.grant_sealed);
  const undecided = grants.find(({ isUndecided }) => isUndecided);
  if (undecided === undefined) return null;
  const { name, register } = consentOf(provider, undecided.consent);
  const grant = await usableGrantOfConsent(deps, { provider, id, consent: name });
  if (grant === null || register === undefined) return null;
  const access = await deps.clients.accessFor({ environmentId: id.environmentId, provider: provider.slug });
  const opened = grants.filter((one) => one !== undecided).flatMap((one) => apisOpenedBy(provider, one));
  const soon = AbortSignal.any([signal, AbortSignal.timeout(callsMs)]);
  const knownAs = [connection.provider_user_id];
  return register(access, grant, { memberId: id.userId, opened, knownAs, signal: soon });
}

/** Stores what was found with the token that the grant has now: it may have been renewed meanwhile. */
async function keepRegistered(
  { store: { db, queue, keyRing } }: ConnectionsDeps,
  provider: Provider,
  id: ConnectionId,
  found: Grant,
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const account = { environmentId: id.environmentId, provider: provider.slug };
    await lockAccounts(tx, [{ ...account, providerUserId: found.providerUserId }]);
    await lockTokens(tx, id);
    const connection = await lockConnection(tx, id);
    if (connection === null) return;
    const held = openGrants(keyRing, id, connection.grant_sealed);
    const others = held.filter(({ consent }) => consent !== found.consent);
    const current = held.find(({ consent }) => consent === found.consent);
    if (current === undefined || isOfAnother(others, found)) return;
    const { accessToken, expiresAt, renewal, scopes } = current;
    const grant = { ...found, accessToken, expiresAt, renewal, scopes };
    const grants = ofOnePerson(held.map((one) => (one === current ? grant : one)));
    const updated = await storeGrants(tx, keyRing, { provider, connection, grants });
    if (updated !== null) await beginOpened(tx, queue, provider, { before: connection, after: updated });
  });
}
