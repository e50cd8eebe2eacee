/** The input and the progress of a job that rebuilds records: the JSON columns of its row. */
import type { DataType } from "../models/index.ts";

/** The records that a renormalisation is about; null selects all. */
export interface RenormalizationFilter {
  readonly userIds: readonly string[] | null;
  readonly types: readonly DataType[] | null;
  /** The slug. Jobs of earlier releases have none. */
  readonly provider?: string | null;
  /** Both days included; compared with the first ten characters of a record's own start. */
  readonly from: string | null;
  readonly to: string | null;
}

export interface RenormalizationOptions {
  readonly dryRun: boolean;
  readonly sendEvents: boolean;
  /** Null: without a limit. */
  readonly recordsPerSecond: number | null;
}

/**
 * First the parts that grow, folded from the payloads in their order; then the existing records, in key order; then the
 * payloads that may hold others; then the parts that grow that may.
 */
export type RenormalizationCursor =
  | { readonly phase: "fold"; readonly after: readonly [userId: string, fetchOrder: string] | null }
  | { readonly phase: "records"; readonly after: readonly [userId: string, type: string, key: string] | null }
  | {
      readonly phase: "payloads";
      readonly after:
        | readonly [userId: string, resource: string, resourceKey: string, rawPayloadId: string]
        | null;
    }
  | {
      readonly phase: "grown";
      readonly after: readonly [userId: string, resource: string, key: string] | null;
    };

/** The amount of work, as counted at the beginning. */
export interface RenormalizationTotals {
  readonly records: number;
  readonly payloads: number;
}

export interface TypeCounts {
  readonly identical: number;
  readonly changed: number;
  readonly new: number;
  /** By error code; these records stay as they are. */
  readonly unmakeable: Readonly<Record<string, number>>;
}

export interface RenormalizationCounts extends RenormalizationTotals {
  readonly types: Readonly<Record<string, TypeCounts>>;
  /** Payloads that cannot be read, or not completely, by error code. */
  readonly unreadable: Readonly<Record<string, number>>;
  readonly events: number;
  /** Differences at paths beyond those that are stored. */
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
