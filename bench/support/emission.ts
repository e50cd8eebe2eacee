/** Events for benchmarks: daily data of 7 kB, one person each, written as by ingest. */
import { randomUUID } from "node:crypto";
import { emitEvents, type NewEvent } from "../../src/delivery/emit.ts";
import type { Store } from "../../src/store/store.ts";
import { waitFor } from "../../test/support/wait.ts";

export const bodyBytes = 7_000;
/** Events written in one transaction. */
const emittedTogether = 100;
const timeoutMs = 120_000;

/** Returns events per second, from the first INSERT until no delivery is pending. */
export async function deliverEvents(store: Store, environmentId: string, count: number): Promise<number> {
  const events = Array.from({ length: count }, () => newEvent(environmentId));
  const began = performance.now();
  for (let from = 0; from < count; from += emittedTogether) {
    const together = events.slice(from, from + emittedTogether);
    await store.db.transaction().execute((tx) => emitEvents(tx, store.queue, together));
  }
  await waitFor("all deliveries", () => isSettled(store), timeoutMs);
  return count / ((performance.now() - began) / 1_000);
}

/** Whether no delivery is pending. */
export async function isSettled({ db }: Store): Promise<boolean> {
  const open = db.selectFrom("deliveries").select("delivery_id").where("state", "=", "pending").limit(1);
  return (await open.executeTakeFirst()) === undefined;
}

export function newEvent(environmentId: string): NewEvent {
  const userId = randomUUID();
  return {
    environmentId,
    type: "daily",
    userId,
    referenceId: "bench",
    provider: "polar",
    records: [{ type: "daily", naturalKey: "2025-10-01", revision: 1 }],
    reference: randomUUID(),
    traceId: randomUUID(),
    body: newBody(userId),
  };
}

/** Returns heart rate samples of the wanted size; different in every event, so that nothing compresses away. */
export function newBody(userId: string = randomUUID()): string {
  const user = `{"user_id":"${userId}","provider":"POLAR","reference_id":"bench","active":true}`;
  const times = `"start_time":"2025-10-01T00:00:00.000000","end_time":"2025-10-02T00:00:00.000000"`;
  const before = `{"type":"daily","user":${user},"data":[{"metadata":{${times}},"heart_rate_data":{"detailed":{"hr_samples":[`;
  const samples: string[] = [];
  for (let bytes = before.length; bytes < bodyBytes; ) {
    const time = new Date(Date.UTC(2025, 9, 1) + samples.length * 60_000).toISOString();
    const sample = `{"timestamp":"${time}","bpm":${Math.floor(50 + 100 * Math.random())}}`;
    samples.push(sample);
    bytes += sample.length + 1;
  }
  return `${before}${samples.join(",")}]}}}]}`;
}
