/** A connection's grants: finds the one that opens an API, and revokes one. */
import { SystoleError } from "../errors.ts";
import { apisDeclaredBy, apisOpenedBy, connectingConsent, consentOf } from "../providers/consents.ts";
import type { Grant, Provider, ProviderAccess } from "../providers/provider.ts";

/** Long enough for a short outage to end. */
const registrationRetryMs = 10 * 60_000;

/**
 * Returns the grant that opens an API. One whose consent is for the API goes before one that was only found to open it.
 * @throws SystoleError INTERNAL: a resource without a grant is never requested
 */
export function grantOpening(provider: Provider, grants: readonly Grant[], api: string): Grant {
  const opening = grants.filter((grant) => apisOpenedBy(provider, grant).includes(api));
  const found = opening.find((grant) => apisDeclaredBy(provider, grant).includes(api)) ?? opening[0];
  if (found === undefined) throw new SystoleError("INTERNAL", { reason: `no grant opens ${api}` });
  return found;
}

/**
 * Revokes a permission, if the provider offers that. `hookUrl` is our address for its notifications: the
 * person's own subscription to it is removed first.
 * @throws ProviderError
 */
export async function revokeGrant(
  provider: Provider,
  access: ProviderAccess<unknown>,
  grant: Grant,
  { hookUrl: url, signal }: { readonly hookUrl: string; readonly signal: AbortSignal },
): Promise<void> {
  const { connecting, subscription } = provider;
  if (subscription?.kind === "person" && grant.consent === connectingConsent(provider)) {
    await subscription.remove(access, grant, { url, signal });
  }
  if (connecting.kind !== "oauth") return;
  await consentOf(provider, grant.consent).revoke?.(access, grant, signal);
}

/** Returns the APIs of a connection's grants in the form of its column; null where the consents say the same. */
export function apisFound(provider: Provider, grants: readonly Grant[]): string[] | null {
  if (grants.every(({ apis }) => apis === undefined)) return null;
  return [...new Set(grants.flatMap((grant) => apisOpenedBy(provider, grant)))];
}

/** When it is tried again to find out what the grants open; null where that is known. */
export const registrationDue = (grants: readonly Grant[], now: Date): Date | null =>
  grants.some(({ isUndecided }) => isUndecided) ? new Date(now.getTime() + registrationRetryMs) : null;

/** Returns all scopes of a connection in the form of its column; null if there are none. */
export function scopesText(grants: readonly Grant[]): string | null {
  const scopes = new Set(grants.flatMap((grant) => grant.scopes));
  return scopes.size === 0 ? null : [...scopes].join(" ");
}
