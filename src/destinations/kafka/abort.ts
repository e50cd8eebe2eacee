/** What was asked of a broker cannot be recalled, but whoever waits for the answer is told at once. */
import { later } from "./failure.ts";

/** Does not begin when the signal is aborted already. @throws DeliveryError DELIVERY_TIMEOUT when it is aborted first */
export async function orAborted<Result>(work: () => Promise<Result>, signal: AbortSignal): Promise<Result> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(later("DELIVERY_TIMEOUT", "no answer in time", signal.reason));
  if (signal.aborted) abort();
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race(signal.aborted ? [aborted] : [aborted, work()]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
