import { sql } from "kysely";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../test/support/database.ts";
import { type OpenDatabase, openDatabase } from "./database.ts";
import { newId } from "./identifiers.ts";
import { prepared } from "./prepared.ts";
import { takeDue } from "./taken-deliveries.ts";

let empty: TestDatabase;
let database: OpenDatabase;
beforeAll(async () => {
  empty = await createTestDatabase();
  // One connection: the statements that it keeps are its own.
  database = await openDatabase(empty.connectionString, 1);
});
afterAll(async () => {
  await database.close();
  await empty.drop();
});

/** Returns the names of the statements that the connection keeps, with how often each was run. */
async function kept(): Promise<ReadonlyMap<string, number>> {
  const { rows } = await sql<{ name: string; runs: number }>`
    SELECT name, generic_plans::integer + custom_plans::integer AS runs FROM pg_prepared_statements`.execute(
    database.db,
  );
  return new Map(rows.map(({ name, runs }) => [name, runs]));
}

it("a statement is kept by its connection, whatever its values are", async () => {
  const twice = prepared<{ twice: number }>("twice", "SELECT $1::integer * 2 AS twice");
  expect(await twice(database.db, [1])).toEqual([{ twice: 2 }]);
  expect(await twice(database.db, [2])).toEqual([{ twice: 4 }]);
  expect((await kept()).get("twice")).toBe(2);
});

it("taking what is due is one of them, and other statements are not", async () => {
  await takeDue(database.db, newId(), 1);
  await sql`SELECT ${"other"}::text`.execute(database.db);
  expect([...(await kept()).keys()].sort()).toEqual(["take_due_deliveries", "twice"]);
});

it("one that fails works when the reason is gone, and after a change of its table", async () => {
  const count = prepared<{ count: number }>(
    "count_later",
    "SELECT count(*)::integer FROM later WHERE id > $1",
  );
  await expect(count(database.db, [0])).rejects.toThrow(/later/);
  await sql`CREATE TABLE later (id integer)`.execute(database.db);
  expect(await count(database.db, [0])).toEqual([{ count: 0 }]);
  await sql`ALTER TABLE later ADD COLUMN other text`.execute(database.db);
  expect(await count(database.db, [0])).toEqual([{ count: 0 }]);
});
