/**
 * OAuth 2 in the form that most providers have: authorisation code, PKCE where the provider uses it, refresh tokens.
 */
import { randomUUID } from "node:crypto";
import * as oauth from "oauth4webapi";
import { SystoleError } from "../../errors.ts";
import {
  type AuthorizationCode,
  type AuthorizationRequest,
  type Grant,
  type OAuthConsent,
  type ProviderAccess,
  ProviderError,
  type ProviderHttp,
  type Scope,
} from "../provider.ts";
import { failureOf } from "./failure.ts";
import { grantedScopes } from "./scopes.ts";
import { standardReply } from "./token-reply.ts";

export interface OAuthDeclaration<Settings> {
  /** The provider's slug, for errors. */
  readonly provider: string;
  readonly name: string;
  readonly apis: readonly string[];
  readonly scopes: readonly Scope[];
  readonly usesPkce: boolean;
  /**
   * How the client authenticates at the token endpoint: by Basic authentication as RFC 6749 has it, in the body, or by the
   * authorisation header that is returned.
   */
  readonly clientAuthentication: "basic" | "body" | ((settings: Settings) => string);
  addresses(settings: Settings): { readonly authorize: string; readonly token: string };
  client(settings: Settings): { readonly id: string; readonly secret: string };
  /** The errors by which a renewal is refused for good; RFC 6749's `invalid_grant` when absent. */
  readonly endedBy?: readonly string[];
  /** Returns the provider's id of the person, from the token reply or from a further call; null where nothing names it. */
  person(
    reply: oauth.TokenEndpointResponse,
    access: ProviderAccess<Settings>,
    signal: AbortSignal,
  ): string | null | Promise<string>;
  /** Revokes the permission, where the provider has an endpoint for it. */
  revoke?: OAuthConsent<Settings>["revoke"];
}

export function oauthConsent<Settings>(declaration: OAuthDeclaration<Settings>): OAuthConsent<Settings> {
  const { name, apis, scopes, revoke } = declaration;
  return {
    name,
    apis,
    scopes,
    begin: (access, request) => begin(declaration, access.settings, request),
    exchange: (access, code) => exchange(declaration, access, code),
    refresh: (access, grant, signal) => refresh(declaration, access, grant, signal),
    ...(revoke !== undefined && { revoke }),
  };
}

async function begin<Settings>(
  declaration: OAuthDeclaration<Settings>,
  settings: Settings,
  request: AuthorizationRequest,
) {
  const { authorize } = declaration.addresses(settings);
  const url = authorizationUrl(authorize, declaration.client(settings).id, request);
  if (!declaration.usesPkce) return { url: url.href, codeVerifier: null };
  const codeVerifier = oauth.generateRandomCodeVerifier();
  url.searchParams.set("code_challenge", await oauth.calculatePKCECodeChallenge(codeVerifier));
  url.searchParams.set("code_challenge_method", "S256");
  return { url: url.href, codeVerifier };
}

/** Returns the address at which a person gives consent (RFC 6749 §4.1.1). */
export function authorizationUrl(
  address: string,
  clientId: string,
  { redirectUri, state, scopes }: AuthorizationRequest,
): URL {
  const url = new URL(address);
  url.searchParams.set("response_type", "code");
  url.searchParams.set("client_id", clientId);
  url.searchParams.set("redirect_uri", redirectUri);
  url.searchParams.set("scope", scopes.join(" "));
  url.searchParams.set("state", state);
  return url;
}

/** @throws SystoleError OAUTH_EXCHANGE_FAILED */
async function exchange<Settings>(
  declaration: OAuthDeclaration<Settings>,
  access: ProviderAccess<Settings>,
  { code, redirectUri, scopes, codeVerifier, signal }: AuthorizationCode,
): Promise<Grant> {
  const { server, client, authentication } = partiesOf(declaration, access.settings);
  const requestedAt = Date.now();
  try {
    const callback = oauth.validateAuthResponse(
      server,
      client,
      new URLSearchParams({ code }),
      oauth.expectNoState,
    );
    const answer = await oauth.authorizationCodeGrantRequest(
      server,
      client,
      authentication,
      callback,
      redirectUri,
      codeVerifier ?? oauth.nopkce,
      requestOptions(access.http, signal),
    );
    const reply = await oauth.processAuthorizationCodeResponse(server, client, answer);
    const person = await declaration.person(reply, access, signal);
    return {
      ...grantOf(declaration.name, reply, {
        asked: scopes,
        requestedAt,
        providerUserId: person ?? `unnamed-${randomUUID()}`,
        refreshToken: null,
      }),
      ...(person === null && { isUnnamed: true }),
    };
  } catch (cause) {
    throw new SystoleError(
      "OAUTH_EXCHANGE_FAILED",
      { provider: declaration.provider, cause: reasonOf(cause) },
      { cause },
    );
  }
}

/** @throws ProviderError PROVIDER_UNAUTHORIZED when the refresh token is refused */
async function refresh<Settings>(
  declaration: OAuthDeclaration<Settings>,
  { settings, http }: ProviderAccess<Settings>,
  grant: Grant,
  signal: AbortSignal,
): Promise<Grant> {
  if (grant.renewal?.kind !== "refresh-token") return grant;
  const { server, client, authentication } = partiesOf(declaration, settings);
  const requestedAt = Date.now();
  const { token } = grant.renewal;
  try {
    const options = requestOptions(http, signal);
    const answer = await oauth.refreshTokenGrantRequest(server, client, authentication, token, options);
    const reply = await oauth.processRefreshTokenResponse(server, client, answer);
    const { providerUserId, scopes: asked } = grant;
    // A provider that does not rotate refresh tokens sends none, so the old one is kept.
    const renewed = grantOf(grant.consent, reply, {
      asked,
      requestedAt,
      providerUserId,
      refreshToken: token,
    });
    return { ...grant, ...renewed };
  } catch (cause) {
    throw refreshFailure(cause, declaration.endedBy ?? ["invalid_grant"]);
  }
}

function partiesOf<Settings>(declaration: OAuthDeclaration<Settings>, settings: Settings) {
  const { authorize, token } = declaration.addresses(settings);
  const { id, secret } = declaration.client(settings);
  return {
    server: { issuer: new URL(authorize).origin, token_endpoint: token },
    client: { client_id: id },
    authentication: authenticationOf(declaration.clientAuthentication, settings, secret),
  };
}

function authenticationOf<Settings>(
  method: OAuthDeclaration<Settings>["clientAuthentication"],
  settings: Settings,
  secret: string,
): oauth.ClientAuth {
  if (method === "basic") return oauth.ClientSecretBasic(secret);
  if (method === "body") return oauth.ClientSecretPost(secret);
  return (_server, _client, _body, headers) => headers.set("authorization", method(settings));
}

/**
 * Makes oauth4webapi call through our own HTTP client, which alone decides which addresses are allowed, with or without
 * TLS.
 */
const requestOptions = (http: ProviderHttp, signal: AbortSignal): oauth.TokenEndpointRequestOptions => ({
  [oauth.allowInsecureRequests]: true,
  [oauth.customFetch]: async (url, { body, headers, method }) => {
    const sent = {
      method: method === "POST" ? method : "GET",
      url,
      headers,
      body: String(body),
      signal,
    } as const;
    const answer = await http.send(sent);
    if (answer.status >= 500 || answer.status === 429) {
      throw failureOf({ ...answer, path: new URL(url).pathname, credentials: "client" });
    }
    const standard = answer.status === 200 ? standardReply(answer.body) : null;
    if (standard !== null) return Response.json(standard);
    const type = String(answer.headers["content-type"] ?? "");
    return new Response(new Uint8Array(answer.body), {
      status: answer.status,
      headers: { "content-type": type },
    });
  },
});

/** The latest time that a date can hold. */
const endOfTime = 8.64e15;

/** A lifetime beyond all dates is no reason to lose a token. */
const endAfter = (startMs: number, seconds: number): Date =>
  new Date(Math.min(startMs + seconds * 1_000, endOfTime));

interface Granting {
  readonly asked: readonly string[];
  readonly requestedAt: number;
  readonly providerUserId: string;
  /** The present refresh token, which stays valid where the reply brings no other. */
  readonly refreshToken: string | null;
}

function grantOf(
  consent: string,
  reply: oauth.TokenEndpointResponse,
  { asked, requestedAt, providerUserId, refreshToken }: Granting,
): Grant {
  const token = reply.refresh_token ?? refreshToken;
  return {
    consent,
    accessToken: reply.access_token,
    expiresAt: reply.expires_in === undefined ? null : endAfter(requestedAt, reply.expires_in),
    renewal: token === null ? null : { kind: "refresh-token", token },
    providerUserId,
    scopes: grantedScopes(reply.scope, asked),
  };
}

function refreshFailure(cause: unknown, endedBy: readonly string[]): ProviderError {
  if (cause instanceof ProviderError) return cause;
  const isOver = cause instanceof oauth.ResponseBodyError && endedBy.includes(cause.error);
  const details = { reason: reasonOf(cause) };
  return isOver
    ? new ProviderError("PROVIDER_UNAUTHORIZED", "never", details, { cause })
    : new ProviderError("PROVIDER_REFUSED", "later", details, { cause });
}

/** Returns the server's own error code where it gave one; never a body. */
function reasonOf(cause: unknown): string {
  if (cause instanceof oauth.ResponseBodyError) return cause.error;
  if (cause instanceof SystoleError) return cause.code;
  return cause instanceof Error ? cause.name : "unknown";
}
