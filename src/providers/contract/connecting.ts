/** Connecting: how a person gives a permission, and how it is renewed and revoked. */
import type { ProviderAccess } from "./access.ts";
import type { Text } from "./text.ts";

/** The means by which an access token is replaced by a new one. */
export type Renewal =
  /** OAuth's refresh token. */
  | { readonly kind: "refresh-token"; readonly token: string }
  /** A key that the person pasted, exchanged for a new token each time. */
  | (PastedKey & { readonly kind: "key" });

/** The permission that a person gave at a provider. Encrypted at rest. */
export interface Grant {
  /** The name of the consent that gave it; `key` for a pasted key. */
  readonly consent: string;
  readonly accessToken: string;
  /** The end of the access token as the provider gives it; null when it gives none. */
  readonly expiresAt: Date | null;
  /** How to renew the access token; null when it cannot be renewed and lasts until it is revoked. */
  readonly renewal: Renewal | null;
  readonly providerUserId: string;
  /** Whether the provider named no person. The id is then one of our own, and no other person has it. */
  readonly isUnnamed?: true;
  /** The names of the APIs that it was found to open; absent where they are those of its consent. */
  readonly apis?: readonly string[];
  /** Whether the provider could not be asked what it opens. `register` is called again later. */
  readonly isUndecided?: true;
  /** The granted scopes. Where the provider names none, those that were asked for (RFC 6749 §5.1). */
  readonly scopes: readonly string[];
  /** Whether the provider has refused to renew it. It is not asked again. */
  readonly isEnded?: boolean;
}

/** One scope of a consent. */
export interface Scope {
  readonly name: string;
  /** The data that the scope opens, in plain words, for the person who chooses. */
  readonly label: Text;
  /** Whether it is always asked for. The person chooses among the others. */
  readonly isRequired: boolean;
}

/** A login that begins. */
export interface AuthorizationRequest {
  readonly redirectUri: string;
  readonly state: string;
  /** The names of the scopes to ask for. */
  readonly scopes: readonly string[];
}

/** The first step of a login. */
export interface AuthorizationStart {
  /** The address at which the person gives consent. */
  readonly url: string;
  /** PKCE's code verifier, stored until the person returns; null without PKCE. */
  readonly codeVerifier: string | null;
}

/**
 * The provider's answer to a login: the code, with the request's values. `scopes` are those that the redirect named as
 * granted, or all that were asked for where it named none.
 */
export interface AuthorizationCode extends Omit<AuthorizationRequest, "state"> {
  readonly code: string;
  readonly codeVerifier: string | null;
  readonly signal: AbortSignal;
}

/** The facts with which a person is registered. */
export interface Registering {
  /** Our id of the person, for the provider to know them by. */
  readonly memberId: string;
  /** The names of the APIs that the person's other grants open already. */
  readonly opened: readonly string[];
  /**
   * The provider's ids of the accounts that the person has, or had, connected under the same reference. Where the grant
   * names nobody, the provider may tell whether it is of one of them.
   */
  readonly knownAs: readonly string[];
  readonly signal: AbortSignal;
}

/** One consent page of the provider. Its grant opens one of the provider's APIs, or several. */
export interface OAuthConsent<Settings> {
  readonly name: string;
  /** The names of the APIs that its grant opens. */
  readonly apis: readonly string[];
  readonly scopes: readonly Scope[];
  /** In plain words, the gain for a person who is connected by another consent; absent where its scopes say that. */
  readonly adds?: readonly Text[];
  /**
   * Whether refresh tokens end by themselves. A refused renewal does not mean then that the person took the permission
   * back.
   */
  readonly renewalsEnd?: true;
  /** Returns the address of the consent page. Called when a login begins. */
  begin(
    access: ProviderAccess<Settings>,
    request: AuthorizationRequest,
  ): AuthorizationStart | Promise<AuthorizationStart>;
  /**
   * Exchanges the code for a grant. Called once, when the person returns: a code works once, so after any failure the
   * person starts again.
   *
   * @throws SystoleError OAUTH_EXCHANGE_FAILED
   */
  exchange(access: ProviderAccess<Settings>, code: AuthorizationCode): Promise<Grant>;
  /**
   * Registers the person at the provider under our id, where the provider demands it before it serves data. Called
   * after the exchange. A person who is already registered is no error. Returns the grant: with the APIs that were found
   * open, where only asking tells that, and with the person's id, where only the registration tells it.
   *
   * @throws SystoleError PROVIDER_REGISTRATION_FAILED
   */
  register?(access: ProviderAccess<Settings>, grant: Grant, registering: Registering): Promise<Grant>;
  /**
   * Returns the grant with a new access token, and a new refresh token where the provider rotates them. Called by one
   * process at a time. The new grant is stored before it is used.
   *
   * @throws ProviderError PROVIDER_UNAUTHORIZED when the refresh token is refused
   */
  refresh?(access: ProviderAccess<Settings>, grant: Grant, signal: AbortSignal): Promise<Grant>;
  /**
   * Ends the permission at the provider. Called when a connection ends. A permission that has already ended is no
   * error.
   */
  revoke?(access: ProviderAccess<Settings>, grant: Grant, signal: AbortSignal): Promise<void>;
}

/** OAuth: the person gives consent on the provider's own page. */
export interface OAuthConnecting<Settings> {
  readonly kind: "oauth";
  /** The first consent connects a person; each further one adds APIs to an existing connection. */
  readonly consents: readonly [OAuthConsent<Settings>, ...OAuthConsent<Settings>[]];
  /**
   * The name of the consent by which people connected when the provider had only one, which was not stored with their
   * connections; the first when absent.
   */
  readonly formerConsent?: string;
}

export interface PastedKey {
  readonly key: string;
  /** The day on which the key itself ends, as the person says; null where keys have no end, or the person gave none. */
  readonly endsAt: Date | null;
}

/** A pasted key: the person makes a key at the provider and pastes it on the connect page. */
export interface KeyConnecting<Settings> {
  readonly kind: "key";
  readonly apis: readonly string[];
  /** Text for the connect page: where a key is made, step by step, in plain words. */
  readonly instructions: { readonly url: string; readonly steps: readonly Text[] };
  /** Whether keys have an end date that only the person knows. The connect page then asks for it. */
  readonly hasEndDate: boolean;
  /**
   * Exchanges the key for a token, and returns a grant whose renewal is the key. Called when the person connects, and
   * whenever the token has ended or was refused. Where the provider has no tokens, the key itself is the access token,
   * and the call only finds out whose it is.
   *
   * @param knownId the `providerUserId` that an earlier exchange of this key returned: a call that would only find it out
   * is not made
   * @throws ProviderError PROVIDER_UNAUTHORIZED when the key is refused
   */
  exchange(
    access: ProviderAccess<Settings>,
    key: PastedKey,
    signal: AbortSignal,
    knownId?: string,
  ): Promise<Grant>;
}

/** Uploads: nothing can be asked for. The person's own client pushes data with a token that we issue. */
export interface UploadConnecting {
  readonly kind: "upload";
  /**
   * The person's time zone, where data comes without one. The connect page asks for it, and sends the answer as an upload
   * of this format, so that records can be made anew from it.
   */
  readonly zone?: {
    readonly format: string;
    /** @param zone an IANA name */
    body(zone: string): Buffer;
  };
}

export type Connecting<Settings> = OAuthConnecting<Settings> | KeyConnecting<Settings> | UploadConnecting;
