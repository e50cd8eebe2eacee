/** COPY over a connection that has other statements before and after it. */
import pg from "pg";
import { expect, it } from "vitest";
import { createTestDatabase } from "../../../test/support/database.ts";
import { copyOut } from "./copy.ts";

it("leaves the connection to the next statement, however many rows came last", async () => {
  await using opened = new AsyncDisposableStack();
  const { connectionString, drop } = await createTestDatabase();
  opened.defer(drop);
  const client = new pg.Client({ connectionString });
  await client.connect();
  opened.defer(() => client.end());
  for (const count of [1, 63, 64, 1_000, 100_000]) {
    let rows = 0;
    for await (const row of copyOut(client, `COPY (SELECT generate_series(1, ${count})) TO STDOUT`))
      rows += row.length > 0 ? 1 : 0;
    expect(rows).toBe(count);
    expect((await client.query("SELECT 1 AS one")).rows).toEqual([{ one: 1 }]);
  }
});
