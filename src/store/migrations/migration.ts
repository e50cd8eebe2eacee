import type { DatabaseTransaction } from "../tables.ts";

/** One step of the schema, never changed once it was released. */
export interface Migration {
  readonly number: number;
  readonly name: string;
  readonly statements: readonly string[];
  /** After the statements: what SQL cannot do to the data that is there, compressed bodies for example. */
  carry?(tx: DatabaseTransaction): Promise<void>;
}
