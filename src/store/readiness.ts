/**
 * Checks that the database answers and has the tables of this version. A newer Systole may have migrated it meanwhile:
 * in a rolling upgrade the processes of the former version go on until they are replaced.
 */
import { sql } from "kysely";
import { SystoleError } from "../errors.ts";
import { migrations } from "./migrate.ts";
import { storeError } from "./store-error.ts";
import type { Database } from "./tables.ts";

/** @throws SystoleError STORE_UNAVAILABLE */
export async function assertReady(db: Database): Promise<void> {
  try {
    const { rows } = await sql<{ number: number }>`SELECT max(number) AS number FROM migrations`.execute(db);
    if (Number(rows[0]?.number) >= Number(migrations.at(-1)?.number)) return;
  } catch (error) {
    throw storeError(error) ?? new SystoleError("STORE_UNAVAILABLE", {}, { cause: error });
  }
  throw new SystoleError("STORE_UNAVAILABLE");
}
