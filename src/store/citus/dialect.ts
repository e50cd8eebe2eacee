/**
 * The dialect of a database whose tables are distributed: every transaction that commits is in two phases.
 *
 * Citus sees no write to a plain table of the coordinator. A transaction that writes a record on one worker and its event
 * on the coordinator would be committed on the worker first, and a coordinator that dies in between would lose the event
 * for ever. A statement on a table that Citus manages on the coordinator makes it prepare on the worker, commit here, and
 * then commit there. It touches no row. It stands directly before COMMIT, after every lock that the transaction takes:
 * before one, Citus would take a transaction that waits for the lock for a part of a deadlock over several nodes
 * (citus#1803).
 */
import {
  CompiledQuery,
  type DatabaseConnection,
  type Driver,
  PostgresAdapter,
  PostgresDialect,
  type PostgresDialectConfig,
  PostgresDriver,
} from "kysely";
import type { DatabaseOrTransaction } from "../tables.ts";

const anchor = "UPDATE commit_anchor SET n = n WHERE id = -1";

class TwoPhaseDriver extends PostgresDriver {
  override async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw(anchor));
    await super.commitTransaction(connection);
  }
}

class DistributedAdapter extends PostgresAdapter {}

export class DistributedDialect extends PostgresDialect {
  readonly #config: PostgresDialectConfig;

  constructor(config: PostgresDialectConfig) {
    super(config);
    this.#config = config;
  }

  override createDriver(): Driver {
    return new TwoPhaseDriver(this.#config);
  }

  override createAdapter(): PostgresAdapter {
    return new DistributedAdapter();
  }
}

/** Whether the tables of a person's data are on other nodes. */
export const isDistributed = (db: DatabaseOrTransaction): boolean =>
  db.getExecutor().adapter instanceof DistributedAdapter;
