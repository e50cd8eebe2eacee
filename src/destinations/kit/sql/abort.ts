/** Waiting that ends when the caller's patience does. */
import { timedOut } from "./failure.ts";

/** @throws DeliveryError DELIVERY_TIMEOUT when the signal is aborted first; what comes later goes to `late` */
export async function untilAborted<Result>(
  waiting: Promise<Result>,
  signal: AbortSignal,
  late: (result: Result) => void = () => {},
): Promise<Result> {
  let stop = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(timedOut(signal.reason));
  });
  if (signal.aborted) stop();
  signal.addEventListener("abort", stop, { once: true });
  try {
    return await Promise.race([waiting, aborted]);
  } catch (error) {
    if (signal.aborted) waiting.then(late, () => {});
    throw error;
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
