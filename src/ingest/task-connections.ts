/** Whom a task is for. */
import { type Connection, findByProviderUser, findConnection } from "../store/connections.ts";
import type { FetchTask } from "../store/fetch-tasks.ts";
import type { DatabaseOrTransaction } from "../store/tables.ts";

/** The connection that the task names, or all that use its account. */
export async function connectionsOf(db: DatabaseOrTransaction, task: FetchTask): Promise<Connection[]> {
  const { environment_id: environmentId, provider, provider_user_id: providerUserId, user_id: userId } = task;
  if (userId === null) return findByProviderUser(db, environmentId, provider, providerUserId ?? "");
  const connection = await findConnection(db, { environmentId, userId });
  return connection === null ? [] : [connection];
}

export const isUsable = ({ state, active }: Connection): boolean => state === "active" && active;

/** While the provider refuses everything for a person, one task tries again and the others wait for its news. */
export const isHeldBack = ({ error_code }: Connection, { code, kind }: FetchTask): boolean =>
  error_code === "PROVIDER_FORBIDDEN" && code !== "PROVIDER_FORBIDDEN" && !isNeverHeldBack.has(kind);

/** Reconciliation finds out by itself when trouble ends; what was given needs nobody's permission any more. */
const isNeverHeldBack: ReadonlySet<string> = new Set(["reconcile", "given"]);
