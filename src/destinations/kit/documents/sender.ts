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
  /**
   * Deletes the resources of these records (documents of `fhir_records`) that are of an older revision than the one
   * that stands there now. @throws DeliveryError
   */
  clear(records: readonly Entry[], signal: AbortSignal): Promise<void>;
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
  const failures = await writeAll(store, [...newest.values()], signal);
  const failureOf = (entry: Entry): DeliveryError | undefined =>
    failures.get(newest.get(entry.identity) as Entry);
  return planned.map((plan) => (plan instanceof DeliveryError ? plan : outcomeOf(plan.map(failureOf))));
}

/**
 * A record's own document is written before its resources, and what is older than that document is deleted after
 * them. A delivery of an older revision that goes on meanwhile finds the document, or is found by the deletion.
 */
async function writeAll(
  store: DocumentStore,
  entries: readonly Entry[],
  signal: AbortSignal,
): Promise<Failures> {
  const isRecordOfFhir = ({ collection }: Entry): boolean => collection === "fhir_records";
  const records = entries.filter(isRecordOfFhir);
  if (records.length === 0) return store.write(entries, signal);
  const failures = new Map(await store.write(records, signal));
  const others = entries.filter((entry) => !isRecordOfFhir(entry));
  for (const [entry, failure] of await store.write(others, signal)) failures.set(entry, failure);
  const written = records.filter((record) => !failures.has(record));
  try {
    if (written.length > 0) await store.clear(written, signal);
  } catch (thrown) {
    for (const record of written) failures.set(record, asDeliveryError(thrown));
  }
  return failures;
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
    const known = newest.get(entry.identity);
    if (known === undefined || (known.revision ?? 0) <= (entry.revision ?? 0))
      newest.set(entry.identity, entry);
  }
  return newest;
}

/** An event is delivered when all its records are; a failure that may pass decides, so that it is tried again. */
function outcomeOf(failed: readonly (DeliveryError | undefined)[]): BatchedDelivery {
  const failures = failed.filter((failure) => failure !== undefined);
  return failures.find(({ retry }) => retry !== "never") ?? failures[0] ?? {};
}
