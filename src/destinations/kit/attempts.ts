/** The attempts under way at one target: each ends when its caller's clock does, and closing waits for them. */
import { errorMessage } from "../../errors.ts";
import { DeliveryError } from "../destination.ts";

export interface Attempts {
  /** Runs it unless closed; whatever it throws comes out as a DeliveryError. */
  run<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T>;
  /** May be called twice. */
  close(): Promise<void>;
}

/** `end` is called once, when the last attempt is over. */
export function openAttempts(end: () => Promise<void>): Attempts {
  const running = new Set<Promise<unknown>>();
  let closing: Promise<void> | null = null;

  async function finish(): Promise<void> {
    await Promise.allSettled(running);
    await end();
  }
  return {
    async run(signal, work) {
      if (closing !== null) throw failed("the sender is closed");
      if (signal.aborted) throw timeout(signal.reason);
      const task = work();
      running.add(task);
      task.catch(() => {}).finally(() => running.delete(task));
      return untilAborted(task, signal);
    },
    close() {
      closing ??= finish();
      return closing;
    },
  };
}

async function untilAborted<T>(task: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([task, aborted]);
  } catch (thrown) {
    throw signal.aborted ? timeout(thrown) : deliveryError(thrown);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

/** Clients wrap what a look-up or a socket threw. */
function deliveryError(thrown: unknown): DeliveryError {
  for (let cause = thrown; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof DeliveryError) return cause;
  }
  return failed(errorMessage(thrown), thrown);
}

const failed = (reason: string, cause?: unknown): DeliveryError =>
  new DeliveryError("DELIVERY_FAILED", "later", {}, { reason, cause });

const timeout = (cause: unknown): DeliveryError =>
  new DeliveryError("DELIVERY_TIMEOUT", "later", {}, { cause });
