/** From parts to records of Terra's data models. */
import type { DataType } from "../../models/index.ts";
import type { Part, PartsRef } from "./resources.ts";

/** Identity of a record within a connection: Terra's natural key. */
export interface RecordRef {
  readonly type: DataType;
  readonly naturalKey: string;
}

/** Builds one record type from the parts that belong to the same natural key. Pure: no I/O, no clock. */
export interface Normalizer {
  readonly type: DataType;
  /** The records that a part takes part in. */
  affects(part: Part): readonly RecordRef[];
  /** The parts a record is made of; those that were never fetched are simply absent below. */
  partsOf(naturalKey: string): readonly PartsRef[];
  /**
   * Returns the whole record, or null when the parts there are do not make one yet (a recharge without its night).
   * Parts come in the order of `partsOf`, those of one prefix by their keys; absent ones are left out. Where the
   * model has a `summary_id` the natural key stands in it; the id that receivers see is put there when the record
   * is kept.
   */
  normalize(parts: readonly Part[]): unknown;
  /**
   * Whether the natural keys are the provider's own ids of its records, the same for nobody else of its people.
   * They are then the records' `summary_id`; otherwise one is made that is no other person's.
   */
  readonly hasOwnIds?: boolean;
}
