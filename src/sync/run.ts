/** One try of a task for one connection, as passed to everything that works on it. */
import type { Provider } from "../providers/provider.ts";
import type { ConnectionId } from "../store/connections.ts";
import { type ChoosingConnection, lockChoosing } from "../store/data-choices.ts";
import type { FetchTask } from "../store/fetch-tasks.ts";
import type { Store } from "../store/store.ts";
import type { DatabaseTransaction } from "../store/tables.ts";
import type { Logger } from "../telemetry/log.ts";

export interface SyncDeps {
  readonly store: Store;
  readonly log: Logger;
  /** The formats of files that are kept; absent for all of them. */
  readonly keepFiles?: readonly string[];
  /** Counts new or changed things that reconciliation found and that were never announced. */
  readonly gapsFound?: (provider: string, resource: string, count: number) => void;
}

export interface TaskRun {
  readonly deps: SyncDeps;
  readonly provider: Provider;
  /** The connection at the beginning of the try. */
  readonly connection: ChoosingConnection;
  readonly id: ConnectionId;
  readonly task: FetchTask;
}

/**
 * The connection was erased or replaced during a task. Nothing more is written for it; the task's next try
 * finds its new connection.
 */
export class ConnectionGone extends Error {
  override readonly name = "ConnectionGone";
}

/** Locks the connection until the transaction ends, and returns its current row. @throws ConnectionGone */
export async function holdConnection(tx: DatabaseTransaction, id: ConnectionId): Promise<ChoosingConnection> {
  const connection = await lockChoosing(tx, id);
  if (connection === null) throw new ConnectionGone();
  return connection;
}
