/** The database of the previous version, after the migration. */
import { randomUUID } from "node:crypto";
import { Kysely, PostgresDialect, sql } from "kysely";
import pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import {
  createTestDatabase,
  formerPartitionedTables,
  type TestDatabase,
} from "../../../test/support/database.ts";
import { newId } from "../identifiers.ts";
import { migrate, migrations } from "../migrate.ts";
import { ensurePartitions } from "../partitions.ts";
import type { Tables } from "../tables.ts";

let database: TestDatabase;
let db: Kysely<Tables>;
beforeAll(async () => {
  database = await createTestDatabase();
  const pool = new pg.Pool({ connectionString: database.connectionString, max: 2 });
  pool.on("error", () => {});
  db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
});
afterAll(async () => {
  await db.destroy();
  await database.drop();
});

async function keepNotification(state: string): Promise<void> {
  await sql`INSERT INTO notifications
    (environment_id, notification_id, provider, origin, priority, state, fetches, trace_id, received_at)
    VALUES (${randomUUID()}, ${newId()}, 'polar', 'provider', 2, ${state}, '[]', 'trace', now())`.execute(db);
}

it("an open task may be in the middle of a fetch, so it covers no repetition until its next try has ended", async () => {
  await migrate(
    db,
    migrations.filter(({ number }) => number < 14),
  );
  await ensurePartitions(db, new Date(), formerPartitionedTables);
  for (const state of ["accepted", "waiting", "done"]) await keepNotification(state);
  await migrate(
    db,
    migrations.filter(({ number }) => number <= 14),
  );
  const { rows } = await sql<{ state: string; begun_at: Date | null }>`
    SELECT state, begun_at FROM notifications`.execute(db);
  const begun = rows.filter(({ begun_at }) => begun_at !== null).map(({ state }) => state);
  expect([rows.length, begun]).toEqual([3, ["accepted"]]);
});
