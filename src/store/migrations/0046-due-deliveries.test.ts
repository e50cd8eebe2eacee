/** A database of the release before: what was pending there is due, and what was parked is not. */
import { Kysely, PostgresDialect, sql } from "kysely";
import pg from "pg";
import { expect, it } from "vitest";
import { createTestDatabase } from "../../../test/support/database.ts";
import { newId } from "../identifiers.ts";
import { migrate, migrations } from "../migrate.ts";
import { ensurePartitions } from "../partitions.ts";
import type { Tables } from "../tables.ts";

it("deliveries that had a job are due at their time", async () => {
  const database = await createTestDatabase();
  const pool = new pg.Pool({ connectionString: database.connectionString, max: 2 });
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  try {
    await migrate(
      db,
      migrations.filter(({ number }) => number < 46),
    );
    await ensurePartitions(db, new Date());
    const insert = async (state: string, isParked: boolean, next: string | null): Promise<string> => {
      const id = newId();
      await sql`INSERT INTO deliveries (environment_id, delivery_id, event_id, destination_id, state, parked,
        next_attempt_at, created_at) VALUES (${newId()}, ${id}, ${newId()}, ${newId()}, ${state}, ${isParked},
        ${next}::timestamptz, now())`.execute(db);
      return id;
    };
    const waiting = await insert("pending", false, "2100-01-01T00:00:00Z");
    const untried = await insert("pending", false, null);
    await insert("pending", true, null);
    await insert("delivered", false, null);
    await migrate(db);
    const { rows } = await sql`SELECT delivery_id, due_at = '2100-01-01T00:00:00Z' AS is_later,
      due_at < now() + interval '5 minutes' AS is_soon FROM due_deliveries ORDER BY due_at`.execute(db);
    expect(rows).toEqual([
      { delivery_id: untried, is_later: false, is_soon: true },
      { delivery_id: waiting, is_later: true, is_soon: false },
    ]);
  } finally {
    await db.destroy();
    await database.drop();
  }
});
