/** Which connections use one account at a provider. */
import { listProviderConfigs, openSettings } from "../store/provider-configs.ts";
import type { Store } from "../store/store.ts";

export interface Account {
  readonly environmentId: string;
  /** The provider's slug. */
  readonly provider: string;
  readonly providerUserId: string;
}

/**
 * Whether an active connection other than `exceptUserId` uses the account. A provider's permission belongs to
 * its client, so environments that share a client share it too: giving it back for one would end all.
 */
export async function isAccountInUse(
  { db, keyRing }: Store,
  account: Account,
  exceptUserId: string | null,
): Promise<boolean> {
  const configs = await listProviderConfigs(db, account.provider);
  const settings = configs.map((config) => JSON.stringify(openSettings(keyRing, config)));
  const ours = settings[configs.findIndex((config) => config.environment_id === account.environmentId)];
  const sharing = configs.filter((_, index) => settings[index] === ours);
  const environmentIds = [account.environmentId, ...sharing.map((config) => config.environment_id)];
  const users = await db
    .selectFrom("connections")
    .select("user_id")
    .where("environment_id", "in", environmentIds)
    .where("provider", "=", account.provider)
    .where("provider_user_id", "=", account.providerUserId)
    .where("state", "=", "active")
    .execute();
  return users.some((user) => user.user_id !== exceptUserId);
}
