/** Begins an authorisation: makes the address at which a person gives consent. */
import { randomUUID } from "node:crypto";
import { SystoleError } from "../errors.ts";
import { consentsGiven, firstConsent, furtherConsents } from "../providers/consents.ts";
import { neededScopes } from "../providers/needed-scopes.ts";
import type { OAuthConsent, Provider } from "../providers/provider.ts";
import { findProvider } from "../providers/registry.ts";
import { newSecret } from "../security/secrets.ts";
import { beginFlow, codeVerifierContext } from "../store/auth-flows.ts";
import { type Connection, type ConnectionId, findConnection } from "../store/connections.ts";
import { findChoice } from "../store/data-choices.ts";
import { redirectOriginsOf } from "../store/environments.ts";
import { createSession } from "../store/sessions.ts";
import type { FlowAgreement } from "../store/tables.ts";
import type { ConnectionsDeps } from "./deps.ts";
import { checkRedirectOrigin, checkRedirectUrl } from "./redirect-url.ts";

export interface AuthorizationRequest {
  readonly environmentId: string;
  readonly providerSlugOrName: string;
  readonly referenceId: string | null;
  readonly successUrl: string | null;
  readonly failureUrl: string | null;
  readonly sessionId: string | null;
  /** Asks a connected person for a further consent; without it a new connection is made, by the first consent. */
  readonly further?: { readonly consent: string; readonly userId: string };
  /** The secret of the browser's cookie; null if no browser is known yet, so that any may finish the flow. */
  readonly browser: string | null;
  /** The agreement given on our page; null where no page of ours was shown. Its scopes are asked for. */
  readonly agreement: FlowAgreement | null;
  /** The language of the pages that follow; null for the browser's. */
  readonly language: string | null;
}

/**
 * Returns a link at which the person gives consent, and the user_id of the new or existing connection.
 * @throws SystoleError PROVIDER_UNKNOWN, PROVIDER_NOT_CONFIGURED, REDIRECT_URL_INVALID,
 * REDIRECT_ORIGIN_REFUSED, USER_NOT_FOUND, CONSENT_UNKNOWN
 */
export async function beginAuthorization(
  deps: ConnectionsDeps,
  request: AuthorizationRequest,
): Promise<{ userId: string; authUrl: string }> {
  const provider = findProvider(request.providerSlugOrName);
  if (provider === null) {
    throw new SystoleError("PROVIDER_UNKNOWN", { provider: request.providerSlugOrName });
  }
  const { environmentId } = request;
  const allowed = await redirectOriginsOf(deps.store.db, environmentId);
  for (const url of [request.successUrl, request.failureUrl]) {
    checkRedirectUrl(url);
    checkRedirectOrigin(url, allowed);
  }
  await deps.clients.accessFor({ environmentId, provider: provider.slug });
  return provider.connecting.kind === "oauth"
    ? beginOAuth(deps, provider, request)
    : beginOnPage(deps, provider, request);
}

async function beginOAuth(
  deps: ConnectionsDeps,
  provider: Provider,
  request: AuthorizationRequest,
): Promise<{ userId: string; authUrl: string }> {
  const { environmentId } = request;
  const further = request.further && (await furtherConsent(deps, provider, environmentId, request.further));
  const consent = further?.consent ?? firstConsent(provider);
  const access = await deps.clients.accessFor({ environmentId, provider: provider.slug });
  const redirectUri = `${deps.publicUrl}/v2/auth/${provider.slug}/oauth2`;
  const state = newSecret();
  const { agreement, language } = request;
  const scopes = agreement?.scopes ?? (await scopesOfConsent(deps, provider, environmentId, consent));
  const { url, codeVerifier } = await consent.begin(access, { redirectUri, state, scopes });
  const userId = further?.connection.user_id ?? randomUUID();
  const flow = {
    environment_id: environmentId,
    provider: provider.slug,
    user_id: userId,
    reference_id: further?.connection.reference_id ?? request.referenceId,
    redirect_uri: redirectUri,
    consent: consent.name,
    is_further: further !== undefined,
    scopes: scopes.join(" "),
    code_verifier_sealed: sealVerifier(deps, { environmentId, userId }, codeVerifier),
    success_url: request.successUrl,
    failure_url: request.failureUrl,
    session_id: request.sessionId,
    agreement: agreement && JSON.stringify(agreement),
    language,
  };
  await beginFlow(deps.store.db, flow, { state, browser: request.browser });
  return { userId, authUrl: url };
}

/** Without a page of ours nobody chooses: all scopes are asked for that the environment's data types need. */
async function scopesOfConsent(
  { store: { db } }: ConnectionsDeps,
  provider: Provider,
  environmentId: string,
  consent: OAuthConsent<unknown>,
): Promise<readonly string[]> {
  const { types } = await findChoice(db, { environmentId, provider: provider.slug });
  return neededScopes(provider, consent, types).map(({ name }) => name);
}

/** @throws SystoleError USER_NOT_FOUND, CONSENT_UNKNOWN */
async function furtherConsent(
  { store }: ConnectionsDeps,
  provider: Provider,
  environmentId: string,
  { consent: name, userId }: NonNullable<AuthorizationRequest["further"]>,
): Promise<{ consent: OAuthConsent<unknown>; connection: Connection }> {
  const connection = await findConnection(store.db, { environmentId, userId });
  if (connection === null || connection.provider !== provider.slug || connection.state !== "active") {
    throw new SystoleError("USER_NOT_FOUND", { user_id: userId });
  }
  const offered = furtherConsents(provider, consentsGiven(provider, connection));
  const consent = offered.find((one) => one.name === name);
  if (consent === undefined) {
    throw new SystoleError("CONSENT_UNKNOWN", { consent: name, consents: offered.map((one) => one.name) });
  }
  return { consent, connection };
}

/** The lifetime of an OAuth state. */
const pageSeconds = 30 * 60;

/** Begins on our own page, for a provider that has none. */
async function beginOnPage(
  { store, publicUrl }: ConnectionsDeps,
  provider: Provider,
  request: AuthorizationRequest,
): Promise<{ userId: string; authUrl: string }> {
  const userId = randomUUID();
  const session = {
    environment_id: request.environmentId,
    providers: [provider.slug],
    reference_id: request.referenceId,
    language: request.language,
    success_url: request.successUrl,
    failure_url: request.failureUrl,
    user_id: userId,
  };
  const { link } = await createSession(store.db, session, pageSeconds);
  return { userId, authUrl: `${publicUrl}/connect/${link}/${provider.slug}` };
}

function sealVerifier(
  { store: { keyRing } }: ConnectionsDeps,
  id: ConnectionId,
  codeVerifier: string | null,
): Buffer | null {
  return codeVerifier === null ? null : keyRing.seal(codeVerifier, codeVerifierContext(id));
}
