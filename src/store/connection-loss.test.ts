/** The database connection breaks within a transaction, between two of its statements. */
import { sql } from "kysely";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startTestStore, type TestStore } from "../../test/support/database.ts";
import { waitFor } from "../../test/support/wait.ts";

let test: TestStore;
beforeAll(async () => {
  test = await startTestStore();
});
afterAll(() => test.close());

it("a connection that breaks in a transaction fails that transaction, and nothing else", async () => {
  const { db } = test.store;
  const broken = db.transaction().execute(async (tx) => {
    const { rows } = await sql<{ pid: number }>`SELECT pg_backend_pid() AS pid`.execute(tx);
    const pid = rows[0]?.pid;
    await sql`SELECT pg_terminate_backend(${pid})`.execute(db);
    // The server tells its client before it goes: the news has arrived while nobody asked.
    await waitFor("the server's side of the connection to go", async () => {
      const left = await sql`SELECT FROM pg_stat_activity WHERE pid = ${pid}`.execute(db);
      return left.rows.length === 0;
    });
    await sql`SELECT 1`.execute(tx);
  });
  await expect(broken).rejects.toThrow();
  expect((await sql`SELECT 1`.execute(db)).rows).toHaveLength(1);
});
