/**
 * Oura's OAuth 2 (Oura's authentication page): no PKCE, refresh tokens that work once. Codes live ten minutes. People may
 * leave scopes out on Oura's page; the redirect then names those that they granted.
 */
import { z } from "zod";
import { bearer, call, jsonOf } from "../kit/call.ts";
import { oauthConsent } from "../kit/oauth.ts";
import { type Grant, type OAuthConsent, type ProviderAccess, ProviderError } from "../provider.ts";
import { ouraApi } from "./names.ts";
import { scopes } from "./scopes.ts";
import type { OuraSettings } from "./settings.ts";

type Oura = ProviderAccess<OuraSettings>;

const plain = oauthConsent<OuraSettings>({
  provider: "oura",
  name: ouraApi,
  apis: [ouraApi],
  scopes,
  usesPkce: false,
  clientAuthentication: "body",
  // Either word means that a refresh token was used before or has ended: the person connects again.
  endedBy: ["invalid_grant", "invalid_request"],
  addresses: ({ authorize_url, token_url }) => ({ authorize: authorize_url, token: token_url }),
  client: ({ client_id, client_secret }) => ({ id: client_id, secret: client_secret }),
  person: (reply, access, signal) => personOf(access, reply.access_token, signal),
  revoke,
});

export const consent: OAuthConsent<OuraSettings> = {
  ...plain,
  exchange: async (access, code) => withKnownNames(await plain.exchange(access, code)),
  refresh: async (access, grant, signal) =>
    withKnownNames((await plain.refresh?.(access, grant, signal)) ?? grant),
};

/** One page of Oura's documentation calls the scope `spo2Daily`, another one `spo2`. */
const withKnownNames = (grant: Grant): Grant => ({
  ...grant,
  scopes: grant.scopes.map((scope) => (scope === "spo2" ? "spo2Daily" : scope)),
});

const personalPath = "/v2/usercollection/personal_info";
const personalInfo = z.object({ id: z.string().min(1).max(100) });

/** "You can access the id on the personal_info route with any access token (no scopes are required)." */
async function personOf({ settings, http }: Oura, token: string, signal: AbortSignal): Promise<string> {
  const answer = await call(http, {
    method: "GET",
    url: settings.api_url + personalPath,
    authorization: bearer(token),
    credentials: "person",
    signal,
  });
  return jsonOf(answer, personalInfo, personalPath).id;
}

/** The statuses by which Oura says that a token has ended already. */
const ended: readonly unknown[] = [400, 401, 403, 404];

/** Oura documents the address and no method: POST, and GET where that is not allowed. */
async function revoke(access: Oura, grant: Grant, signal: AbortSignal): Promise<void> {
  const refusal = await refusalOf(access, grant, { method: "POST", signal });
  const last =
    refusal?.details.status === 405 ? await refusalOf(access, grant, { method: "GET", signal }) : refusal;
  if (last !== null && !ended.includes(last.details.status)) throw last;
}

/** Asks that the token be ended. Returns the refusal; null when it was done. */
async function refusalOf(
  { settings, http }: Oura,
  { accessToken }: Grant,
  sending: { readonly method: "POST" | "GET"; readonly signal: AbortSignal },
): Promise<ProviderError | null> {
  const url = new URL("revoke", settings.token_url);
  url.searchParams.set("access_token", accessToken);
  const authorization = bearer(accessToken);
  try {
    await call(http, { ...sending, url: url.href, authorization, credentials: "client" });
    return null;
  } catch (error) {
    if (error instanceof ProviderError) return error;
    throw error;
  }
}
