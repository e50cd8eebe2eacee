/** What this room is given by the composition root. */
import type { ProviderClients } from "../connections/provider-clients.ts";
import type { Store } from "../store/store.ts";
import type { Logger } from "../telemetry/log.ts";
import type { Parsing } from "./parsing/parsing.ts";
import type { CallPlanner } from "./planner/planner.ts";
import type { UnknownLeaves } from "./unknown-leaves.ts";

export interface IngestDeps {
  readonly store: Store;
  readonly clients: ProviderClients;
  readonly planner: CallPlanner;
  readonly parsing: Parsing;
  readonly log: Logger;
  /** Counts new or changed things that reconciliation found and nobody had announced. */
  readonly gapsFound?: (provider: string, resource: string, count: number) => void;
  /** Counts bodies that came and cannot be read, or not whole. */
  readonly bodyRefused?: (provider: string, resource: string, code: string) => void;
  /** Notices fields that no ledger knows. */
  readonly unknownLeaves?: Pick<UnknownLeaves, "look">;
  /** Aborted when this process is told to stop. */
  readonly stopping?: AbortSignal;
}
