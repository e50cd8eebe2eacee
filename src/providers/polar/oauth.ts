/**
 * Polar's OAuth 2 (POLAR-API §1). There is no refresh token, no PKCE and no discovery, and Polar's Basic
 * header is not the form-encoded one of RFC 6749, so the exchange is one plain request.
 */
import { z } from "zod";
import { SystoleError } from "../../errors.ts";
import { type Grant, ProviderError } from "../provider.ts";
import { accesslink } from "./apis.ts";
import { basic, call, jsonOf, type Polar } from "./http.ts";
import type { PolarSettings } from "./settings.ts";

const scope = "accesslink.read_all";

export function authorizationUrl(
  settings: PolarSettings,
  { redirectUri, state }: { redirectUri: string; state: string },
): string {
  const url = new URL(settings.authorize_url);
  url.searchParams.set("response_type", "code");
  url.searchParams.set("client_id", settings.client_id);
  url.searchParams.set("redirect_uri", redirectUri);
  url.searchParams.set("scope", scope);
  url.searchParams.set("state", state);
  return url.toString();
}

/** `x_user_id` comes as a number. */
const tokenReply = z.object({
  access_token: z.string().min(1),
  token_type: z.string().regex(/^bearer$/i),
  expires_in: z.number().positive().nullish(),
  scope: z.string().nullish(),
  x_user_id: z.union([z.int(), z.string().regex(/^\d+$/)]).transform(String),
});

function grantOf(reply: z.output<typeof tokenReply>, requestedAtMs: number): Grant {
  return {
    api: accesslink,
    accessToken: reply.access_token,
    refreshToken: null,
    expiresAt: reply.expires_in ? new Date(requestedAtMs + reply.expires_in * 1000) : null,
    providerUserId: reply.x_user_id,
    scopes: reply.scope ?? null,
  };
}

/** A code works once and lives 10 minutes: whatever fails, the person starts again, so nothing is retried. */
export async function exchangeCode(
  { settings, http }: Polar,
  { code, redirectUri, signal }: { code: string; redirectUri: string; signal: AbortSignal },
): Promise<Grant> {
  const requestedAtMs = Date.now();
  try {
    const answer = await call(http, {
      method: "POST",
      url: settings.token_url,
      authorization: basic(settings.client_id, settings.client_secret),
      credentials: "client",
      signal,
      form: { grant_type: "authorization_code", code, redirect_uri: redirectUri },
    });
    return grantOf(jsonOf(answer, tokenReply, new URL(settings.token_url).pathname), requestedAtMs);
  } catch (cause) {
    const details =
      cause instanceof ProviderError ? { provider: "polar", cause: cause.code, ...cause.details } : {};
    throw new SystoleError("OAUTH_EXCHANGE_FAILED", details, { cause });
  }
}
