/** Writes events at a steady rate: people's days, each revised several times, the older revisions first. */
import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { emitEvents, type NewEvent } from "../../src/delivery/emit.ts";
import type { Store } from "../../src/store/store.ts";

const revisions = 10;
const days = 10;
const together = 50;
const retryMs = 250;
const filler = "x".repeat(1_500);

/** Returns the key of a record, the same at every destination. */
export const recordKey = (userId: string, naturalKey: string): string => `${userId} ${naturalKey}`;

/** Reads the values written by `dayOf` from stored JSON of an event or a record. */
export function keyOf(json: string): { key: string; revision: number } | null {
  const kept = JSON.parse(json);
  const { metadata, device_data, distance_data } = kept.data?.[0] ?? kept;
  if (device_data === undefined) return null;
  const day = metadata.start_time.slice(0, 10);
  return { key: recordKey(device_data.serial_number, day), revision: distance_data.steps };
}

export interface Emitted {
  /** The newest revision written of each record. */
  readonly newest: ReadonlyMap<string, number>;
  /** Transactions that were repeated because the database was unavailable. */
  readonly retries: number;
}

export async function emitSteadily(
  openStore: () => Store,
  environmentId: string,
  { count, overMs, progress }: { count: number; overMs: number; progress: (written: number) => void },
): Promise<Emitted> {
  const events = [...planned(environmentId, count)];
  const began = performance.now();
  let retries = 0;
  for (let from = 0; from < events.length; from += together) {
    const due = began + (overMs * from) / events.length;
    await pause(Math.max(0, due - performance.now()));
    const part = events.slice(from, from + together);
    retries += await untilWritten(openStore(), part);
    progress(from + part.length);
  }
  const newest = new Map<string, number>();
  for (const { userId, records } of events) {
    for (const { naturalKey, revision } of records) newest.set(recordKey(userId ?? "", naturalKey), revision);
  }
  return { newest, retries };
}

/**
 * Writes events until a transaction succeeds. An event may be written twice when the database fails during a
 * commit: the table of events tells what is due.
 */
async function untilWritten({ db, queue }: Store, events: readonly NewEvent[]): Promise<number> {
  for (let retries = 0; ; retries++) {
    try {
      await db.transaction().execute((tx) => emitEvents(tx, queue, events));
      return retries;
    } catch {
      await pause(retryMs);
    }
  }
}

function* planned(environmentId: string, count: number): Generator<NewEvent> {
  const people = Array.from({ length: Math.ceil(count / revisions / days) }, () => randomUUID());
  let written = 0;
  for (let revision = 1; revision <= revisions; revision++) {
    for (const userId of people) {
      for (let day = 1; day <= days; day++) {
        if (written++ === count) return;
        yield dayOf(environmentId, userId, `2025-10-${String(day).padStart(2, "0")}`, revision);
      }
    }
  }
}

function dayOf(environmentId: string, userId: string, naturalKey: string, revision: number): NewEvent {
  const metadata = {
    start_time: `${naturalKey}T00:00:00.000000+02:00`,
    end_time: `${naturalKey}T23:59:59.000000+02:00`,
  };
  const user = { user_id: userId, provider: "POLAR", reference_id: "soak", active: true };
  // The record contains its own key and revision, for destinations that store nothing else.
  const data = [
    { metadata, device_data: { serial_number: userId }, distance_data: { steps: revision }, filler },
  ];
  return {
    environmentId,
    type: "daily",
    userId,
    referenceId: "soak",
    provider: "POLAR",
    records: [{ type: "daily", naturalKey, revision }],
    reference: randomUUID(),
    traceId: randomUUID(),
    body: JSON.stringify({ type: "daily", version: "2022-03-16", user, data }),
  };
}
