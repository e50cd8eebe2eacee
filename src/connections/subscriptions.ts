/** Our webhook at each provider: made, pointed at us and woken up again by ourselves. */
import { sql } from "kysely";
import { errorMessage } from "../errors.ts";
import {
  listProviderConfigs,
  openSubscriptionSecret,
  type ProviderConfig,
  saveSubscription,
  setSubscriptionState,
} from "../store/provider-configs.ts";
import type { ConnectionsDeps } from "./deps.ts";

/** Makes sure of every configured provider's webhook; one that fails is logged and does not stop the rest. */
export async function ensureSubscriptions(deps: ConnectionsDeps, signal: AbortSignal): Promise<void> {
  for (const config of await listProviderConfigs(deps.store.db)) {
    await ensureOne(deps, config, signal);
  }
}

async function ensureOne(deps: ConnectionsDeps, config: ProviderConfig, signal: AbortSignal): Promise<void> {
  const { db, keyRing } = deps.store;
  const id = { environmentId: config.environment_id, provider: config.provider };
  const url = `${deps.publicUrl}/v2/hooks/${config.provider}`;
  const secretKnown = openSubscriptionSecret(keyRing, config) !== null;
  try {
    // One process at a time: two would make each other's webhook anew. Held for the session of this work only.
    await db.connection().execute(async (session) => {
      const lock = sql<{
        held: boolean;
      }>`SELECT pg_try_advisory_lock(hashtext(${`subscription ${id.environmentId}`})) AS held`;
      if (!(await lock.execute(session)).rows[0]?.held) return;
      try {
        const client = await deps.clients.clientFor(id);
        // A PING may arrive before the secret does: until then it is answered unverified.
        if (!secretKnown) await setSubscriptionState(db, id, "creating", null);
        const subscription = await client.ensureSubscription({ url, secretKnown, signal });
        await saveSubscription(db, keyRing, id, url, subscription);
        if (subscription.action !== "unchanged") {
          deps.log.info(
            { provider: id.provider, url, action: subscription.action },
            "webhook at the provider",
          );
        }
      } finally {
        await sql`SELECT pg_advisory_unlock(hashtext(${`subscription ${id.environmentId}`}))`.execute(
          session,
        );
      }
    });
  } catch (error) {
    await setSubscriptionState(db, id, "failed", errorMessage(error));
    deps.log.error({ err: error, provider: id.provider, url }, "the provider's webhook could not be set up");
  }
}
