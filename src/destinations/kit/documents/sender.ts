/**
 * A sender over a store of documents. Of several revisions of one record in a batch only the newest is written,
 * and speaks for the others.
 */
import { errorMessage } from "../../../errors.ts";
import {
  type BatchedDelivery,
  DeliveryError,
  type DeliveryReceipt,
  type OutgoingEvent,
  type Sender,
} from "../../destination.ts";
import { openAttempts } from "../attempts.ts";
import { type Entry, entriesOf } from "./entries.ts";

/** What became of entries that were not written: all others are, or something newer stands. */
export type Failures = ReadonlyMap<Entry, DeliveryError>;

export interface DocumentStore {
  /** Writes each entry unless a newer revision stands. No two have the same identity. */
  write(entries: readonly Entry[], signal: AbortSignal): Promise<Failures>;
  /** @throws DeliveryError */
  check(signal: AbortSignal): Promise<DeliveryReceipt>;
  /** Called once, when nothing is under way any more. */
  close(): Promise<void>;
}

export function documentSender(store: DocumentStore): Required<Omit<Sender, "share">> {
  const attempts = openAttempts(() => store.close());
  return {
    async deliver(event, signal) {
      const [outcome] = await attempts.run(signal, () => deliverAll(store, [event], signal));
      if (outcome instanceof DeliveryError) throw outcome;
      return outcome ?? {};
    },
    deliverBatch: (events, signal) => attempts.run(signal, () => deliverAll(store, events, signal)),
    check: (signal) => attempts.run(signal, () => store.check(signal)),
    close: attempts.close,
  };
}

async function deliverAll(
  store: DocumentStore,
  events: readonly OutgoingEvent[],
  signal: AbortSignal,
): Promise<BatchedDelivery[]> {
  const planned = events.map(plan);
  const entries = planned.flatMap((plan) => (plan instanceof DeliveryError ? [] : plan));
  const spokesmen = newestOf(entries);
  const failures = await store.write([...new Set(spokesmen.values())], signal);
  const failureOf = (entry: Entry): DeliveryError | undefined =>
    failures.get(spokesmen.get(entry.identity) as Entry);
  return planned.map((plan) => (plan instanceof DeliveryError ? plan : outcomeOf(plan.map(failureOf))));
}

function plan(event: OutgoingEvent): Entry[] | DeliveryError {
  try {
    return entriesOf(event);
  } catch (cause) {
    return new DeliveryError("DELIVERY_FAILED", "later", {}, { cause, reason: errorMessage(cause) });
  }
}

/** By identity. Of the same revision the last one. */
function newestOf(entries: readonly Entry[]): Map<string, Entry> {
  const newest = new Map<string, Entry>();
  for (const entry of entries) {
    const known = newest.get(entry.identity)?.revision ?? 0;
    if (known <= (entry.revision ?? 0)) newest.set(entry.identity, entry);
  }
  return newest;
}

/** An event is taken when all its records are; what may pass later is worth another attempt. */
function outcomeOf(failed: readonly (DeliveryError | undefined)[]): BatchedDelivery {
  const failures = failed.filter((failure) => failure !== undefined);
  return failures.find(({ retry }) => retry !== "never") ?? failures[0] ?? {};
}
