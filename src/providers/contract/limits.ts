/** The limits that a provider sets on calls. */

/** A limit on the calls of one client, all its users together. Used until the provider reports its own. */
export interface RateLimitRule {
  readonly name: string;
  readonly lengthMs: number;
  readonly callsOfClient: number;
  /** Calls added for each connected person. */
  readonly callsPerUser: number;
}

/** A limit on the calls for one person, whichever token is used. */
export interface PersonRateLimitRule {
  readonly name: string;
  readonly lengthMs: number;
  readonly calls: number;
}

/** One window of a provider's limits at a moment: calls made, calls allowed, and when it starts anew. */
export interface RateWindow {
  readonly used: number;
  readonly limit: number;
  readonly resetMs: number;
}

/** The client's windows as one answer reports them, in the order of the API's `rateLimits`. */
export type RateLimitReading = readonly RateWindow[];
