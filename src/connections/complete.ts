/** Completes an authorisation: from the provider's redirect to a connection whose first data is being fetched. */

import { SystoleError } from "../errors.ts";
import { apisOfConnection, consentOf, formerConsent } from "../providers/consents.ts";
import { scopesOf } from "../providers/kit/scopes.ts";
import type { Grant, Provider, Registering } from "../providers/provider.ts";
import { providerBySlug } from "../providers/registry.ts";
import { type AuthFlow, codeVerifierContext, keepQuestion, takeFlow } from "../store/auth-flows.ts";
import { connectionIdOf, findByReference, findConnection } from "../store/connections.ts";
import { sealGrants } from "../store/grants.ts";
import type { DatabaseTransaction } from "../store/tables.ts";
import { createRevocation } from "../sync/create-tasks.ts";
import type { ConnectionsDeps } from "./deps.ts";
import { assertSessionOpen, establishConnection, type Granted } from "./establish.ts";
import { addGrant } from "./further-consent.ts";
import { type AuthorizationOutcome, askedOutcome, cancelFlow, connectedOutcome } from "./outcome.ts";

/** The parameters of the provider's redirect. */
export interface AuthorizationCallback {
  readonly providerSlug: string;
  readonly state: string | null;
  readonly code: string | null;
  readonly error: string | null;
  /** The granted scopes, where the redirect names them; null where it does not. */
  readonly scope: string | null;
  /** The secret of the browser's cookie, or a new one if it has none. */
  readonly browser: string;
  readonly signal: AbortSignal;
}

/**
 * Finishes an authorisation. A refusal or a failure is an outcome, sent to the developer as `auth_cancelled`;
 * an unknown state, another browser's state and a used link are errors.
 * @throws SystoleError PROVIDER_UNKNOWN, OAUTH_STATE_INVALID, OAUTH_OTHER_BROWSER, SESSION_USED
 */
export async function completeAuthorization(
  deps: ConnectionsDeps,
  callback: AuthorizationCallback,
): Promise<AuthorizationOutcome> {
  const provider = providerBySlug(callback.providerSlug);
  const flow = await takenFlow(deps, provider, callback);
  await assertSessionOpen(deps.store.db, flow);
  let grant: Grant;
  try {
    grant = await obtainGrant(deps, provider, flow, callback);
  } catch (error) {
    return cancelFlow(deps, flow, error);
  }
  try {
    const granted = { flow, grant, approved: [], browser: callback.browser };
    return await deps.store.db.transaction().execute((tx) => connectOrAsk(deps, tx, provider, granted));
  } catch (error) {
    const code = error instanceof SystoleError ? error.code : null;
    if (code !== null && uselessCodes.has(code)) await giveUp(deps, flow, grant);
    if (code === "SESSION_USED") throw error;
    return cancelFlow(deps, flow, error);
  }
}

/** Codes of failures after which the given permission is of no use. */
const uselessCodes: ReadonlySet<string> = new Set([
  "SESSION_USED",
  "USER_NOT_FOUND",
  "CONSENT_OTHER_ACCOUNT",
]);

/** @throws SystoleError OAUTH_STATE_INVALID, OAUTH_OTHER_BROWSER */
async function takenFlow(
  { store }: ConnectionsDeps,
  provider: Provider,
  { state, browser }: AuthorizationCallback,
): Promise<AuthFlow> {
  const found = state === null ? null : await takeFlow(store.db, { provider: provider.slug, state, browser });
  if (found === null) throw new SystoleError("OAUTH_STATE_INVALID", { provider: provider.name });
  if (found === "other browser") throw new SystoleError("OAUTH_OTHER_BROWSER", { provider: provider.name });
  return found;
}

async function obtainGrant(
  deps: ConnectionsDeps,
  provider: Provider,
  flow: AuthFlow,
  { code, error, scope, signal }: AuthorizationCallback,
): Promise<Grant> {
  if (error !== null || code === null) throw new SystoleError("OAUTH_DENIED", { reason: error ?? "no code" });
  const id = connectionIdOf(flow);
  const consent = consentOf(provider, flow.consent ?? formerConsent(provider));
  const access = await deps.clients.accessFor({ environmentId: id.environmentId, provider: provider.slug });
  const sealed = flow.code_verifier_sealed;
  // A former release did not store them: it asked for all.
  const asked = flow.scopes === null ? consent.scopes.map(({ name }) => name) : scopesOf(flow.scopes);
  const grant = await consent.exchange(access, {
    code,
    redirectUri: flow.redirect_uri,
    scopes: scopesOnReturn(asked, scope),
    codeVerifier: sealed && deps.store.keyRing.open(sealed, codeVerifierContext(id)),
    signal,
  });
  if (consent.register === undefined) return grant;
  const known = await alreadyKnown(deps, provider, flow);
  return consent.register(access, grant, { memberId: flow.user_id, ...known, signal });
}

/** The facts about the person: from the connection to which the flow adds, or from those with its reference. */
async function alreadyKnown(
  { store: { db } }: ConnectionsDeps,
  provider: Provider,
  flow: AuthFlow,
): Promise<Pick<Registering, "opened" | "knownAs">> {
  const { environment_id: environmentId, reference_id: referenceId } = flow;
  if (flow.is_further) {
    const connection = await findConnection(db, connectionIdOf(flow));
    if (connection === null) return { opened: [], knownAs: [] };
    return { opened: apisOfConnection(provider, connection), knownAs: [connection.provider_user_id] };
  }
  const former = referenceId === null ? [] : await findByReference(db, environmentId, referenceId);
  const ofProvider = former.filter((connection) => connection.provider === provider.slug);
  return { opened: [], knownAs: ofProvider.map((connection) => connection.provider_user_id) };
}

/**
 * Returns those of the asked scopes that the redirect names, since a person may have left some out. The tokens' reply
 * may name them more exactly. A redirect that names none of them says nothing.
 */
function scopesOnReturn(asked: readonly string[], returned: string | null): readonly string[] {
  const granted = new Set(scopesOf(returned ?? ""));
  const left = asked.filter((one) => granted.has(one));
  return left.length > 0 ? left : asked;
}

/**
 * Connects the person, or stores their permission until they have said whether it replaces another account; a
 * further permission of a connected person is added to their connection.
 * @throws SystoleError SESSION_USED, USER_NOT_FOUND, CONSENT_OTHER_ACCOUNT
 */
export async function connectOrAsk(
  { store }: ConnectionsDeps,
  tx: DatabaseTransaction,
  provider: Provider,
  { browser, ...granted }: Granted & { readonly flow: AuthFlow; readonly browser: string },
): Promise<AuthorizationOutcome> {
  const { flow, grant } = granted;
  if (flow.is_further) {
    await addGrant(tx, store, provider, granted);
    return connectedOutcome(flow);
  }
  const unapproved = await establishConnection(tx, store, provider, granted);
  if (unapproved.length === 0) return connectedOutcome(flow);
  const question = {
    grant_sealed: sealGrants(store.keyRing, connectionIdOf(flow), [grant]),
    provider_user_id: grant.providerUserId,
    replaces: unapproved.map((old) => old.user_id),
  };
  return askedOutcome(flow, await keepQuestion(tx, flow, question, browser));
}

/** Revokes a permission that led to no connection, unless another connection uses it. */
async function giveUp({ store }: ConnectionsDeps, flow: AuthFlow, grant: Grant): Promise<void> {
  const sealed = sealGrants(store.keyRing, connectionIdOf(flow), [grant]);
  const given = { ...flow, provider_user_id: grant.providerUserId, grant_sealed: sealed };
  await store.db.transaction().execute((tx) => createRevocation(tx, store.queue, given));
}
