/** The stage that the dashboard guessed from a name is the stage that the environment gets. */
import { randomUUID } from "node:crypto";
import { Kysely, PostgresDialect, sql } from "kysely";
import pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../test/support/database.ts";
import { migrate, migrations } from "../migrate.ts";
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

const guessed = [
  ["shop-production", "shop-production", "production"],
  ["shop_prod", "Shop", "production"],
  ["shop", "Shop (LIVE)", "production"],
  ["shop-staging", "Shop", "staging"],
  ["preprod", "Shop", "staging"],
  ["shop-live-staging", "Shop", "production"],
  ["products", "Delivery", "testing"],
  ["demo", "demo", "testing"],
] as const;

it("carries the guess of each name over, by whole words", async () => {
  await migrate(
    db,
    migrations.filter(({ number }) => number < 28),
  );
  for (const [devId, name] of guessed) {
    await sql`INSERT INTO environments (environment_id, dev_id, name) VALUES (${randomUUID()}, ${devId}, ${name})`.execute(
      db,
    );
  }
  await migrate(db);
  const rows = await db.selectFrom("environments").select(["dev_id", "name", "stage"]).execute();
  const found = rows.map(({ dev_id, name, stage }) => [dev_id, name, stage]);
  expect(found.sort()).toEqual([...guessed].map((one) => [...one]).sort());
});
