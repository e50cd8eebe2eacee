/** Normalisers make records of Terra's data models from parts. */
import type { DataType } from "../../models/index.ts";
import type { Part, PartsRef } from "./resources.ts";

/** The identity of a record within a connection: its type and natural key. */
export interface RecordRef {
  readonly type: DataType;
  readonly naturalKey: string;
}

/** Names records: the one with this key or, with `prefix`, those that exist whose keys begin with it. */
export interface RecordsRef extends RecordRef {
  readonly prefix?: true;
}

/** Builds the records of one type, each from the parts of one natural key. Pure: no I/O, no clock. */
export interface Normalizer {
  readonly type: DataType;
  /**
   * The names of the resources that are fetched for its records: those whose bodies have parts of them, and those that
   * are kept beside. Where an environment does not handle the type, they are not fetched unless another type needs them.
   * Lists and indexes that lead to them need not be named.
   */
  readonly needs: readonly string[];
  /** Returns the records that this part belongs to. */
  affects(part: Part): readonly RecordsRef[];
  /** Returns the parts that a record is made of. Parts that were never fetched are simply missing from `normalize`. */
  partsOf(naturalKey: string): readonly PartsRef[];
  /**
   * Returns the whole record, or null when the parts do not yet make one (a recharge without its night). Parts come in
   * the order of `partsOf`, those of one prefix by their keys; missing ones are left out. Where the model has a
   * `summary_id`, the natural key stands in it; the id that receivers see is set when the record is stored. Long lists
   * of samples may be columns (`SampleColumns`).
   *
   * @param naturalKey the record's; parts of days around a record's own do not tell which day it is
   */
  normalize(parts: readonly Part[], naturalKey: string): unknown;
  /**
   * Whether natural keys are the provider's own ids, unique over all of its people. They then serve as `summary_id`;
   * otherwise Systole makes an id that is unique.
   */
  readonly hasOwnIds?: boolean;
  /** Returns the provider's own id in a natural key that has more than the id. With `hasOwnIds` only. */
  ownIdIn?(naturalKey: string): string;
  /** Set where several APIs tell of the same thing under ids of their own. */
  readonly sharing?: Sharing;
}

/**
 * How things are recognised that several APIs tell of under ids of their own: they start at nearly the same time. Such
 * things make one record. Its natural key is the id of one of them, and it is made of the parts of all of them. Each
 * thing is one part of one of the resources, its key is the thing's id, and `affects` gives that id as natural key.
 */
export interface Sharing {
  /** The resources that tell of the things, one of each API. Where both are new, the first one's id is the record's. */
  readonly resources: readonly string[];
  /** Things of different resources that start within this time may be one. */
  readonly withinMs: number;
  /** Returns the moment at which a thing starts, in milliseconds since 1970 UTC; null where the part does not tell it. */
  startOf(part: Part): number | null;
}
