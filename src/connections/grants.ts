/** A connection's grants: finds the one that opens an API, and revokes one. */
import { SystoleError } from "../errors.ts";
import { apisOpenedBy, connectingConsent, consentOf } from "../providers/consents.ts";
import type { Grant, Provider, ProviderAccess } from "../providers/provider.ts";

/**
 * Returns the grant that opens an API.
 * @throws SystoleError INTERNAL: a resource without a grant is never requested
 */
export function grantOpening(provider: Provider, grants: readonly Grant[], api: string): Grant {
  const found = grants.find((grant) => apisOpenedBy(provider, grant).includes(api));
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

/** Returns all scopes of a connection in the form of its column; null if there are none. */
export function scopesText(grants: readonly Grant[]): string | null {
  const scopes = new Set(grants.flatMap((grant) => grant.scopes));
  return scopes.size === 0 ? null : [...scopes].join(" ");
}
