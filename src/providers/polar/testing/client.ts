/** The plugin's capabilities bound to one client's settings, for the tests. */
import { lookup } from "node:dns";
import { providerHttp } from "../../kit/http.ts";
import type { AuthorizationCode, Grant, ProviderRequest, SubscriptionRequest } from "../../provider.ts";
import { apis } from "../apis.ts";
import { accesslink } from "../names.ts";
import { consent } from "../oauth.ts";
import { polarSettings } from "../settings.ts";
import { subscription } from "../subscription.ts";

export const askedScopes = ["accesslink.read_all"];

export const grantFor = (accessToken: string, providerUserId: string): Grant => ({
  consent: accesslink,
  accessToken,
  expiresAt: null,
  renewal: null,
  providerUserId,
  scopes: askedScopes,
});

export type PolarClient = ReturnType<typeof polarClient>;

export function polarClient(settings: object) {
  const http = providerHttp({ lookup, assertUrlAllowed: () => {} });
  const access = { settings: polarSettings.parse(settings), http };
  const api = apis[accesslink];
  if (api === undefined) throw new Error("there is no AccessLink");
  return {
    authorizationUrl: async (request: { redirectUri: string; state: string }) =>
      (await consent.begin(access, { ...request, scopes: askedScopes })).url,
    exchangeCode: (code: Pick<AuthorizationCode, "code" | "redirectUri" | "signal">) =>
      consent.exchange(access, { ...code, scopes: askedScopes, codeVerifier: null }),
    register: async (grant: Grant, memberId: string, signal: AbortSignal) =>
      consent.register?.(access, grant, { memberId, opened: [], knownAs: [], signal }),
    revoke: async (grant: Grant, signal: AbortSignal) => consent.revoke?.(access, grant, signal),
    fetch: (request: ProviderRequest, grant: Grant, signal: AbortSignal) =>
      api.send(access, request, grant, signal),
    ensureSubscription: (request: SubscriptionRequest) => subscription.ensure(access, request),
  };
}
