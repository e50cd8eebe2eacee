/** How a plugin reaches its provider: one environment's settings and an HTTP client that is guarded. */
import type { IncomingHttpHeaders } from "node:http";
import type { LookupFunction } from "node:net";

export interface HttpRequest {
  readonly method: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | null;
  readonly signal: AbortSignal;
}

/** An answer of any status. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** After content decoding. */
  readonly body: Buffer;
}

export interface ProviderHttp {
  /** @throws ProviderError PROVIDER_UNAVAILABLE, PROVIDER_BODY_TOO_LARGE, PROVIDER_ADDRESS_PRIVATE, PROVIDER_ADDRESS_PLAIN */
  send(request: HttpRequest): Promise<HttpAnswer>;
}

/** The address guard, as HTTP clients use it. */
export interface ProviderContext {
  /** DNS look-up that refuses private, loopback and link-local addresses unless they are allowed. */
  readonly lookup: LookupFunction;
  /**
   * @throws ProviderError PROVIDER_ADDRESS_PRIVATE for a literal address that is not allowed,
   * PROVIDER_ADDRESS_PLAIN for one without TLS; neither where private addresses are allowed.
   */
  assertUrlAllowed(url: URL): void;
}

/** The first argument of every function of a plugin that calls the provider. */
export interface ProviderAccess<Settings> {
  readonly settings: Settings;
  readonly http: ProviderHttp;
}
