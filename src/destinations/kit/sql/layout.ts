/** A layout: the tables of a database, and the rows that it makes of events. */
import type { OutgoingEvent } from "../../destination.ts";
import type { DataRecord } from "../records.ts";
import type { Row, Rows, Table } from "./tables.ts";
import type { View } from "./views.ts";

/** A record's own row, and the rows of its parts in other tables, which are replaced together with it. */
export interface RecordRows {
  readonly table: Table;
  readonly row: Row;
  readonly parts: readonly Rows[];
}

export interface EventRows {
  /** Each replaces the row with its key unless that is newer. */
  readonly rows: readonly Rows[];
  readonly records: readonly RecordRows[];
}

export interface Layout {
  /** All its tables, in the order in which they are written. */
  readonly tables: readonly Table[];
  /** Made after the tables, where that is allowed: deliveries do not need them. */
  readonly views: readonly View[];
  /** A table whose contents describe the views: where they differ, the views are of another version. */
  readonly viewTable: Table | null;
  /** The tables whose rows are deleted when a record changes. */
  partsOf(table: Table): readonly Table[];
  /** The rows of the people that the event tells of. */
  peopleOf(event: OutgoingEvent, records: readonly DataRecord[]): Rows;
  rowsOf(event: OutgoingEvent, signal: AbortSignal): Promise<EventRows>;
}
