/** A task that gives a permission back whose connection was erased while the provider could not be reached. */
import { isAccountInUse } from "../connections/accounts.ts";
import type { FetchTask } from "../store/fetch-tasks.ts";
import { openGrants } from "../store/grants.ts";
import { rankOf } from "../store/ranks.ts";
import type { IngestDeps } from "./deps.ts";
import { done, type TryOutcome } from "./outcome.ts";

const revokeTimeoutMs = 30_000;

/** @throws ProviderError, PostponedError */
export async function revokeGrant(deps: IngestDeps, task: FetchTask): Promise<TryOutcome> {
  const { environment_id: environmentId, user_id: userId, body, provider } = task;
  if (userId === null || body === null) return done;
  // Whoever came back meanwhile would lose the new permission with the old one.
  const account = { environmentId, provider, providerUserId: task.provider_user_id ?? "" };
  if (await isAccountInUse(deps, account, null)) return done;
  const client = await deps.clients.clientFor({ environmentId, provider });
  for (const grant of openGrants(deps.store.keyRing, { environmentId, userId }, body)) {
    const { api } = grant;
    const rank = rankOf(task.priority);
    await deps.planner.call({ environmentId, provider, api, resource: "revocation", rank }, async () => {
      await client.revoke(grant, AbortSignal.timeout(revokeTimeoutMs));
      return undefined;
    });
  }
  return done;
}
