/**
 * Delivers events into tables. All events of a batch are written together; when the server refuses a row of
 * one of them, each is written by itself, so that only the events with refused rows fail.
 */
import { randomInt } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { errorMessage } from "../../../errors.ts";
import {
  type BatchedDelivery,
  DeliveryError,
  type DeliveryReceipt,
  type OutgoingEvent,
  type Sender,
} from "../../destination.ts";
import { untilAborted } from "../abort.ts";
import { failure, timedOut } from "../failure.ts";
import { openSender } from "../sender.ts";
import { written } from "../written.ts";
import type { Database, Session, WriteFailure } from "./database.ts";
import { deliveryError } from "./failure.ts";
import type { EventRows, Layout, RecordRows } from "./layout.ts";
import { newestOnly } from "./newest.ts";
import { keyReader, type Rows, type Table } from "./tables.ts";

export function sqlSender(database: Database, layout: Layout): Sender {
  const delivery = new Delivery(database, layout);
  return openSender({
    deliverBatch: (events, signal) => delivery.deliver(events, signal),
    async check(signal) {
      try {
        return await database.check(layout.tables, signal);
      } catch (error) {
        throw signal.aborted ? timedOut(error) : database.judge(error).error;
      }
    },
    close: () => database.close(),
  });
}

/** The rows of an event, or the error that prevented them. */
type Planned = EventRows | DeliveryError;

const taken: DeliveryReceipt = {};

/** Attempts at writing rows that another transaction has, within the time of one delivery. */
const mostAttempts = 4;

class Delivery {
  readonly #database: Database;
  readonly #layout: Layout;
  #isKeptUp = false;

  constructor(database: Database, layout: Layout) {
    this.#database = database;
    this.#layout = layout;
  }

  async deliver(events: readonly OutgoingEvent[], signal: AbortSignal): Promise<BatchedDelivery[]> {
    const planned = await Promise.all(events.map((event) => this.#plan(event, signal)));
    const entries = planned.filter((plan): plan is EventRows => !(plan instanceof DeliveryError));
    const failed = entries.length === 0 ? null : await this.#write(entries, signal);
    if (failed === null) {
      const receipt = await this.#keepUp(signal);
      return planned.map((plan) => (plan instanceof DeliveryError ? plan : receipt));
    }
    if (failed.kind !== "row") throw failed.error;
    if (events.length === 1) return [failed.error];
    return this.#oneByOne(planned, signal);
  }

  /** Updates tables and views once, after the first delivery. A refusal is reported beside the delivery. */
  async #keepUp(signal: AbortSignal): Promise<DeliveryReceipt> {
    if (this.#isKeptUp) return taken;
    this.#isKeptUp = true;
    try {
      await this.#database.keepUp(this.#layout, signal);
      return taken;
    } catch (error) {
      const reason = `delivered; tables and views were not brought up to date: ${errorMessage(error)}`;
      return { aside: failure("DESTINATION_LAYOUT_BEHIND", reason) };
    }
  }

  async #plan(event: OutgoingEvent, signal: AbortSignal): Promise<Planned> {
    try {
      const rows = await untilAborted(() => this.#layout.rowsOf(event, signal), signal);
      event.noteSent(written("upsert rows", tablesOf(rows), event.body.length));
      return rows;
    } catch (error) {
      if (signal.aborted) throw timedOut(error);
      return deliveryError("DELIVERY_FAILED", error);
    }
  }

  /** When the server goes away, the events that are left fail with it; those before are written. */
  async #oneByOne(planned: readonly Planned[], signal: AbortSignal): Promise<BatchedDelivery[]> {
    const outcomes: BatchedDelivery[] = [];
    let away: DeliveryError | null = null;
    for (const plan of planned) {
      if (plan instanceof DeliveryError || away !== null) {
        outcomes.push(plan instanceof DeliveryError ? plan : (away as DeliveryError));
        continue;
      }
      const failed = await this.#write([plan], signal);
      if (failed?.kind === "all") away = failed.error;
      outcomes.push(failed?.error ?? taken);
    }
    return outcomes;
  }

  /** Returns null when all is written. A write that another transaction or missing tables prevented is repeated. */
  async #write(all: readonly EventRows[], signal: AbortSignal): Promise<WriteFailure | null> {
    for (let attempt = 1; ; attempt++) {
      const failed = await this.#attempt(() => write(this.#database, this.#layout, all, signal), signal);
      const mayPass = failed?.kind === "again" || (failed?.kind === "schema" && attempt === 1);
      if (!mayPass || attempt === mostAttempts) return failed;
      const prevented = await this.#prepareRepeat(failed.kind, signal);
      if (prevented !== null) return { ...prevented, kind: "all" };
    }
  }

  /** Makes missing tables, or waits for the other transaction. Returns the failure where that is impossible. */
  async #prepareRepeat(kind: WriteFailure["kind"], signal: AbortSignal): Promise<WriteFailure | null> {
    if (kind === "schema") {
      return this.#attempt(() => this.#database.ensure(this.#layout.tables, signal), signal);
    }
    // Without a random pause our transaction may be first again, before the other one continues.
    return this.#attempt(() => pause(randomInt(20, 200), undefined, { signal }), signal);
  }

  /** @throws DeliveryError when the signal is aborted */
  async #attempt(work: () => Promise<void>, signal: AbortSignal): Promise<WriteFailure | null> {
    try {
      await work();
      return null;
    } catch (error) {
      if (signal.aborted) throw timedOut(error);
      return this.#database.judge(error);
    }
  }
}

/** The tables, each with the number of its rows. */
function tablesOf({ rows, records }: EventRows): string[] {
  const own = records.map(({ table, row }): Rows => ({ table, rows: [row] }));
  const all = joined([...rows, ...own, ...records.flatMap(({ parts }) => parts)]);
  return all
    .filter((group) => group.rows.length > 0)
    .map((group) => `${group.table.name} (${group.rows.length})`);
}

async function write(
  database: Database,
  layout: Layout,
  entries: readonly EventRows[],
  signal: AbortSignal,
): Promise<void> {
  const rows = inOrder(layout, newestOnly(entries.flatMap((entry) => entry.rows)));
  const records = entries.flatMap((entry) => entry.records);
  if (records.length === 0) return database.upsertAll(rows, signal);
  const own = records.map(({ table, row }): Rows => ({ table, rows: [row] }));
  const groups = inOrder(layout, newestOnly(own));
  const parts = new Map(records.map((record) => [record.row, record]));
  await database.transaction(async (session) => {
    for (const group of groups) await replace(session, layout, group, parts);
    for (const group of rows) await session.upsert(group);
  }, signal);
}

/** Writes the rows of records, and replaces the parts of those that are now the newest. */
async function replace(
  session: Session,
  layout: Layout,
  group: Rows,
  recordOf: ReadonlyMap<unknown, RecordRows>,
): Promise<void> {
  const { table, rows } = group;
  const standing = await session.upsertTelling(group);
  const keyOf = keyReader(table);
  const records = rows.flatMap((row) => (standing.has(keyOf(row)) ? [recordOf.get(row) as RecordRows] : []));
  if (records.length === 0) return;
  await session.clear(layout.partsOf(table), [...standing]);
  for (const part of joined(records.flatMap(({ parts }) => parts))) await session.insert(part);
}

/** Joins the rows of each table. */
function joined(all: readonly Rows[]): Rows[] {
  const byTable = Map.groupBy(all, ({ table }) => table);
  return [...byTable].map(([table, some]) => ({ table, rows: some.flatMap(({ rows }) => rows) }));
}

/** Sorts by the order in which every transaction takes the tables, and leaves out empty ones. */
function inOrder(layout: Layout, all: readonly Rows[]): Rows[] {
  const position = (table: Table): number => layout.tables.indexOf(table);
  return all
    .filter(({ rows }) => rows.length > 0)
    .sort((one, other) => position(one.table) - position(other.table));
}
