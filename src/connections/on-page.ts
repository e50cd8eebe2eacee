/** Connects on our own page, for a provider without one: with a key that the person pastes, or for uploads. */

import { randomUUID } from "node:crypto";
import { SystoleError } from "../errors.ts";
import { type Grant, type PastedKey, type Provider, ProviderError } from "../providers/provider.ts";
import type { AuthFlow } from "../store/auth-flows.ts";
import type { WidgetSession } from "../store/sessions.ts";
import type { FlowAgreement } from "../store/tables.ts";
import { connectOrAsk } from "./complete.ts";
import type { ConnectionsDeps } from "./deps.ts";
import { establishForUploads } from "./for-uploads.ts";
import { type AuthorizationOutcome, cancelFlow, connectedOutcome } from "./outcome.ts";
import { unstoredFlow } from "./unstored-flow.ts";

export interface PageConnection {
  readonly session: WidgetSession;
  readonly provider: Provider;
  /** The secret of the browser's cookie. */
  readonly browser: string;
  readonly agreement: FlowAgreement;
  /** The language of the page. */
  readonly language: string;
}

/** @throws SystoleError PROVIDER_KEY_REFUSED, SESSION_USED, ProviderError */
export async function connectWithKey(
  deps: ConnectionsDeps,
  page: PageConnection,
  pasted: PastedKey,
  signal: AbortSignal,
): Promise<AuthorizationOutcome> {
  const grant = await exchangeKey(deps, page, pasted, signal);
  const granted = { flow: flowOf(page), grant, approved: [], browser: page.browser };
  return deps.store.db.transaction().execute((tx) => connectOrAsk(deps, tx, page.provider, granted));
}

async function exchangeKey(
  { clients }: ConnectionsDeps,
  { session, provider }: PageConnection,
  pasted: PastedKey,
  signal: AbortSignal,
): Promise<Grant> {
  if (provider.connecting.kind !== "key")
    throw new SystoleError("PROVIDER_UNKNOWN", { provider: provider.slug });
  const access = await clients.accessFor({
    environmentId: session.environment_id,
    provider: provider.slug,
  });
  try {
    return await provider.connecting.exchange(access, pasted, signal);
  } catch (cause) {
    const isRefused = cause instanceof ProviderError && cause.code === "PROVIDER_UNAUTHORIZED";
    if (!isRefused) throw cause;
    throw new SystoleError("PROVIDER_KEY_REFUSED", { provider: provider.name }, { cause });
  }
}

/** The token is shown only this once. @throws SystoleError SESSION_USED */
export async function connectForUploads(
  deps: ConnectionsDeps,
  page: PageConnection,
): Promise<{ readonly outcome: AuthorizationOutcome; readonly uploadToken: string }> {
  const flow = flowOf(page);
  const uploadToken = await deps.store.db
    .transaction()
    .execute((tx) => establishForUploads(tx, deps, page.provider, flow));
  return { outcome: connectedOutcome(flow), uploadToken };
}

/** The person does not agree: the developer is told as when they refuse at the provider. The link stays good. */
export const declineOnPage = (deps: ConnectionsDeps, page: PageConnection): Promise<AuthorizationOutcome> =>
  cancelFlow(deps, flowOf(page), new SystoleError("OAUTH_DENIED", { reason: "access_denied" }));

const flowOf = ({ session, provider, agreement, language }: PageConnection): AuthFlow =>
  unstoredFlow({
    environment_id: session.environment_id,
    provider: provider.slug,
    user_id: session.user_id ?? randomUUID(),
    reference_id: session.reference_id,
    success_url: session.success_url,
    failure_url: session.failure_url,
    session_id: session.session_id,
    agreement,
    language,
    expires_at: session.expires_at,
  });
