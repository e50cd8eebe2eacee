/** The beginning of an authorisation: the address at which a person gives consent. */
import { randomUUID } from "node:crypto";
import { SystoleError } from "../errors.ts";
import type { Provider } from "../providers/provider.ts";
import { findProvider } from "../providers/registry.ts";
import { newSecret } from "../security/secrets.ts";
import { beginFlow, codeVerifierContext } from "../store/auth-flows.ts";
import type { ConnectionId } from "../store/connections.ts";
import { redirectOriginsOf } from "../store/environments.ts";
import { createSession } from "../store/sessions.ts";
import type { ConnectionsDeps } from "./deps.ts";
import { firstConsent } from "./grants.ts";
import { checkRedirectOrigin, checkRedirectUrl } from "./redirect-url.ts";

export interface AuthorizationRequest {
  readonly environmentId: string;
  readonly providerSlugOrName: string;
  readonly referenceId: string | null;
  readonly successUrl: string | null;
  readonly failureUrl: string | null;
  readonly sessionId: string | null;
  /** The secret of the browser's cookie; null where no browser has come yet, and none can be held to it. */
  readonly browser: string | null;
}

/**
 * A link at which the person gives consent, and the user_id they will have.
 * @throws SystoleError PROVIDER_UNKNOWN, PROVIDER_NOT_CONFIGURED, REDIRECT_URL_INVALID, REDIRECT_ORIGIN_REFUSED
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
  const consent = firstConsent(provider);
  const access = await deps.clients.accessFor({ environmentId, provider: provider.slug });
  const redirectUri = `${deps.publicUrl}/v2/auth/${provider.slug}/oauth2`;
  const state = newSecret();
  const scopes = consent.scopes.map(({ name }) => name);
  const { url, codeVerifier } = await consent.begin(access, { redirectUri, state, scopes });
  const userId = randomUUID();
  const flow = {
    environment_id: environmentId,
    provider: provider.slug,
    user_id: userId,
    reference_id: request.referenceId,
    redirect_uri: redirectUri,
    consent: consent.name,
    scopes: scopes.join(" "),
    code_verifier_sealed: sealVerifier(deps, { environmentId, userId }, codeVerifier),
    success_url: request.successUrl,
    failure_url: request.failureUrl,
    session_id: request.sessionId,
  };
  await beginFlow(deps.store.db, flow, { state, browser: request.browser });
  return { userId, authUrl: url };
}

/** As long as an OAuth state lives. */
const pageSeconds = 30 * 60;

/** What the provider has no page for is done on ours. */
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
    language: null,
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
