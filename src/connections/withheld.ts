/** Scopes that were asked for and not granted: some providers let people leave some of them out. */
import { connectingConsent, consentOf } from "../providers/consents.ts";
import { scopesOf } from "../providers/kit/scopes.ts";
import type { Scope } from "../providers/provider.ts";
import { providerBySlug } from "../providers/registry.ts";
import type { AuthFlow } from "../store/auth-flows.ts";
import { findConnection } from "../store/connections.ts";
import type { Store } from "../store/store.ts";

export async function withheldScopes({ db }: Pick<Store, "db">, flow: AuthFlow): Promise<Scope[]> {
  const provider = providerBySlug(flow.provider);
  if (provider.connecting.kind !== "oauth") return [];
  const id = { environmentId: flow.environment_id, userId: flow.user_id };
  const granted = scopesOf((await findConnection(db, id))?.scopes ?? "");
  const missing = scopesOf(flow.scopes ?? "").filter((scope) => !granted.includes(scope));
  const { scopes } = consentOf(provider, flow.consent ?? connectingConsent(provider));
  return scopes.filter(({ name }) => missing.includes(name));
}
