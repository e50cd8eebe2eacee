import type { DatabaseTransaction } from "../tables.ts";

/** One step of the schema, never changed once it was released. */
export interface Migration {
  readonly number: number;
  readonly name: string;
  readonly statements: readonly string[];
  /** Runs after the statements, for changes of stored data that SQL cannot make, for example of compressed bodies. */
  carry?(tx: DatabaseTransaction): Promise<void>;
}
