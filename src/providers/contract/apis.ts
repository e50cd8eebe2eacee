/** One of a provider's APIs: how it is called, and within which limits. */
import type { ProviderAccess } from "./access.ts";
import type { Grant } from "./connecting.ts";
import type { PersonRateLimitRule, RateLimitReading, RateLimitRule } from "./limits.ts";

/** A request as it is kept with its raw payload. The access token is never part of it. */
export interface ProviderRequest {
  readonly method: "GET" | "POST";
  /** Path and query below the API's address, e.g. `/v3/users/sleep/2025-10-01`. */
  readonly path: string;
  /** The media type to ask for; JSON when absent. */
  readonly accept?: string;
  /** A POST's body, with its media type. */
  readonly body?: { readonly contentType: string; readonly text: string };
}

export interface ProviderResponse {
  readonly status: number;
  readonly contentType: string | null;
  /** What the provider said about its limits along with this answer, where it said anything. */
  readonly rateLimit?: RateLimitReading | null;
  /** Byte for byte as received after content decoding; empty for 204. */
  readonly body: Buffer;
  /** Where the next page is, when the answer's headers name it. */
  readonly next?: string | null;
}

/** Calls of one API are counted apart from those of the others. */
export interface Api<Settings> {
  /** From the shortest window to the longest; empty where the provider publishes none. */
  readonly rateLimits: readonly RateLimitRule[];
  /** Limits for each person, beside the client's. */
  readonly personRateLimits?: readonly PersonRateLimitRule[];
  /** The most calls of one client that may be under way at the same time; unlimited when absent. */
  readonly parallelCalls?: number;
  /** Whose limits these credentials draw on: the same text for every environment that shares a client. */
  limitedAs(settings: Settings): string;
  /**
   * Sends one request for a person. Answers 200 and 204 bodies; throws for every other answer, and for an answer
   * of 200 whose body says that it failed.
   * @throws ProviderError
   */
  send(
    access: ProviderAccess<Settings>,
    request: ProviderRequest,
    grant: Grant,
    signal: AbortSignal,
  ): Promise<ProviderResponse>;
}
