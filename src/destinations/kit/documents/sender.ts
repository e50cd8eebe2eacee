/**
 * A sender over a store of documents. Of several revisions of one record in a batch only the newest is written,
 * and its outcome is that of the others.
 */
import { type BatchedDelivery, DeliveryError, type OutgoingEvent, type Sender } from "../../destination.ts";
import { asDeliveryError } from "../failure.ts";
import { type Calls, openSender } from "../sender.ts";
import { written } from "../written.ts";
import { type Entry, entriesOf } from "./entries.ts";
import type { Failures } from "./newest.ts";

export interface DocumentStore extends Pick<Calls, "check" | "close"> {
  /** Writes each entry unless a newer revision stands. No two have the same identity. */
  write(entries: readonly Entry[], signal: AbortSignal): Promise<Failures>;
}

export const documentSender = (store: DocumentStore): Sender =>
  openSender({
    deliverBatch: (events, signal) => deliverAll(store, events, signal),
    check: (signal) => store.check(signal),
    close: () => store.close(),
  });

async function deliverAll(
  store: DocumentStore,
  events: readonly OutgoingEvent[],
  signal: AbortSignal,
): Promise<BatchedDelivery[]> {
  const planned = events.map(plan);
  const entries = planned.flatMap((plan) => (plan instanceof DeliveryError ? [] : plan));
  for (const [event, own] of Map.groupBy(entries, ({ event }) => event)) {
    event.noteSent(written("write documents", own.map(documentName), event.body.length));
  }
  const newest = newestOf(entries);
  const failures = await store.write([...new Set(newest.values())], signal);
  const failureOf = (entry: Entry): DeliveryError | undefined =>
    failures.get(newest.get(entry.identity) as Entry);
  return planned.map((plan) => (plan instanceof DeliveryError ? plan : outcomeOf(plan.map(failureOf))));
}

const documentName = ({ collection, distinction }: Entry): string => `${collection}: ${distinction}`;

function plan(event: OutgoingEvent): Entry[] | DeliveryError {
  try {
    return entriesOf(event);
  } catch (cause) {
    return asDeliveryError(cause);
  }
}

/** The newest revisions by identity. Of two entries with the same revision it is the last one. */
function newestOf(entries: readonly Entry[]): Map<string, Entry> {
  const newest = new Map<string, Entry>();
  for (const entry of entries) {
    const known = newest.get(entry.identity)?.revision ?? 0;
    if (known <= (entry.revision ?? 0)) newest.set(entry.identity, entry);
  }
  return newest;
}

/** An event is delivered when all its records are; a failure that may pass decides, so that it is tried again. */
function outcomeOf(failed: readonly (DeliveryError | undefined)[]): BatchedDelivery {
  const failures = failed.filter((failure) => failure !== undefined);
  return failures.find(({ retry }) => retry !== "never") ?? failures[0] ?? {};
}
