/** Works a task that revokes the permission of an erased connection, whose provider could not be reached before. */
import { isAccountInUse } from "../connections/accounts.ts";
import { revokeGrant } from "../connections/grants.ts";
import { hookUrl } from "../connections/subscriptions.ts";
import { usableGrantOf } from "../connections/tokens.ts";
import { apisOpenedBy } from "../providers/consents.ts";
import type { Grant } from "../providers/provider.ts";
import { providerBySlug } from "../providers/registry.ts";
import type { ConnectionId } from "../store/connections.ts";
import { type FetchTask, keepBody } from "../store/fetch-tasks.ts";
import { openGrants, sealGrants } from "../store/grants.ts";
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
  for (const grant of await usableGrantsOf(deps, task, { environmentId, userId }, body)) {
    const revoke = async () => {
      const signal = AbortSignal.timeout(revokeTimeoutMs);
      await revokeGrant(plugin, access, grant, { hookUrl: hookUrl(deps.publicUrl, provider), signal });
      return undefined;
    };
    const [api] = apisOpenedBy(plugin, grant);
    // Without an API there are no limits.
    if (api === undefined) await revoke();
    else await deps.planner.call({ ...account, api, resource: "revocation", rank }, revoke);
  }
  return done;
}

/** Returns the grants with tokens that have not expired. A renewed grant is stored in the task before it is used. */
async function usableGrantsOf(
  deps: IngestDeps,
  task: FetchTask,
  id: ConnectionId,
  sealed: Buffer,
): Promise<Grant[]> {
  const { db, keyRing } = deps.store;
  const owner = { provider: providerBySlug(task.provider), environmentId: id.environmentId };
  const former = openGrants(keyRing, id, sealed);
  const usable: Grant[] = [];
  for (const [index, grant] of former.entries()) {
    const good = await usableGrantOf(deps, owner, grant);
    if (good === null) continue;
    usable.push(good);
    if (good === grant) continue;
    await keepBody(db, task, sealGrants(keyRing, id, [...usable, ...former.slice(index + 1)]));
  }
  return usable;
}
