/** Handles news of a permission: that it ended, or that its scopes changed. */
import { changeScopes } from "../connections/change-scopes.ts";
import { noteTrouble } from "../connections/trouble.ts";
import { providerBySlug } from "../providers/registry.ts";
import type { Connection } from "../store/connections.ts";
import type { FetchTask } from "../store/fetch-tasks.ts";
import type { IngestDeps } from "./deps.ts";
import { done, type TryOutcome } from "./outcome.ts";
import { connectionsOf } from "./task-connections.ts";

/**
 * Returns the connections that existed when the notification came. Somebody who has connected since gave a new
 * permission, and the notification is about the former one. It may have waited for them: providers also report the
 * end of a permission that we gave back ourselves.
 */
async function connectionsThen({ store }: IngestDeps, task: FetchTask): Promise<Connection[]> {
  const found = await connectionsOf(store.db, task);
  return found.filter(({ created_at }) => created_at <= task.created_at);
}

/** The developer is told, and nothing more is asked for. */
export async function workPermissionEnded(deps: IngestDeps, task: FetchTask): Promise<TryOutcome> {
  const provider = providerBySlug(task.provider);
  const trouble = { code: "PROVIDER_UNAUTHORIZED", refused: null, traceId: task.trace_id } as const;
  for (const { environment_id: environmentId, user_id: userId } of await connectionsThen(deps, task)) {
    await noteTrouble(deps.store, provider, { environmentId, userId }, trouble);
  }
  return done;
}

export const scopesBody = (scopes: readonly string[]): Buffer => Buffer.from(JSON.stringify(scopes));

export async function workScopesChanged(deps: IngestDeps, task: FetchTask): Promise<TryOutcome> {
  const scopes = JSON.parse(task.body?.toString("utf8") ?? "[]") as string[];
  const provider = providerBySlug(task.provider);
  for (const { environment_id: environmentId, user_id: userId } of await connectionsThen(deps, task)) {
    await changeScopes(deps.store, provider, { environmentId, userId }, scopes);
  }
  return done;
}
