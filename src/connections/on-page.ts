/** Connects on our own page, for a provider without one: with a key that the person pastes, or for uploads. */

import { randomUUID } from "node:crypto";
import { SystoleError } from "../errors.ts";
import { type Grant, type PastedKey, type Provider, ProviderError } from "../providers/provider.ts";
import type { AuthFlow } from "../store/auth-flows.ts";
import { type Connection, connectionIdOf, findByReference } from "../store/connections.ts";
import type { WidgetSession } from "../store/sessions.ts";
import type { DatabaseTransaction, FlowAgreement } from "../store/tables.ts";
import { createUploadToken } from "../store/upload-tokens.ts";
import { connectOrAsk } from "./complete.ts";
import type { ConnectionsDeps } from "./deps.ts";
import { type AuthorizationOutcome, cancelFlow } from "./outcome.ts";

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
  return deps.store.db.transaction().execute(async (tx) => {
    const former = await formerOf(tx, flow);
    const grant = {
      consent: "upload",
      accessToken: "",
      expiresAt: null,
      renewal: null,
      // The account's id is our own. It stays when the person connects again, so their data stays too.
      providerUserId: former[0]?.provider_user_id ?? flow.user_id,
      scopes: [],
    };
    // The person did not choose an account, so there is nothing to ask them about.
    const approved = former.map(({ user_id }) => user_id);
    const granted = { flow, grant, approved, browser: page.browser };
    const outcome = await connectOrAsk(deps, tx, page.provider, granted);
    const id = connectionIdOf(flow);
    return { outcome, uploadToken: await createUploadToken(tx, id) };
  });
}

/** The person does not agree: the developer is told as when they refuse at the provider. The link stays good. */
export const declineOnPage = (deps: ConnectionsDeps, page: PageConnection): Promise<AuthorizationOutcome> =>
  cancelFlow(deps, flowOf(page), new SystoleError("OAUTH_DENIED", { reason: "access_denied" }));

/** Returns the connections of the same reference, which this one replaces. */
async function formerOf(
  tx: DatabaseTransaction,
  { environment_id, reference_id, provider }: AuthFlow,
): Promise<Connection[]> {
  if (reference_id === null) return [];
  const found = await findByReference(tx, environment_id, reference_id);
  return found.filter((connection) => connection.provider === provider);
}

/** Returns a flow that begins and ends on our page, so nothing of it is stored in between. */
const flowOf = ({ session, provider, agreement, language }: PageConnection): AuthFlow => ({
  environment_id: session.environment_id,
  state_hash: Buffer.alloc(0),
  provider: provider.slug,
  user_id: session.user_id ?? randomUUID(),
  reference_id: session.reference_id,
  redirect_uri: "",
  consent: null,
  scopes: null,
  code_verifier_sealed: null,
  success_url: session.success_url,
  failure_url: session.failure_url,
  session_id: session.session_id,
  agreement,
  language,
  browser_hash: null,
  provider_user_id: null,
  grant_sealed: null,
  replaces: null,
  expires_at: session.expires_at,
  created_at: new Date(),
});
