/** How a person connects, and how the permission they gave is renewed and given back. */
import type { ProviderAccess } from "./access.ts";

/** How an access token is replaced by a new one. */
export type Renewal =
  /** OAuth's refresh token. */
  | { readonly kind: "refresh-token"; readonly token: string }
  /** A key that the person pasted, exchanged for a new token each time. `endsAt`: when the key itself ends. */
  | { readonly kind: "key"; readonly key: string; readonly endsAt: Date | null };

/** What a person granted at a provider. Sealed at rest. */
export interface Grant {
  /** The name of the consent that gave it; for a pasted key `key`. */
  readonly consent: string;
  readonly accessToken: string;
  /** When the access token ends by the provider's own word; null when it does not say. */
  readonly expiresAt: Date | null;
  /** Null when the access token cannot be renewed: it ends only when it is revoked. */
  readonly renewal: Renewal | null;
  readonly providerUserId: string;
  /** As granted. Where the provider does not say: as asked (RFC 6749 §5.1). */
  readonly scopes: readonly string[];
}

export interface Scope {
  readonly name: string;
  /** What it opens, in plain English, for the person who chooses. */
  readonly label: string;
  /** Asked for always. The others are the person's choice. */
  readonly isRequired: boolean;
}

export interface AuthorizationRequest {
  readonly redirectUri: string;
  readonly state: string;
  /** The names of the scopes to ask for. */
  readonly scopes: readonly string[];
}

export interface AuthorizationStart {
  /** The address at which the person gives consent. */
  readonly url: string;
  /** PKCE's code verifier, kept until the person comes back; null without PKCE. */
  readonly codeVerifier: string | null;
}

export interface AuthorizationCode extends Omit<AuthorizationRequest, "state"> {
  readonly code: string;
  readonly codeVerifier: string | null;
  readonly signal: AbortSignal;
}

/** One consent page of the provider. Its grant may open one of the provider's APIs or several. */
export interface OAuthConsent<Settings> {
  readonly name: string;
  /** The names of the APIs that its grant opens. */
  readonly apis: readonly string[];
  readonly scopes: readonly Scope[];
  begin(
    access: ProviderAccess<Settings>,
    request: AuthorizationRequest,
  ): AuthorizationStart | Promise<AuthorizationStart>;
  /** A code works once: whatever fails, the person starts again. @throws SystoleError OAUTH_EXCHANGE_FAILED */
  exchange(access: ProviderAccess<Settings>, code: AuthorizationCode): Promise<Grant>;
  /**
   * Makes the person known to the provider under our id, where it serves nothing before; a person already known is
   * no error.
   * @throws SystoleError PROVIDER_REGISTRATION_FAILED
   */
  register?(
    access: ProviderAccess<Settings>,
    grant: Grant,
    memberId: string,
    signal: AbortSignal,
  ): Promise<void>;
  /**
   * Returns the grant with a new access token, and a new refresh token where the provider rotates them. It is
   * called by one process at a time, and its answer is kept before it is used.
   * @throws ProviderError PROVIDER_UNAUTHORIZED when the refresh token is refused
   */
  refresh?(access: ProviderAccess<Settings>, grant: Grant, signal: AbortSignal): Promise<Grant>;
  /** Ends the permission at the provider; a person already gone is no error. */
  revoke?(access: ProviderAccess<Settings>, grant: Grant, signal: AbortSignal): Promise<void>;
}

/** The person gives consent on the provider's own page. */
export interface OAuthConnecting<Settings> {
  readonly kind: "oauth";
  /** The first connects; each further one adds APIs to a connection that is there. */
  readonly consents: readonly [OAuthConsent<Settings>, ...OAuthConsent<Settings>[]];
}

/** The person makes a key at the provider and pastes it on the connect page. */
export interface KeyConnecting<Settings> {
  readonly kind: "key";
  readonly apis: readonly string[];
  /** What the connect page shows: where a key is made, step by step, in plain English. */
  readonly instructions: { readonly url: string; readonly steps: readonly string[] };
  /** Whether a key ends on a day that only the person knows; the connect page then asks for it. */
  readonly hasEndDate: boolean;
  /**
   * Exchanges the key for a token, at first and whenever the token has ended.
   * @throws ProviderError PROVIDER_UNAUTHORIZED when the key is refused
   */
  exchange(
    access: ProviderAccess<Settings>,
    key: { readonly key: string; readonly endsAt: Date | null },
    signal: AbortSignal,
  ): Promise<Grant>;
}

/** Nothing can be asked for: a client of the person's pushes data with a token that we issue. */
export interface UploadConnecting {
  readonly kind: "upload";
}

export type Connecting<Settings> = OAuthConnecting<Settings> | KeyConnecting<Settings> | UploadConnecting;
