/** A connection's grants: which of them opens an API, and how one is given back. */
import { SystoleError } from "../errors.ts";
import { apisOpenedBy, connectingConsent, consentOf } from "../providers/consents.ts";
import type { Grant, Provider, ProviderAccess } from "../providers/provider.ts";

/** @throws SystoleError INTERNAL: what a person did not grant is not asked for */
export function grantOpening(provider: Provider, grants: readonly Grant[], api: string): Grant {
  const found = grants.find((grant) => apisOpenedBy(provider, grant).includes(api));
  if (found === undefined) throw new SystoleError("INTERNAL", { reason: `no grant opens ${api}` });
  return found;
}

/**
 * Gives a permission back, where the provider can be told. `hookUrl` is our address for its notifications: the
 * person's own subscription to it is removed before.
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

/** All scopes of a connection, as its row has them; null where there is none. */
export function scopesText(grants: readonly Grant[]): string | null {
  const scopes = new Set(grants.flatMap((grant) => grant.scopes));
  return scopes.size === 0 ? null : [...scopes].join(" ");
}
