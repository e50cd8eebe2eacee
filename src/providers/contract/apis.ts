/** One of a provider's APIs: how it is called, and within which limits. */
import type { ProviderAccess } from "./access.ts";
import type { Grant } from "./connecting.ts";
import type { PersonRateLimitRule, RateLimitReading, RateLimitRule } from "./limits.ts";

/** A request in the form in which it is stored with its raw payload. It never contains the access token. */
export interface ProviderRequest {
  readonly method: "GET" | "POST";
  /** Path and query below the API's address, e.g. `/v3/users/sleep/2025-10-01`. */
  readonly path: string;
  /** The media type to ask for; JSON when absent. */
  readonly accept?: string;
  /** The body of a POST, with its media type. */
  readonly body?: { readonly contentType: string; readonly text: string };
}

/** A successful answer, as it is stored. */
export interface ProviderResponse {
  readonly status: number;
  readonly contentType: string | null;
  /** The provider's limits as this answer reports them; absent or null when it reports none. */
  readonly rateLimit?: RateLimitReading | null;
  /** The body byte for byte as received, after content decoding; empty for 204. */
  readonly body: Buffer;
  /** The address of the next page, when the answer's headers name it. */
  readonly next?: string | null;
}

/** One API of the provider. Its calls are counted apart from those of the others. */
export interface Api<Settings> {
  /** The client's windows, from the shortest to the longest; empty where the provider publishes none. */
  readonly rateLimits: readonly RateLimitRule[];
  /** Limits for each person, besides the client's. */
  readonly personRateLimits?: readonly PersonRateLimitRule[];
  /**
   * Returns the shortest time between the beginnings of two calls for one person, in milliseconds; 0 for none. It holds
   * for all processes together; a call waits for its turn, the higher ranks first. Where it is declared, or
   * `parallelCalls`, what belongs to one announcement is asked for one call after the other, else side by side.
   */
  personGapMs?(settings: Settings): number;
  /** The largest number of one client's calls in flight at the same time; unlimited when absent. */
  readonly parallelCalls?: number;
  /**
   * Names the client whose limits these settings draw on: the same text for every environment that shares the client.
   */
  limitedAs(settings: Settings): string;
  /**
   * Sends one request for a person. Called by fetch tasks. Returns the bodies of 200 and 204; throws for every other
   * answer, and for a 200 whose body reports an error.
   *
   * @throws ProviderError
   */
  send(
    access: ProviderAccess<Settings>,
    request: ProviderRequest,
    grant: Grant,
    signal: AbortSignal,
  ): Promise<ProviderResponse>;
}
