/** A plugin's access to its provider: one environment's settings and a guarded HTTP client. */
import type { IncomingHttpHeaders } from "node:http";
import type { LookupFunction } from "node:net";

/** A request to the provider. */
export interface HttpRequest {
  readonly method: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | null;
  readonly signal: AbortSignal;
}

/** An answer with any status. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** The body after content decoding. */
  readonly body: Buffer;
}

/** An HTTP client that passes every connection through the address guard. */
export interface ProviderHttp {
  /**
   * Sends a request. Redirects are not followed.
   *
   * @throws ProviderError PROVIDER_UNAVAILABLE, PROVIDER_BODY_TOO_LARGE, PROVIDER_ADDRESS_PRIVATE, PROVIDER_ADDRESS_PLAIN
   */
  send(request: HttpRequest): Promise<HttpAnswer>;
}

/** The address guard, in the form that HTTP clients use. */
export interface ProviderContext {
  /** A DNS look-up that refuses private, loopback and link-local addresses unless they are allowed. */
  readonly lookup: LookupFunction;
  /**
   * @throws ProviderError PROVIDER_ADDRESS_PRIVATE for a literal private address, PROVIDER_ADDRESS_PLAIN for an address
   * without TLS; neither where private addresses are allowed
   */
  assertUrlAllowed(url: URL): void;
}

/** The first argument of every function of a plugin that calls the provider. */
export interface ProviderAccess<Settings> {
  readonly settings: Settings;
  readonly http: ProviderHttp;
}
