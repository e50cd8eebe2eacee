/**
 * A sender made of the calls that a kind knows how to make. It ends each call when its caller's signal is aborted,
 * turns every error into a DeliveryError, and closes when the calls under way are over.
 */
import { DeliveryError, type DeliveryReceipt, type Sender } from "../destination.ts";
import { untilAborted } from "./abort.ts";
import { asDeliveryError, failure, timedOut } from "./failure.ts";

type Batches = Required<Pick<Sender, "deliverBatch">>;

/** Kinds with batches leave `deliver` to the kit: it is a batch of one. */
type Deliveries = Pick<Sender, "deliver"> | Batches;

export type Calls = Deliveries &
  Pick<Sender, "check" | "share"> & {
    /** Ends every connection. Called once, when no call is under way. */
    close(): Promise<void>;
  };

export function openSender(calls: Calls): Sender {
  const running = new RunningCalls();
  const { share } = calls;
  let closing: Promise<void> | null = null;
  return {
    ...delivering(calls, running),
    check: (signal) => running.run(signal, () => calls.check(signal)),
    ...(share !== undefined && {
      share: (event, seconds, signal) => running.run(signal, () => share(event, seconds, signal)),
    }),
    close() {
      closing ??= running.end().then(() => calls.close());
      return closing;
    },
  };
}

function delivering(calls: Deliveries, running: RunningCalls): Pick<Sender, "deliver" | "deliverBatch"> {
  if (!("deliverBatch" in calls)) {
    return { deliver: (event, signal) => running.run(signal, () => calls.deliver(event, signal)) };
  }
  const deliverBatch: Batches["deliverBatch"] = (events, signal) =>
    running.run(signal, () => calls.deliverBatch(events, signal));
  return {
    deliverBatch,
    async deliver(event, signal): Promise<DeliveryReceipt> {
      const [outcome] = await deliverBatch([event], signal);
      if (outcome instanceof DeliveryError) throw outcome;
      return outcome ?? {};
    },
  };
}

/** The calls under way. */
class RunningCalls {
  readonly #running = new Set<Promise<unknown>>();
  #isEnded = false;

  /** Runs the call, until its signal is aborted. @throws DeliveryError */
  async run<Result>(signal: AbortSignal, call: () => Promise<Result>): Promise<Result> {
    if (this.#isEnded) throw failure("DELIVERY_FAILED", "the sender is closed");
    try {
      return await untilAborted(() => this.#keep(call()), signal);
    } catch (thrown) {
      throw signal.aborted ? timedOut(thrown) : asDeliveryError(thrown);
    }
  }

  #keep<Result>(call: Promise<Result>): Promise<Result> {
    this.#running.add(call);
    call.catch(() => {}).finally(() => this.#running.delete(call));
    return call;
  }

  /** Takes no further call, and resolves when those under way are over. */
  async end(): Promise<void> {
    this.#isEnded = true;
    await Promise.allSettled(this.#running);
  }
}
