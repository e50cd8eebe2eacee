/** Works a task that revokes the permission of an erased connection, whose provider could not be reached before. */
import { isAccountInUse } from "../connections/accounts.ts";
import { revokeGrant } from "../connections/grants.ts";
import { hookUrl } from "../connections/subscriptions.ts";
import { apisOpenedBy } from "../providers/consents.ts";
import { providerBySlug } from "../providers/registry.ts";
import type { FetchTask } from "../store/fetch-tasks.ts";
import { openGrants } from "../store/grants.ts";
import { rankOf } from "../store/ranks.ts";
import type { IngestDeps } from "./deps.ts";
import { done, type TryOutcome } from "./outcome.ts";

const revokeTimeoutMs = 30_000;

/** @throws ProviderError, PostponedError */
export async function workRevocation(deps: IngestDeps, task: FetchTask): Promise<TryOutcome> {
  const { environment_id: environmentId, user_id: userId, body, provider } = task;
  if (userId === null || body === null) return done;
  // A person who has connected again meanwhile would lose the new permission with the old one.
  const account = { environmentId, provider, providerUserId: task.provider_user_id ?? "" };
  if (await isAccountInUse(deps, account, null)) return done;
  const plugin = providerBySlug(provider);
  const access = await deps.clients.accessFor({ environmentId, provider });
  const rank = rankOf(task.priority);
  for (const grant of openGrants(deps.store.keyRing, { environmentId, userId }, body)) {
    const [api = ""] = apisOpenedBy(plugin, grant);
    const call = { ...account, api, resource: "revocation", rank };
    await deps.planner.call(call, async () => {
      const signal = AbortSignal.timeout(revokeTimeoutMs);
      await revokeGrant(plugin, access, grant, { hookUrl: hookUrl(deps.publicUrl, provider), signal });
      return undefined;
    });
  }
  return done;
}
