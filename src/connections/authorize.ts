/** Connecting a person: from "make me a link" to a connection whose first data is on its way. */
import { randomUUID } from "node:crypto";
import { type ErrorCode, SystoleError } from "../errors.ts";
import type { Grant, Provider, ProviderClient } from "../providers/provider.ts";
import { findProvider, providerBySlug } from "../providers/registry.ts";
import { type AuthFlow, beginFlow, takeFlow } from "../store/auth-flows.ts";
import { emitAuthCancelled } from "./connection-events.ts";
import type { ConnectionsDeps } from "./deps.ts";
import { establishConnection } from "./establish.ts";
import { checkRedirectUrl } from "./redirect-url.ts";

export interface AuthorizationRequest {
  readonly environmentId: string;
  readonly providerSlugOrName: string;
  readonly referenceId: string | null;
  readonly successUrl: string | null;
  readonly failureUrl: string | null;
  readonly sessionId: string | null;
}

/**
 * A link at which the person gives consent, and the user_id they will have.
 * @throws SystoleError PROVIDER_UNKNOWN, PROVIDER_NOT_CONFIGURED, REDIRECT_URL_INVALID
 */
export async function beginAuthorization(
  deps: ConnectionsDeps,
  request: AuthorizationRequest,
): Promise<{ userId: string; authUrl: string }> {
  const provider = findProvider(request.providerSlugOrName);
  if (provider === null) {
    throw new SystoleError("PROVIDER_UNKNOWN", { provider: request.providerSlugOrName });
  }
  for (const url of [request.successUrl, request.failureUrl]) checkRedirectUrl(url);
  const { environmentId } = request;
  const client = await deps.clients.clientFor({ environmentId, provider: provider.slug });
  const redirectUri = `${deps.publicUrl}/v2/auth/${provider.slug}/oauth2`;
  const userId = randomUUID();
  const state = await beginFlow(deps.store.db, {
    environment_id: environmentId,
    provider: provider.slug,
    user_id: userId,
    reference_id: request.referenceId,
    redirect_uri: redirectUri,
    success_url: request.successUrl,
    failure_url: request.failureUrl,
    session_id: request.sessionId,
  });
  return { userId, authUrl: client.authorizationUrl({ redirectUri, state }) };
}

/** What the provider's redirect brought back. */
export interface AuthorizationCallback {
  readonly providerSlug: string;
  readonly state: string | null;
  readonly code: string | null;
  readonly error: string | null;
  readonly signal: AbortSignal;
}

export interface AuthorizationOutcome {
  readonly outcome: "connected" | "denied" | "failed";
  /** The developer's own URL for this outcome, as they gave it; null when they gave none. */
  readonly redirectUrl: string | null;
  readonly code: ErrorCode | null;
  /** For developers: `access_denied`, or the error code in lower case. */
  readonly reason: string | null;
  readonly userId: string | null;
  readonly referenceId: string | null;
}

/**
 * Finishes an authorisation. A refusal or a failure is an outcome, told to the developer as
 * `auth_cancelled`; only a state that was never given out is an error.
 * @throws SystoleError PROVIDER_UNKNOWN, OAUTH_STATE_INVALID
 */
export async function completeAuthorization(
  deps: ConnectionsDeps,
  callback: AuthorizationCallback,
): Promise<AuthorizationOutcome> {
  const provider = providerBySlug(callback.providerSlug);
  const flow = callback.state === null ? null : await takeFlow(deps.store.db, provider.slug, callback.state);
  if (flow === null) throw new SystoleError("OAUTH_STATE_INVALID", { provider: provider.name });
  try {
    const grant = await obtainGrant(deps, provider, flow, callback);
    await establishConnection(deps, provider, flow, grant);
    return outcomeOf(flow, "connected", null, null);
  } catch (error) {
    return cancel(deps, flow, error);
  }
}

async function obtainGrant(
  deps: ConnectionsDeps,
  provider: Provider,
  flow: AuthFlow,
  { code, error, signal }: AuthorizationCallback,
): Promise<Grant> {
  if (error !== null || code === null) throw new SystoleError("OAUTH_DENIED", { reason: error ?? "no code" });
  const id = { environmentId: flow.environment_id, provider: provider.slug };
  const client: ProviderClient = await deps.clients.clientFor(id);
  const grant = await client.exchangeCode({ code, redirectUri: flow.redirect_uri, signal });
  await client.register(grant, flow.user_id, signal);
  return grant;
}

async function cancel(deps: ConnectionsDeps, flow: AuthFlow, error: unknown): Promise<AuthorizationOutcome> {
  const code: ErrorCode = error instanceof SystoleError ? error.code : "INTERNAL";
  const denied = code === "OAUTH_DENIED";
  const told = denied && error instanceof SystoleError ? String(error.details.reason) : null;
  const reason = told === null || told === "no code" ? code.toLowerCase() : told;
  deps.log.warn(
    { err: error, code, flow_id: flow.user_id, provider: flow.provider },
    "authorisation not completed",
  );
  await deps.store.db.transaction().execute((tx) =>
    emitAuthCancelled(tx, deps.store.queue, {
      environmentId: flow.environment_id,
      provider: flow.provider,
      referenceId: flow.reference_id,
      flowId: flow.user_id,
      reason,
    }),
  );
  return outcomeOf(flow, denied ? "denied" : "failed", code, reason);
}

function outcomeOf(
  flow: AuthFlow,
  outcome: AuthorizationOutcome["outcome"],
  code: ErrorCode | null,
  reason: string | null,
): AuthorizationOutcome {
  const connected = outcome === "connected";
  return {
    outcome,
    redirectUrl: connected ? flow.success_url : flow.failure_url,
    code,
    reason,
    userId: connected ? flow.user_id : null,
    referenceId: flow.reference_id,
  };
}
