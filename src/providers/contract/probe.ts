/**
 * A probe: the questions about a provider that only a real account can answer. An operator asks them of one
 * connection with `systole <slug> probe`, and attaches the report to a bug.
 */
import type { HttpAnswer, ProviderAccess } from "./access.ts";
import type { Grant } from "./connecting.ts";
import type { RateLimitReading } from "./limits.ts";

/** An answer with any status, and the limits that it reports. */
export interface ProbeAnswer extends HttpAnswer {
  readonly rateLimit?: RateLimitReading | null;
}

/** One call of a check. */
export interface ProbeCall<Settings> {
  /** The API in whose limits the call counts. */
  readonly api: string;
  /** The consent whose token is sent. */
  readonly consent: string;
  /** Sends the request, once there is room for it in the limits. */
  send(access: ProviderAccess<Settings>, grant: Grant, signal: AbortSignal): Promise<ProbeAnswer>;
}

/** The means of a check. Every call is planned like a fetch, and a token that ends is renewed and stored first. */
export interface Probing<Settings> {
  /** The connection's grants. A report never contains their tokens. */
  readonly grants: readonly Grant[];
  /** Our id for the person, as it is given where a provider registers people. */
  readonly memberId: string;
  readonly now: Date;
  /** @throws ProviderError, PostponedError; SystoleError USER_NOT_FOUND when the connection is gone */
  ask(call: ProbeCall<Settings>): Promise<ProbeAnswer>;
  /**
   * Renews the grant of a consent although its token has time left. The new one is stored before it is returned.
   *
   * @throws ProviderError when the renewal is refused
   */
  renew(consent: string): Promise<Grant>;
}

/** One observation. It contains no personal value: neither data, nor names, nor whole ids. */
export interface ProbeFinding {
  /** The request, with placeholders in place of ids; null where nothing was asked. */
  readonly request: string | null;
  readonly status: number | null;
  /** The body's keys and the kinds of their values, one a line. */
  readonly shape: readonly string[];
  /** The few values that the check is about. */
  readonly facts: Readonly<Record<string, string | number | boolean | null>>;
  /** The known answer that this one is, in a sentence. */
  readonly verdict: string;
}

/** One question. */
export interface ProbeCheck<Settings> {
  /** Small letters, digits and hyphens. */
  readonly name: string;
  readonly title: string;
  /** Set where the check changes something at the provider: it is made only with `--<name of the option>`. */
  readonly option?: { readonly name: string; readonly changes: string };
  run(probing: Probing<Settings>): Promise<readonly ProbeFinding[]>;
}

export interface Probe<Settings> {
  readonly checks: readonly ProbeCheck<Settings>[];
}
