/** What a job that rebuilds records is told, and how far it is: the JSON columns of its row. */
import type { DataType } from "../models/index.ts";

/** Which records a renormalisation is about; what is null is not asked for. */
export interface RenormalizationFilter {
  readonly userIds: readonly string[] | null;
  readonly types: readonly DataType[] | null;
  /** Both days belong to it; compared with the first ten characters of a record's own start. */
  readonly from: string | null;
  readonly to: string | null;
}

export interface RenormalizationOptions {
  readonly dryRun: boolean;
  readonly sendEvents: boolean;
  /** Null: as fast as it goes. */
  readonly recordsPerSecond: number | null;
}

/** First the records that are there, in key order, then the payloads that may hold others. */
export type RenormalizationCursor =
  | { readonly phase: "records"; readonly after: readonly [userId: string, type: string, key: string] | null }
  | {
      readonly phase: "payloads";
      readonly after:
        | readonly [userId: string, resource: string, resourceKey: string, rawPayloadId: string]
        | null;
    };

/** How much there is to go through, as counted at the beginning. */
export interface RenormalizationTotals {
  readonly records: number;
  readonly payloads: number;
}

export interface TypeCounts {
  readonly identical: number;
  readonly changed: number;
  readonly new: number;
  /** By error code; they stay as they are. */
  readonly unmakeable: Readonly<Record<string, number>>;
}

export interface RenormalizationCounts extends RenormalizationTotals {
  readonly types: Readonly<Record<string, TypeCounts>>;
  /** Payloads of which nothing, or not everything, can be read, by error code. */
  readonly unreadable: Readonly<Record<string, number>>;
  readonly events: number;
  /** Differences at paths beyond those that are kept. */
  readonly pathsLeftOut: number;
}

/** A field that differs, and in how many records. Never a value. */
export interface RenormalizationDifference {
  readonly type: string;
  readonly path: string;
  readonly kind: string;
  readonly records: number;
  readonly example: { readonly userId: string; readonly naturalKey: string; readonly path: string };
}

export type RenormalizationState = "running" | "done" | "cancelled" | "failed";
