import {
  type Grant,
  type ProviderClient,
  ProviderError,
  type ProviderRequest,
  type ProviderResponse,
} from "../provider.ts";
import { bearer, call } from "./http.ts";
import { authorizationUrl, exchangeCode } from "./oauth.ts";
import { register, revoke } from "./registration.ts";
import type { PolarSettings } from "./settings.ts";
import { ensureSubscription } from "./subscription.ts";

/** Polar AccessLink v3 with one client's credentials. */
export function connect(settings: PolarSettings): ProviderClient {
  return {
    authorizationUrl: (request) => authorizationUrl(settings, request),
    exchangeCode: (request) => exchangeCode(settings, request),
    register: (grant, memberId, signal) => register({ settings, grant, signal }, memberId),
    revoke: (grant, signal) => revoke({ settings, grant, signal }),
    fetch: (request, grant, signal) => fetchResource(settings, request, grant, signal),
    ensureSubscription: (request) => ensureSubscription(settings, request),
  };
}

async function fetchResource(
  settings: PolarSettings,
  { method, path, accept }: ProviderRequest,
  grant: Grant,
  signal: AbortSignal,
): Promise<ProviderResponse> {
  const authorization = bearer(grant.accessToken);
  const answer = await call({
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
