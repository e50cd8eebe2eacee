/** The database connection breaks within a transaction, between two of its statements. */
import { sql } from "kysely";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startTestStore, type TestStore } from "../../test/support/database.ts";

let test: TestStore;
beforeAll(async () => {
  test = await startTestStore();
});
afterAll(() => test.close());

it("a connection that breaks in a transaction fails that transaction, and nothing else", async () => {
  const { db } = test.store;
  const broken = db.transaction().execute(async (tx) => {
    const { rows } = await sql<{ pid: number }>`SELECT pg_backend_pid() AS pid`.execute(tx);
    await sql`SELECT pg_terminate_backend(${rows[0]?.pid})`.execute(db);
    // Long enough for the news to arrive while no query runs.
    await new Promise((resolve) => setTimeout(resolve, 200));
    await sql`SELECT 1`.execute(tx);
  });
  await expect(broken).rejects.toThrow();
  expect((await sql`SELECT 1`.execute(db)).rows).toHaveLength(1);
});
