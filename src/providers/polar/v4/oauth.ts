/**
 * The consent for Polar's Dynamic API v4 (POLAR-V4 §1). Its token may open AccessLink v3 as well, which only asking tells:
 * after the consent v3 is tried, with registration where it refuses (ADR 0075).
 */
import { z } from "zod";
import { basic } from "../../kit/call.ts";
import { oauthConsent } from "../../kit/oauth.ts";
import type { Grant, OAuthConsent, Registering } from "../../provider.ts";
import { ProviderError } from "../../provider.ts";
import type { Polar } from "../http.ts";
import { accesslink, dynamic } from "../names.ts";
import { findAccesslink, knownAsOneOf, revoke } from "../registration.ts";
import type { PolarSettings } from "../settings.ts";
import { scopes } from "./scopes.ts";

/** Polar's own time for both calls: the person's browser waits meanwhile. */
const tryMs = 20_000;

/** C: some replies name the person, some do not. */
const personOf = z.union([z.int().positive(), z.string().regex(/^\d{1,20}$/)]).transform(String);

const flow = oauthConsent<PolarSettings>({
  provider: "polar",
  name: dynamic,
  apis: [dynamic],
  scopes,
  // No implementer uses PKCE, and Polar does not say that it knows it.
  usesPkce: false,
  clientAuthentication: ({ client_id, client_secret }) => basic(client_id, client_secret),
  addresses: ({ v4_authorize_url, v4_token_url }) => ({ authorize: v4_authorize_url, token: v4_token_url }),
  client: ({ client_id, client_secret }) => ({ id: client_id, secret: client_secret }),
  person: ({ x_user_id }) => personOf.safeParse(x_user_id).data ?? null,
});

export const dynamicConsent: OAuthConsent<PolarSettings> = {
  ...flow,
  // The refresh token lasts about 100 days.
  renewalsEnd: true,
  register: tryAccesslink,
  revoke: revokeAccesslink,
};

/**
 * Finds out whether the grant opens v3 too. A person whom nobody names cannot be found by v3's notifications, so that v3
 * counts as closed for them. When v3 cannot be asked now, it is asked later: the grant is good for v4 all the same.
 */
async function tryAccesslink(
  access: Polar,
  grant: Grant,
  { memberId, opened, knownAs, signal }: Registering,
): Promise<Grant> {
  const { isUndecided: _, ...known } = grant;
  try {
    const person = { ...access, grant, signal: AbortSignal.any([signal, AbortSignal.timeout(tryMs)]) };
    const isOpened = opened.includes(accesslink);
    // v4 may have ids of its own, or name nobody: v3 tells whether the token is of the person who has v3 already.
    const same = isOpened ? await knownAsOneOf(person, knownAs) : null;
    if (isOpened && same === null && grant.isUnnamed !== true) return known;
    const others = isOpened ? [] : knownAs;
    const providerUserId = same ?? (await findAccesslink(person, memberId, others))?.providerUserId;
    if (providerUserId === undefined) return known;
    const { isUnnamed: _unnamed, ...named } = known;
    return { ...named, providerUserId, ...(same === null && { apis: [dynamic, accesslink] }) };
  } catch (error) {
    if (opened.includes(accesslink) && isOutage(error)) return known;
    if (!isOutage(error)) throw error;
    return { ...known, isUndecided: true };
  }
}

/** An address that may not be called is no outage: the operator has to know. */
const isOutage = (error: unknown): boolean =>
  error instanceof ProviderError && !error.code.startsWith("PROVIDER_ADDRESS");

/** v4 has no revocation: the person removes the app at account.polar.com. What we registered at v3 is ended there. */
async function revokeAccesslink(access: Polar, grant: Grant, signal: AbortSignal): Promise<void> {
  if (grant.apis?.includes(accesslink)) await revoke({ ...access, grant, signal });
}
