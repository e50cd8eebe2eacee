/** The limits that a provider sets on calls. */

/** A limit on the calls of one client, all its users together, until the provider's own words are known. */
export interface RateLimitRule {
  readonly name: string;
  readonly lengthMs: number;
  readonly callsOfClient: number;
  /** Added for each person who is connected through the client. */
  readonly callsPerUser: number;
}

/** A limit on the calls for one person, whichever of their tokens is used. */
export interface PersonRateLimitRule {
  readonly name: string;
  readonly lengthMs: number;
  readonly calls: number;
}

/** One window of a provider's limits as it stands: calls made, calls allowed, when it begins anew. */
export interface RateWindow {
  readonly used: number;
  readonly limit: number;
  readonly resetMs: number;
}

/** What an answer says about the client's windows, in the order of the API's `rateLimits`. */
export type RateLimitReading = readonly RateWindow[];
