/** The limits that a provider sets on calls. */

/** A limit on the calls of one client, all its users together. Used until the provider reports its own. */
export interface RateLimitRule {
  readonly name: string;
  /** The length of the window in milliseconds. */
  readonly lengthMs: number;
  /** Calls allowed in the window without any connected person. */
  readonly callsOfClient: number;
  /** Calls added for each connected person. */
  readonly callsPerUser: number;
}

/** A limit on the calls for one person, whichever token is used. */
export interface PersonRateLimitRule {
  readonly name: string;
  /** The length of the window in milliseconds. */
  readonly lengthMs: number;
  /** Calls allowed in the window. */
  readonly calls: number;
}

/** One window of a provider's limits at the moment of an answer. */
export interface RateWindow {
  /** Calls made, by the provider's count. */
  readonly used: number;
  /** Calls allowed. */
  readonly limit: number;
  /** Milliseconds until the window starts anew. */
  readonly resetMs: number;
}

/** The client's windows as one answer reports them, in the order of the API's `rateLimits`. */
export type RateLimitReading = readonly RateWindow[];
