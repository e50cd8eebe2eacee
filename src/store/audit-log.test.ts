/** Permissions on the audit log when Systole's role is not a superuser. */
import { randomBytes } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../test/support/database.ts";
import { beginAudit, endAudit, expireAudit, listAudit } from "./audit-log.ts";
import { type OpenDatabase, openDatabase } from "./database.ts";

const suffix = randomBytes(4).toString("hex");
const roles = { systole: `systole_${suffix}`, audit: `systole_audit_${suffix}` };
const old = "00000000-0000-7000-8000-000000000001";
const kept = "the operator's";

let testDatabase: TestDatabase;
let superuser: pg.Client;
let database: OpenDatabase;
beforeAll(async () => {
  testDatabase = await createTestDatabase();
  superuser = new pg.Client({ connectionString: testDatabase.connectionString });
  await superuser.connect();
  await superuser.query(`CREATE ROLE ${roles.systole} LOGIN PASSWORD 'secret'`);
  await superuser.query(`GRANT CREATE ON SCHEMA public TO ${roles.systole}`);
  const url = new URL(testDatabase.connectionString);
  url.username = roles.systole;
  url.password = "secret";
  database = await openDatabase(url.href);
});
afterAll(async () => {
  await database.close();
  await superuser.query(`DROP OWNED BY ${roles.systole}, ${roles.audit} CASCADE`);
  await superuser.query(`DROP ROLE ${roles.systole}, ${roles.audit}`);
  await superuser.end();
  await testDatabase.drop();
});

/** Runs a statement as Systole's role, on its own connection. */
async function attempt(statement: string): Promise<string> {
  const client = new pg.Client({ connectionString: testDatabase.connectionString });
  await client.connect();
  try {
    await client.query(`SET ROLE ${roles.systole}`);
    await client.query(statement);
    return "done";
  } catch (error) {
    return (error as pg.DatabaseError).code ?? "";
  } finally {
    await client.end();
  }
}

async function write(): Promise<void> {
  const actor = { kind: "operator", id: "x", name: kept } as const;
  const id = await beginAudit(database.db, { actor, action: "a", target: "t" });
  await endAudit(database.db, id, { status: 200, after: { a: 1 } });
}

const changes = [
  "UPDATE audit_log SET actor_name = 'somebody else'",
  "UPDATE audit_outcomes SET status = 500",
  "DELETE FROM audit_log",
  "DELETE FROM audit_outcomes",
  "TRUNCATE audit_log",
];
const redefinitions = [
  "ALTER TABLE audit_log DISABLE TRIGGER ALL",
  "DROP TABLE audit_log",
  "ALTER TABLE audit_log OWNER TO CURRENT_USER",
  "CREATE OR REPLACE FUNCTION systole_keep_audit() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
];

async function writeOld(): Promise<void> {
  const values = `'${old}', now() - interval '40 days'`;
  await superuser.query(`INSERT INTO audit_log (audit_id, at, actor_kind, actor_id, actor_name, action, target)
    VALUES (${values}, 'process', 'x', 'old', 'a', 't')`);
  await superuser.query(`INSERT INTO audit_outcomes (audit_id, at, status) VALUES (${values}, 200)`);
}

const names = async () =>
  (await listAudit(database.db, {}, { limit: 100 })).map((entry) => [entry.actor_name, entry.status]);

describe("the audit log", () => {
  test("accepts entries from the role that owns it, and no changes", async () => {
    await write();
    for (const statement of changes)
      expect([statement, await attempt(statement)]).toEqual([statement, "42501"]);
    expect(await names()).toEqual([[kept, 200]]);
  });

  test("deletes entries past their retention", async () => {
    await writeOld();
    expect(await expireAudit(database.db, new Date())).toBe(1);
    expect(await names()).toEqual([[kept, 200]]);
  });

  test("given to another role, cannot be redefined either, and keeps working", async () => {
    for (const statement of handOver(roles.systole, roles.audit)) await superuser.query(statement);
    await write();
    for (const statement of [...changes, ...redefinitions]) {
      expect([statement, await attempt(statement)]).toEqual([statement, "42501"]);
    }
    await writeOld();
    expect(await expireAudit(database.db, new Date())).toBe(1);
    expect(await names()).toEqual([
      [kept, 200],
      [kept, 200],
    ]);
  });
});

/** The statements of docs/guides/operations.md. */
const handOver = (systole: string, audit: string): string[] => [
  `CREATE ROLE ${audit} NOLOGIN`,
  `GRANT USAGE, CREATE ON SCHEMA public TO ${audit}`,
  ...["TABLE audit_log", "TABLE audit_outcomes"].map((each) => `ALTER ${each} OWNER TO ${audit}`),
  `ALTER FUNCTION systole_keep_audit() OWNER TO ${audit}`,
  `ALTER FUNCTION systole_expire_audit(timestamptz) OWNER TO ${audit}`,
  `REVOKE ALL ON audit_log, audit_outcomes FROM ${systole}`,
  `GRANT SELECT, INSERT ON audit_log, audit_outcomes TO ${systole}`,
];
