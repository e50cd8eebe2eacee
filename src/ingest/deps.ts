/** What this room is given by the composition root. */
import type { ProviderClients } from "../connections/provider-clients.ts";
import type { CallPlanner } from "../sync/planner/planner.ts";
import type { SyncDeps, TaskRun } from "../sync/run.ts";
import type { Parsing } from "./parsing/parsing.ts";
import type { UnknownLeaves } from "./unknown-leaves.ts";

export interface IngestDeps extends SyncDeps {
  readonly clients: ProviderClients;
  readonly planner: CallPlanner;
  /** How providers reach us, without a trailing slash. */
  readonly publicUrl: string;
  readonly parsing: Parsing;
  /** Counts bodies that came and cannot be read, or not whole. */
  readonly bodyRefused?: (provider: string, resource: string, code: string) => void;
  /** Notices fields that no ledger knows. */
  readonly unknownLeaves?: Pick<UnknownLeaves, "look">;
  /** Aborted when this process is told to stop. */
  readonly stopping?: AbortSignal;
}

/** One try of a task for one connection. Made once; everything that works the task is given it. */
export interface IngestRun extends TaskRun {
  readonly deps: IngestDeps;
}
