/** Finds the connections of a task. */
import type { Connection } from "../store/connections.ts";
import { type ChoosingConnection, findChoosing, findChoosingOfAccount } from "../store/data-choices.ts";
import type { FetchTask } from "../store/fetch-tasks.ts";
import type { DatabaseOrTransaction } from "../store/tables.ts";

/** Returns the connection that the task names, or all that use its account. */
export async function connectionsOf(
  db: DatabaseOrTransaction,
  task: FetchTask,
): Promise<ChoosingConnection[]> {
  const { environment_id: environmentId, provider, provider_user_id: providerUserId, user_id: userId } = task;
  if (userId === null) return findChoosingOfAccount(db, { environmentId, provider }, providerUserId ?? "");
  const connection = await findChoosing(db, { environmentId, userId });
  return connection === null ? [] : [connection];
}

export const isUsable = ({ state, active }: Connection): boolean => state === "active" && active;

/**
 * Whether a task waits: while the provider refuses every call for a person, one task keeps trying and the
 * others wait for its result.
 */
export const isHeldBack = ({ error_code }: Connection, { code, kind }: FetchTask): boolean =>
  error_code === "PROVIDER_FORBIDDEN" && code !== "PROVIDER_FORBIDDEN" && !isNeverHeldBack.has(kind);

/** Reconciliation notices by itself when trouble ends; given data needs no permission. */
const isNeverHeldBack: ReadonlySet<string> = new Set(["reconcile", "given"]);
