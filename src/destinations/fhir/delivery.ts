/**
 * Delivers an event: reads what stands of its records, then writes them by transactions. A newer revision that stands
 * is left alone. A transaction fails when another writer comes in between, and what stands is read anew. A record is
 * in one transaction whole; one that the server rejects keeps none of the others from being written.
 */
import { setTimeout as pause } from "node:timers/promises";
import type { Entry } from "../../export/fhir/types.ts";
import { DeliveryError, type DeliveryReceipt, type OutgoingEvent } from "../destination.ts";
import { chunksOf, sendSplitting } from "../kit/chunks.ts";
import { plannedEntries } from "./plan.ts";
import { type RecordBundle, recordBundles } from "./record-bundle.ts";
import { type FhirServer, transactionHeaders } from "./server.ts";
import type { SharedResources } from "./shared.ts";
import { standingOf } from "./standing.ts";
import { type PlannedRecord, type RecordResult, sendTransaction } from "./transaction.ts";

/** Rounds in which others may come in between before the delivery is put off. */
const rounds = 6;
/** Writers that met each other do not meet again at once. */
const pauseMs = 50;
/** Servers and the proxies before them refuse bodies of a few megabytes. */
const mostBytes = 4 * 1_024 * 1_024;

/** The server, with the state that a sender keeps from one delivery to the next. */
export interface Target {
  readonly server: FhirServer;
  readonly shared: Pick<SharedResources, "ensure">;
  readonly transactionEntries: number;
}

/** @throws DeliveryError */
export async function deliver(
  { server, shared, transactionEntries }: Target,
  event: OutgoingEvent,
  signal: AbortSignal,
): Promise<DeliveryReceipt> {
  if (event.records.length === 0) return { response: `an event of type ${event.type} has no form in FHIR` };
  const records = recordBundles(event);
  event.noteSent({
    method: "POST",
    target: server.base,
    headers: transactionHeaders,
    bytes: records.reduce((sum, { bytes }) => sum + bytes, 0),
  });
  const failures = await new Writing({ server, shared, transactionEntries }, signal).write(records);
  const worst = failures.find(({ retry }) => retry !== "never") ?? failures[0];
  if (worst !== undefined) throw worst;
  return { status: 200, response: `${records.length} of ${event.records.length} records` };
}

class Writing {
  readonly #server: FhirServer;
  readonly #shared: Target["shared"];
  readonly #transactionEntries: number;
  readonly #signal: AbortSignal;
  readonly #failures: DeliveryError[] = [];

  constructor({ server, shared, transactionEntries }: Target, signal: AbortSignal) {
    this.#server = server;
    this.#shared = shared;
    this.#transactionEntries = transactionEntries;
    this.#signal = signal;
  }

  /** Returns the failures of the records that were not written. @throws DeliveryError that all have in common */
  async write(records: readonly RecordBundle[]): Promise<readonly DeliveryError[]> {
    let open = records;
    let putOff: DeliveryError[] = [];
    for (let round = 0; open.length > 0 && round < rounds; round++) {
      if (round > 1) await pause(Math.random() * pauseMs * round, undefined, { signal: this.#signal });
      const planned = await this.#plan(open, round > 0);
      await this.#shared.ensure(planned.flatMap(sharedOf), this.#signal);
      const again: RecordBundle[] = [];
      putOff = [];
      for (const [record, result] of await this.#send(planned)) {
        if (result instanceof DeliveryError) this.#failures.push(result);
        else if (result !== "written") {
          again.push(record);
          putOff.push(result.again);
        }
      }
      open = again;
    }
    return [...this.#failures, ...putOff];
  }

  async #plan(records: readonly RecordBundle[], thoroughly: boolean): Promise<PlannedRecord[]> {
    const standing = await standingOf(this.#server, records, thoroughly, this.#signal);
    return records
      .map((record) => ({ record, entries: plannedEntries(record, standing.get(record) ?? []) }))
      .filter(({ entries }) => entries.length > 0);
  }

  async #send(planned: readonly PlannedRecord[]): Promise<(readonly [RecordBundle, RecordResult])[]> {
    const results: (readonly [RecordBundle, RecordResult])[] = [];
    for (const some of transactionsOf(planned, this.#transactionEntries)) {
      const sent = await sendSplitting<PlannedRecord, RecordResult>(some, (piece) =>
        sendTransaction(this.#server, piece, this.#signal),
      );
      results.push(...some.map(({ record }, index) => [record, sent[index] as RecordResult] as const));
    }
    return results;
  }
}

/** The Patient and Devices that a record's entries have; none where it only withdraws stale resources. */
const sharedOf = ({ record, entries }: PlannedRecord): Entry[] =>
  record.shared.filter((one) => entries.some(({ fullUrl }) => fullUrl === one.fullUrl));

/** The records of each transaction. Entries are counted as bytes, so that one limit is that of both. */
export function transactionsOf(planned: readonly PlannedRecord[], mostEntries: number): PlannedRecord[][] {
  const perEntry = mostBytes / mostEntries;
  const sizeOf = ({ record, entries }: PlannedRecord): number =>
    Math.max(record.bytes, entries.length * perEntry);
  return chunksOf(planned, { bytes: mostBytes, sizeOf });
}
