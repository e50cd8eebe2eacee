/** Links, logins and the admin token of the previous version, after the migration. */
import { randomUUID } from "node:crypto";
import { Kysely, PostgresDialect, sql } from "kysely";
import pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../test/support/database.ts";
import { hashSecret } from "../../security/secrets.ts";
import { giveToken } from "../admin-tokens.ts";
import { takeFlow } from "../auth-flows.ts";
import { migrations } from "../migrate.ts";
import { actorOf } from "../operators.ts";
import { findSession } from "../sessions.ts";
import type { Tables } from "../tables.ts";

let database: TestDatabase;
let db: Kysely<Tables>;
const environmentId = randomUUID();
const link = randomUUID();

beforeAll(async () => {
  database = await createTestDatabase();
  const pool = new pg.Pool({ connectionString: database.connectionString, max: 2 });
  pool.on("error", () => {});
  db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  await apply((number) => number < 9);
  await pool.query("INSERT INTO environments (environment_id, dev_id, name) VALUES ($1, 'dev', 'dev')", [
    environmentId,
  ]);
  await pool.query("INSERT INTO house (key, value) VALUES ('admin-token', $1)", [hashSecret("made")]);
  await pool.query(
    "INSERT INTO widget_sessions (environment_id, session_id, expires_at) VALUES ($1, $2, now() + '1 hour')",
    [environmentId, link],
  );
  await pool.query(
    `INSERT INTO auth_flows (environment_id, state_hash, provider, user_id, redirect_uri, expires_at)
      VALUES ($1, $2, 'polar', $3, 'https://hub.example', now() + '1 day')`,
    [environmentId, hashSecret("state"), randomUUID()],
  );
  await apply((number) => number === 9);
});
afterAll(async () => {
  await db.destroy();
  await database.drop();
});

async function apply(isWanted: (number: number) => boolean): Promise<void> {
  for (const { number, statements } of migrations) {
    for (const statement of isWanted(number) ? statements : []) await sql.raw(statement).execute(db);
  }
}

it("a connect link that was handed out opens its session", async () => {
  expect(await findSession(db, link)).toMatchObject({ session_id: link, used_at: null });
});

it("a login under way can be finished for another half hour", async () => {
  const taken = await takeFlow(db, { provider: "polar", state: "state", browser: null });
  expect(taken).toMatchObject({ environment_id: environmentId, browser_hash: null });
  const left = typeof taken === "object" && taken !== null ? taken.expires_at.getTime() - Date.now() : 0;
  expect(left).toBeLessThanOrEqual(30 * 60_000);
});

it("the admin token is valid until another is configured, and not after that", async () => {
  expect(await actorOf(db, "made")).toMatchObject({ role: "admin" });
  const give = (token: string) => db.transaction().execute((tx) => giveToken(tx, token));
  expect(await give("made")).toBe("unchanged");
  expect(await give("given")).toBe("replaced");
  expect(await actorOf(db, "made")).toBeNull();
  expect(await give("made")).toBe("retired");
  expect(await actorOf(db, "given")).toMatchObject({ role: "admin" });
});
