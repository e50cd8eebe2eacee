/** Connects a person whose own client will push data: there is no account, and nothing is asked of a provider. */
import type { Provider } from "../providers/provider.ts";
import type { AuthFlow } from "../store/auth-flows.ts";
import { type Connection, connectionIdOf, findByReference } from "../store/connections.ts";
import type { DatabaseTransaction } from "../store/tables.ts";
import { createUploadToken } from "../store/upload-tokens.ts";
import type { ConnectionsDeps } from "./deps.ts";
import { establishConnection } from "./establish.ts";

/** Returns the upload token, which is shown only this once. @throws SystoleError SESSION_USED */
export async function establishForUploads(
  tx: DatabaseTransaction,
  { store }: ConnectionsDeps,
  provider: Provider,
  flow: AuthFlow,
): Promise<string> {
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
  await establishConnection(tx, store, provider, { flow, grant, approved });
  return createUploadToken(tx, connectionIdOf(flow));
}

/** Returns the connections of the same reference, which this one replaces. */
async function formerOf(
  tx: DatabaseTransaction,
  { environment_id, reference_id, provider }: AuthFlow,
): Promise<Connection[]> {
  if (reference_id === null) return [];
  const found = await findByReference(tx, environment_id, reference_id);
  return found.filter((connection) => connection.provider === provider);
}
