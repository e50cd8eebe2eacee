/** Logins at Cairn, as a browser makes them. */
import { randomUUID } from "node:crypto";
import { completeAuthorization } from "../../src/connections/complete.ts";
import type { AuthorizationOutcome } from "../../src/connections/outcome.ts";
import { beginFlow } from "../../src/store/auth-flows.ts";
import { createSession, type SessionId } from "../../src/store/sessions.ts";
import type { CairnPerson } from "./cairn-person.ts";

export const browser = "the browser's cookie";
export const addresses = {
  success_url: "https://example.com/connected",
  failure_url: "https://example.com/failed",
} as const;

export interface Login {
  readonly state: string;
  readonly userId: string;
}

/** Begins a login that has led the browser to the provider. */
export async function beginLogin(
  person: CairnPerson,
  given: { readonly reference_id?: string | null; readonly session_id?: string } = {},
): Promise<Login> {
  const [state, userId] = [randomUUID(), randomUUID()];
  const flow = {
    environment_id: person.environment.environmentId,
    provider: "cairn",
    user_id: userId,
    reference_id: "me",
    redirect_uri: "https://systole.example/v2/auth/cairn/oauth2",
    consent: "cairn",
    scopes: "days",
    ...addresses,
    ...given,
  };
  await beginFlow(person.store.db, flow, { state, browser });
  return { state, userId };
}

/** Follows the provider's redirect back. */
export const finishLogin = (
  person: CairnPerson,
  { state }: { readonly state: string | null },
  given: {
    readonly browser?: string;
    readonly code?: string | null;
    readonly error?: string | null;
    readonly scope?: string | null;
  } = {},
): Promise<AuthorizationOutcome> =>
  completeAuthorization(person.deps(), {
    providerSlug: "cairn",
    state,
    code: "code",
    error: null,
    scope: null,
    browser,
    signal: AbortSignal.timeout(30_000),
    ...given,
  });

/** Returns the session of a connect link. */
export async function openSession({ store, environment }: CairnPerson): Promise<SessionId> {
  const given = { environment_id: environment.environmentId, reference_id: "me", ...addresses };
  const { session } = await createSession(store.db, given, 900);
  return { environmentId: environment.environmentId, sessionId: session.session_id };
}

/** Returns the types of the events of the person's environment, oldest first. */
export async function eventTypes({ store, environment }: CairnPerson): Promise<string[]> {
  const rows = await store.db
    .selectFrom("events")
    .select("type")
    .where("environment_id", "=", environment.environmentId)
    .orderBy("event_id")
    .execute();
  return rows.map(({ type }) => type);
}
