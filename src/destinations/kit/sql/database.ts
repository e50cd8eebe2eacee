/** The operations that the sender needs of a server; each dialect implements them. */
import type { DeliveryError, DeliveryReceipt } from "../../destination.ts";
import type { Layout } from "./layout.ts";
import type { Rows, Table } from "./tables.ts";

/**
 * The cause of an error in a write. "schema": tables or columns are missing and can be made; "again": it lost
 * against another transaction; "row": a value of the rows themselves was refused; "all": any write would have
 * failed.
 */
export interface WriteFailure {
  readonly kind: "schema" | "again" | "row" | "all";
  readonly error: DeliveryError;
}

/** One transaction. */
export interface Session {
  /** Inserts rows, and updates those that are there already unless they are newer. */
  upsert(rows: Rows): Promise<void>;
  /** Does the same, and returns the keys of the rows that are now as they were given. */
  upsertTelling(rows: Rows): Promise<ReadonlySet<string>>;
  /** Deletes all rows of these records. */
  clear(tables: readonly Table[], recordIds: readonly string[]): Promise<void>;
  /** Inserts rows that are not there yet. */
  insert(rows: Rows): Promise<void>;
}

/** A server of one dialect. Every method ends at once when the signal is aborted. */
export interface Database {
  /** Upserts all of it or nothing. */
  upsertAll(all: readonly Rows[], signal: AbortSignal): Promise<void>;
  /** Commits when the work is done, rolls back when it throws. */
  transaction(work: (session: Session) => Promise<void>, signal: AbortSignal): Promise<void>;
  /** Makes the tables, columns and indexes that are missing. */
  ensure(tables: readonly Table[], signal: AbortSignal): Promise<void>;
  /** Updates tables, comments, tables' contents and views that a former version made. */
  keepUp(layout: Layout, signal: AbortSignal): Promise<void>;
  judge(error: unknown): WriteFailure;
  check(tables: readonly Table[], signal: AbortSignal): Promise<DeliveryReceipt>;
  close(): Promise<void>;
}
