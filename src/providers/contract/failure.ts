/**
 * Errors that report a provider's failures. The plugin classifies them where the cause is known; the shared code only
 * obeys.
 */
import { type ErrorCode, type ErrorDetails, SystoleError } from "../../errors.ts";
import type { RateLimitReading } from "./limits.ts";
import type { Part } from "./resources.ts";

/**
 * The provider answered with an error, or not at all. `retry: "later"` means another try with backoff (not before
 * `retryAfterMs`), "never" means that the task fails, visibly.
 */
export class ProviderError extends SystoleError {
  readonly retry: "later" | "never";
  readonly retryAfterMs: number | null;
  /** The provider's limits as the refusal reports them; null when it reports none. */
  readonly rateLimit: RateLimitReading | null;

  constructor(
    code: ErrorCode,
    retry: "later" | "never",
    details: ErrorDetails & { readonly status?: number },
    options: ErrorOptions & {
      readonly retryAfterMs?: number;
      readonly rateLimit?: RateLimitReading | null;
    } = {},
  ) {
    super(code, details, options);
    this.name = "ProviderError";
    this.retry = retry;
    this.retryAfterMs = options.retryAfterMs ?? null;
    this.rateLimit = options.rateLimit ?? null;
  }
}

/** Some items of a list cannot be read, and the others can. One bad workout must not cost a month of good ones. */
export class PartlyReadableError extends ProviderError {
  readonly readable: readonly Part[];

  constructor(first: ProviderError, readable: readonly Part[]) {
    super(first.code, first.retry, first.details, { cause: first });
    this.name = "PartlyReadableError";
    this.readable = readable;
  }
}
