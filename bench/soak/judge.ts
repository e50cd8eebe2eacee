/** Compares what arrived with what was written. */
import { sql } from "kysely";
import type { Store } from "../../src/store/store.ts";
import type { Emitted } from "./emitter.ts";
import { growthOf, type MemoryWatch, mebibytes } from "./memory.ts";
import type { SoakReceiver } from "./receiver.ts";
import type { Check } from "./report.ts";
import type { StoreTarget } from "./stores.ts";
import type { SoakWorker } from "./workers.ts";

export interface Evidence {
  readonly store: Store;
  readonly wanted: number;
  readonly receiver: SoakReceiver;
  readonly stores: readonly StoreTarget[];
  readonly emitted: Emitted;
  readonly left: number;
  readonly workers: readonly SoakWorker[];
  readonly memory: MemoryWatch;
}

const check = (what: string, passed: boolean, found: string): Check => ({ what, passed, found });

export async function judge(evidence: Evidence): Promise<Check[]> {
  const { store, stores, emitted } = evidence;
  const written = await eventIds(store);
  return [
    check("the events asked for were written", written.length >= evidence.wanted, `${written.length} events`),
    await everyDelivery(store, evidence.left),
    ...webhook(written, evidence.receiver),
    ...(await Promise.all(stores.map((target) => newestStands(target, emitted)))),
    memoryIsFlat(evidence.memory),
    noneCrashed(evidence.workers),
  ];
}

async function eventIds({ db }: Store): Promise<string[]> {
  return (await db.selectFrom("events").select("event_id").execute()).map((row) => row.event_id);
}

async function everyDelivery({ db }: Store, left: number): Promise<Check> {
  const { rows } = await sql<{ state: string; count: string }>`
    SELECT state, count(*) FROM deliveries GROUP BY state ORDER BY state`.execute(db);
  const found = rows.map(({ state, count }) => `${count} ${state}`).join(", ");
  const delivered = rows.length === 1 && rows[0]?.state === "delivered" && left === 0;
  return check("every delivery is delivered", delivered, found);
}

function webhook(written: readonly string[], { events }: SoakReceiver): Check[] {
  const lost = written.filter((id) => !events.has(id));
  const received = [...events.values()];
  const repeated = received.reduce((sum, { times }) => sum + times - 1, 0);
  const unlike = received.filter(({ prints }) => prints.size > 1);
  return [
    check("webhook: no event is lost", lost.length === 0, `${lost.length} lost of ${written.length}`),
    check(
      "webhook: repetitions have the same ids and bytes",
      unlike.length === 0,
      `${repeated} repetitions, ${unlike.length} unlike`,
    ),
    check(
      "webhook: nothing came that was not written",
      events.size === written.length,
      `${events.size} different events`,
    ),
  ];
}

async function newestStands(target: StoreTarget, { newest }: Emitted): Promise<Check> {
  const held = await target.standing();
  const wrong = [...newest].filter(([key, revision]) => {
    const revisions = held.get(key) ?? [];
    return revisions.length !== 1 || revisions[0] !== revision;
  });
  const strange = held.size - newest.size;
  return check(
    `${target.kind}: of every record the newest revision stands, once`,
    wrong.length === 0 && strange === 0,
    `${newest.size} records, ${wrong.length} wrong or missing, ${strange} unknown`,
  );
}

function memoryIsFlat({ samples }: MemoryWatch): Check {
  const { firstBytes, lastBytes, isFlat } = growthOf(samples);
  return check(
    "the worker that was never killed keeps its size",
    isFlat,
    `${mebibytes(firstBytes)}, later ${mebibytes(lastBytes)}`,
  );
}

function noneCrashed(workers: readonly SoakWorker[]): Check {
  const endings = workers.flatMap((worker) => worker.endings);
  const words = endings.map(({ code, words }) => `, with ${code}: ${words.replaceAll(/\s+/g, " ")}`);
  return check("no worker ended by itself", endings.length === 0, `${endings.length} did${words.join("")}`);
}
