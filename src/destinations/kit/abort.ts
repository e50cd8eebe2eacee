/** Waiting that ends when the caller's time is up, also where a client does not listen to the signal. */
import { timedOut } from "./failure.ts";

/**
 * Returns the work's result unless the signal is aborted first; then `late` gets a result that comes afterwards.
 * Work is not begun when the signal is aborted already.
 * @throws DeliveryError DELIVERY_TIMEOUT when the signal is aborted
 */
export async function untilAborted<Result>(
  work: () => Promise<Result>,
  signal: AbortSignal,
  late: (result: Result) => void = () => {},
): Promise<Result> {
  if (signal.aborted) throw timedOut(signal.reason);
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(timedOut(signal.reason));
  signal.addEventListener("abort", abort, { once: true });
  const working = work();
  try {
    return await Promise.race([working, aborted]);
  } catch (error) {
    if (signal.aborted) working.then(late, () => {});
    throw error;
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
