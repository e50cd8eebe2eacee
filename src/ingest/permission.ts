/** Handles news of a permission: that it ended, or that its scopes changed. */
import { changeScopes } from "../connections/change-scopes.ts";
import { noteTrouble } from "../connections/trouble.ts";
import { providerBySlug } from "../providers/registry.ts";
import type { FetchTask } from "../store/fetch-tasks.ts";
import type { IngestDeps } from "./deps.ts";
import { done, type TryOutcome } from "./outcome.ts";
import { connectionsOf } from "./task-connections.ts";

/** Tells the developer, and asks the provider for nothing more. */
export async function workPermissionEnded(deps: IngestDeps, task: FetchTask): Promise<TryOutcome> {
  for (const { environment_id: environmentId, user_id: userId } of await connectionsOf(deps.store.db, task)) {
    await noteTrouble(deps.store, { environmentId, userId }, "PROVIDER_UNAUTHORIZED", task.trace_id);
  }
  return done;
}

export const scopesBody = (scopes: readonly string[]): Buffer => Buffer.from(JSON.stringify(scopes));

export async function workScopesChanged(deps: IngestDeps, task: FetchTask): Promise<TryOutcome> {
  const scopes = JSON.parse(task.body?.toString("utf8") ?? "[]") as string[];
  const provider = providerBySlug(task.provider);
  for (const { environment_id: environmentId, user_id: userId } of await connectionsOf(deps.store.db, task)) {
    await changeScopes(deps.store, provider, { environmentId, userId }, scopes);
  }
  return done;
}
