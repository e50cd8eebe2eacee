/** Which of a connection's grants opens which of the provider's APIs. */
import { SystoleError } from "../errors.ts";
import type { Grant, OAuthConsent, Provider, ProviderAccess } from "../providers/provider.ts";

/** The consent of this name. @throws SystoleError INTERNAL when the provider has none of it */
export function consentOf({ connecting, slug }: Provider, name: string): OAuthConsent<unknown> {
  const consents = connecting.kind === "oauth" ? connecting.consents : [];
  const found = consents.find((consent) => consent.name === name);
  if (found === undefined) throw new SystoleError("INTERNAL", { reason: `${slug} has no consent ${name}` });
  return found;
}

/** The consent that connects a person. @throws SystoleError INTERNAL where the provider has no OAuth */
export function firstConsent({ connecting, slug }: Provider): OAuthConsent<unknown> {
  if (connecting.kind !== "oauth") throw new SystoleError("INTERNAL", { reason: `${slug} has no OAuth` });
  return connecting.consents[0];
}

/** The names of the APIs that a grant opens. */
export function apisOpenedBy({ connecting }: Provider, grant: Pick<Grant, "consent">): readonly string[] {
  if (connecting.kind === "key") return connecting.apis;
  const consents = connecting.kind === "oauth" ? connecting.consents : [];
  return consents.find(({ name }) => name === grant.consent)?.apis ?? [];
}

/** @throws SystoleError INTERNAL: what a person did not grant is not asked for */
export function grantOpening(provider: Provider, grants: readonly Grant[], api: string): Grant {
  const found = grants.find((grant) => apisOpenedBy(provider, grant).includes(api));
  if (found === undefined) throw new SystoleError("INTERNAL", { reason: `no grant opens ${api}` });
  return found;
}

/** Gives a permission back, where the provider can be told. @throws ProviderError */
export async function revokeGrant(
  provider: Provider,
  access: ProviderAccess<unknown>,
  grant: Grant,
  signal: AbortSignal,
): Promise<void> {
  if (provider.connecting.kind !== "oauth") return;
  await consentOf(provider, grant.consent).revoke?.(access, grant, signal);
}

/** All scopes of a connection, as its row has them; null where there is none. */
export function scopesText(grants: readonly Grant[]): string | null {
  const scopes = new Set(grants.flatMap((grant) => grant.scopes));
  return scopes.size === 0 ? null : [...scopes].join(" ");
}
