/** The messages between the process and the thread that reads a file. */
import type { FileProgress, Part } from "../../providers/provider.ts";
import type { PartStatements } from "../growing/statements.ts";
import type { SentError } from "../parsing/messages.ts";

/** The thread's order. */
export interface ReadingOrder {
  readonly provider: string;
  readonly resource: string;
  readonly key: string;
  readonly file: string;
  /** The directory for what is sorted on disk. */
  readonly directory: string;
  /** The batches of the resource that are stored already. */
  readonly skip: number;
}

/** Several batches of the resource. */
export interface ReadBatch {
  /** How many batches there were up to the end of this one. */
  readonly upTo: number;
  readonly statements: readonly PartStatements[];
  /** Parts that do not grow. */
  readonly others: readonly Part[];
  /** One part of each kind whose ledger was not asked yet. */
  readonly examples: readonly Part[];
  /** The day of the oldest part; null where none has one. */
  readonly from: string | null;
}

export type FromReader =
  | { readonly kind: "progress"; readonly progress: FileProgress }
  | { readonly kind: "batch"; readonly batch: ReadBatch }
  /** The error of the file; null when all of it was read. Any other error ends the thread. */
  | { readonly kind: "end"; readonly failure: SentError | null };

/** One more batch may be sent. */
export type ToReader = "next";
