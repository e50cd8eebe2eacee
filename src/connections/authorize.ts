/** The beginning of an authorisation: the address at which a person gives consent. */
import { randomUUID } from "node:crypto";
import { SystoleError } from "../errors.ts";
import { findProvider } from "../providers/registry.ts";
import { beginFlow } from "../store/auth-flows.ts";
import { redirectOriginsOf } from "../store/environments.ts";
import type { ConnectionsDeps } from "./deps.ts";
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
  const client = await deps.clients.clientFor({ environmentId, provider: provider.slug });
  const redirectUri = `${deps.publicUrl}/v2/auth/${provider.slug}/oauth2`;
  const userId = randomUUID();
  const flow = {
    environment_id: environmentId,
    provider: provider.slug,
    user_id: userId,
    reference_id: request.referenceId,
    redirect_uri: redirectUri,
    success_url: request.successUrl,
    failure_url: request.failureUrl,
    session_id: request.sessionId,
  };
  const state = await beginFlow(deps.store.db, flow, request.browser);
  return { userId, authUrl: client.authorizationUrl({ redirectUri, state }) };
}
