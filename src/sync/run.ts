/** One try of a task for one connection, as everything that works it is given it. */
import type { Provider } from "../providers/provider.ts";
import { type Connection, type ConnectionId, lockConnection } from "../store/connections.ts";
import type { FetchTask } from "../store/fetch-tasks.ts";
import type { Store } from "../store/store.ts";
import type { DatabaseTransaction } from "../store/tables.ts";
import type { Logger } from "../telemetry/log.ts";

export interface SyncDeps {
  readonly store: Store;
  readonly log: Logger;
  /** Counts new or changed things that reconciliation found and nobody had announced. */
  readonly gapsFound?: (provider: string, resource: string, count: number) => void;
}

export interface TaskRun {
  readonly deps: SyncDeps;
  readonly provider: Provider;
  /** As it was when the try began. */
  readonly connection: Connection;
  readonly id: ConnectionId;
  readonly task: FetchTask;
}

/**
 * The connection was erased or replaced while a task was worked for it. Nothing more is written for it; whose the
 * task is now is found out by its next try.
 */
export class ConnectionGone extends Error {
  override readonly name = "ConnectionGone";
}

/** Holds the connection until the transaction ends, and returns it as it is now. @throws ConnectionGone */
export async function holdConnection(tx: DatabaseTransaction, id: ConnectionId): Promise<Connection> {
  const connection = await lockConnection(tx, id);
  if (connection === null) throw new ConnectionGone();
  return connection;
}
