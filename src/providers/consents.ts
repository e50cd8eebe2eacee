/** Look-ups among a provider's consents: which there are, and which of its APIs each opens. */
import { SystoleError } from "../errors.ts";
import type { Grant, OAuthConsent, Provider } from "./provider.ts";

type Connectable = Pick<Provider, "connecting" | "slug">;

/** Returns the consents that a person may give; none where they connect in another way. */
export const oauthConsents = ({
  connecting,
}: Pick<Provider, "connecting">): readonly OAuthConsent<unknown>[] =>
  connecting.kind === "oauth" ? connecting.consents : [];

/** Returns the consent of this name. @throws SystoleError INTERNAL when the provider has no such consent */
export function consentOf(provider: Connectable, name: string): OAuthConsent<unknown> {
  const found = oauthConsents(provider).find((consent) => consent.name === name);
  if (found === undefined) {
    throw new SystoleError("INTERNAL", { reason: `${provider.slug} has no consent ${name}` });
  }
  return found;
}

/** Returns the consent that connects a person. @throws SystoleError INTERNAL where the provider has no OAuth */
export function firstConsent({ connecting, slug }: Connectable): OAuthConsent<unknown> {
  if (connecting.kind !== "oauth") throw new SystoleError("INTERNAL", { reason: `${slug} has no OAuth` });
  return connecting.consents[0];
}

/** The name of the consent that connects a person, whatever the form. */
export const connectingConsent = ({ connecting }: Pick<Provider, "connecting">): string =>
  connecting.kind === "oauth" ? connecting.consents[0].name : connecting.kind;

/** The name of the consent of connections and logins for which none is stored: an earlier release began them. */
export const formerConsent = (provider: Pick<Provider, "connecting">): string =>
  (provider.connecting.kind === "oauth" ? provider.connecting.formerConsent : undefined) ??
  connectingConsent(provider);

/** The names of the consents that a connection's person gave. */
export const consentsGiven = (
  provider: Pick<Provider, "connecting">,
  { consents }: { readonly consents: readonly string[] | null },
): readonly string[] => consents ?? [formerConsent(provider)];

/** The consents that a connected person may still give. */
export const furtherConsents = (
  provider: Pick<Provider, "connecting">,
  given: readonly string[],
): readonly OAuthConsent<unknown>[] => oauthConsents(provider).filter(({ name }) => !given.includes(name));

/** The names of the APIs that a grant opens: those that were found, or those that its consent declares. */
export const apisOpenedBy = (
  provider: Pick<Provider, "connecting">,
  grant: Pick<Grant, "consent" | "apis">,
): readonly string[] => grant.apis ?? apisDeclaredBy(provider, grant);

/** The names of the APIs that a consent declares. */
export function apisDeclaredBy(
  provider: Pick<Provider, "connecting">,
  { consent }: Pick<Grant, "consent">,
): readonly string[] {
  const { connecting } = provider;
  if (connecting.kind === "key") return connecting.apis;
  return oauthConsents(provider).find(({ name }) => name === consent)?.apis ?? [];
}

/** The names of the APIs that a connection opens. */
export const apisOfConnection = (
  provider: Pick<Provider, "connecting">,
  connection: { readonly consents: readonly string[] | null; readonly apis: readonly string[] | null },
): readonly string[] =>
  connection.apis ?? [
    ...new Set(
      consentsGiven(provider, connection).flatMap((consent) => apisDeclaredBy(provider, { consent })),
    ),
  ];

/** The names of the consents that declare an API. A connection needs one of them. */
export function consentsOpening(provider: Pick<Provider, "connecting">, api: string): readonly string[] {
  const { connecting } = provider;
  if (connecting.kind === "key") return connecting.apis.includes(api) ? [connecting.kind] : [];
  return oauthConsents(provider)
    .filter(({ apis }) => apis.includes(api))
    .map(({ name }) => name);
}
