import { ProviderError } from "../providers/provider.ts";

/**
 * A token could not be renewed, so that the call itself was not made. It has the code and the waiting time of its cause,
 * and says nothing about the resource of the call: every other call for the person would end in the same way.
 */
export class RenewalError extends ProviderError {
  constructor(cause: ProviderError) {
    const { code, retry, details, retryAfterMs, rateLimit } = cause;
    super(code, retry, details, { cause, rateLimit, ...(retryAfterMs !== null && { retryAfterMs }) });
    this.name = "RenewalError";
  }
}
