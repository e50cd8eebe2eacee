/** Finds the connections that use one account at a provider. */
import type { ProviderAccount } from "../store/accounts.ts";
import type { Store } from "../store/store.ts";
import type { ProviderClients } from "./provider-clients.ts";

/**
 * Whether an active connection other than `exceptUserId` uses the account. A provider's permission belongs to
 * its client, so environments that share a client share it too: revoking it for one would end all.
 */
export async function isAccountInUse(
  { store: { db }, clients }: { readonly store: Pick<Store, "db">; readonly clients: ProviderClients },
  account: ProviderAccount,
  exceptUserId: string | null,
): Promise<boolean> {
  const environmentIds = await clients.sameClient(account);
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
