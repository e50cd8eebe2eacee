import { providerHttp } from "../kit/http.ts";
import {
  type Grant,
  type ProviderClient,
  type ProviderContext,
  ProviderError,
  type ProviderRequest,
  type ProviderResponse,
} from "../provider.ts";
import { bearer, call, type Polar } from "./http.ts";
import { authorizationUrl, exchangeCode } from "./oauth.ts";
import { register, revoke } from "./registration.ts";
import type { PolarSettings } from "./settings.ts";
import { ensureSubscription } from "./subscription.ts";

/** Polar AccessLink v3 with one client's credentials. */
export function connect(settings: PolarSettings, context: ProviderContext): ProviderClient {
  const polar = { settings, http: providerHttp(context) };
  return {
    authorizationUrl: (request) => authorizationUrl(settings, request),
    exchangeCode: (request) => exchangeCode(polar, request),
    register: (grant, memberId, signal) => register({ ...polar, grant, signal }, memberId),
    revoke: (grant, signal) => revoke({ ...polar, grant, signal }),
    fetch: (request, grant, signal) => fetchResource(polar, request, grant, signal),
    ensureSubscription: (request) => ensureSubscription(polar, request),
  };
}

async function fetchResource(
  { settings, http }: Polar,
  { method, path, accept }: ProviderRequest,
  grant: Grant,
  signal: AbortSignal,
): Promise<ProviderResponse> {
  const authorization = bearer(grant.accessToken);
  const answer = await call(http, {
    method,
    url: settings.api_url + path,
    authorization,
    credentials: "person",
    accept,
    signal,
  });
  if (answer.status === 200 || answer.status === 204) return answer;
  throw new ProviderError("PROVIDER_REFUSED", "never", { status: answer.status, path });
}
