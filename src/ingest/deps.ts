/** The dependencies of this module, passed in by the composition root. */
import type { ProviderClients } from "../connections/provider-clients.ts";
import type { OneAtATime } from "../one-at-a-time.ts";
import type { CallPlanner } from "../sync/planner/planner.ts";
import type { SyncDeps, TaskRun } from "../sync/run.ts";
import type { Parsing } from "./parsing/parsing.ts";
import type { UnknownLeaves } from "./unknown-leaves.ts";

export interface IngestDeps extends SyncDeps {
  readonly clients: ProviderClients;
  readonly planner: CallPlanner;
  /** Our public address, without a trailing slash. */
  readonly publicUrl: string;
  readonly parsing: Parsing;
  /** Counts bodies that cannot be read, or not completely. */
  readonly bodyRefused?: (provider: string, resource: string, code: string) => void;
  /** Notes fields that no ledger knows. */
  readonly unknownLeaves?: Pick<UnknownLeaves, "look">;
  /** Aborted when this process is told to stop. */
  readonly stopping?: AbortSignal;
}

/** One try of a task for one connection. Made once and passed to everything that works on the task. */
export interface IngestRun extends TaskRun {
  readonly deps: IngestDeps;
  /**
   * Keeps the answers of calls that are made side by side one after the other. Each waits for the connection's lock with a
   * connection to the database, and a pool full of them has none left for the one that holds the lock.
   */
  readonly keeping: OneAtATime;
}
