/** What the sender needs of a kind of server; each dialect has its own. */
import type { DeliveryError, DeliveryReceipt } from "../../destination.ts";
import type { Layout } from "./layout.ts";
import type { Rows, Table } from "./tables.ts";

/**
 * What an error means for what was being written: "schema": tables or columns are missing and can be made;
 * "again": it lost against another transaction; "row": something in the rows themselves was refused;
 * "all": whatever had been written would have met it.
 */
export interface Verdict {
  readonly befell: "schema" | "again" | "row" | "all";
  readonly error: DeliveryError;
}

/** One transaction. */
export interface Session {
  /** Inserts rows, and updates those that are there already unless they are newer. */
  upsert(rows: Rows): Promise<void>;
  /** The same; answers the keys of the rows that stand now as they were given. */
  upsertTelling(rows: Rows): Promise<ReadonlySet<string>>;
  /** Takes away all rows of these records. */
  clear(tables: readonly Table[], recordIds: readonly string[]): Promise<void>;
  /** Inserts rows of which none is there. */
  insert(rows: Rows): Promise<void>;
}

/** Every method ends at once when the signal is aborted. */
export interface Database {
  /** Upserts all of it or nothing. */
  upsertAll(all: readonly Rows[], signal: AbortSignal): Promise<void>;
  /** Commits when the work is done, rolls back when it throws. */
  transaction(work: (session: Session) => Promise<void>, signal: AbortSignal): Promise<void>;
  /** Makes the tables, columns and indexes that are missing. */
  ensure(tables: readonly Table[], signal: AbortSignal): Promise<void>;
  /** Brings what a former version made to this one: tables, comments, tables' contents and views. */
  keepUp(layout: Layout, signal: AbortSignal): Promise<void>;
  judge(error: unknown): Verdict;
  check(tables: readonly Table[], signal: AbortSignal): Promise<DeliveryReceipt>;
  close(): Promise<void>;
}
