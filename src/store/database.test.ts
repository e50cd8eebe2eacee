import { randomBytes } from "node:crypto";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestStore, type TestStore } from "../../test/support/database.ts";
import { KeyRing } from "../security/key-ring.ts";
import { openDatabase } from "./database.ts";
import { checkSecretKey } from "./database-facts.ts";
import { lowestIdAt, newId } from "./identifiers.ts";
import { migrate, migrations } from "./migrate.ts";
import { dropExpiredPartitions, ensurePartitions } from "./partitions.ts";
import { storeError } from "./store-error.ts";

let test: TestStore;
beforeAll(async () => {
  test = await startTestStore();
});
afterAll(() => test.close());

const day = 24 * 3_600_000;

async function partitionCount(table: string): Promise<number> {
  const { rows } = await sql<{ count: string }>`
    SELECT count(*) FROM pg_inherits WHERE inhparent = ${table}::regclass`.execute(test.store.db);
  return Number(rows[0]?.count);
}

describe("migrations", () => {
  it("run once, however many processes start", async () => {
    await Promise.all([migrate(test.store.db), migrate(test.store.db), migrate(test.store.db)]);
    const { rows } = await sql`SELECT number FROM migrations`.execute(test.store.db);
    expect(rows).toHaveLength(migrations.length);
  });

  it("refuse a schema from the future", async () => {
    await sql`INSERT INTO migrations (number, name) VALUES (9999, 'future')`.execute(test.store.db);
    await expect(migrate(test.store.db)).rejects.toMatchObject({ code: "STORE_NEWER_THAN_CODE" });
    await sql`DELETE FROM migrations WHERE number = 9999`.execute(test.store.db);
  });

  it("have environment_id in the key of every table but the server's own and the budgets of shared clients", async () => {
    const { rows } = await sql<{ table_name: string }>`
      SELECT relname AS table_name FROM pg_class
      WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
        AND relname NOT IN ('house', 'migrations', 'provider_budgets', 'commit_anchor',
          'admin_tokens', 'operators', 'audit_log', 'audit_outcomes',
          'accounts', 'account_sessions', 'sign_in_links')
        AND NOT EXISTS (
          SELECT FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY(c.conkey)
          WHERE c.conrelid = pg_class.oid AND c.contype = 'p' AND a.attname = 'environment_id')`.execute(
      test.store.db,
    );
    expect(rows).toEqual([]);
  });

  it("make the anchor of commits, which has no environment, only where there is Citus", async () => {
    const { rows } = await sql<{ citus: boolean; anchor: boolean }>`
      SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') AS citus,
        to_regclass('commit_anchor') IS NOT NULL AS anchor`.execute(test.store.db);
    expect(rows[0]?.anchor).toBe(rows[0]?.citus);
  });
});

describe("partitions", () => {
  it("exist for weeks ahead and are made only once", async () => {
    const before = await partitionCount("events");
    await Promise.all([
      ensurePartitions(test.store.db, new Date()),
      ensurePartitions(test.store.db, new Date()),
    ]);
    expect(await partitionCount("events")).toBe(before);
    await ensurePartitions(test.store.db, new Date(Date.now() + 21 * day));
    expect(await partitionCount("events")).toBe(before + 3);
  });

  it("are dropped after their retention, raw payloads never", async () => {
    const longAgo = new Date(Date.now() - 200 * day);
    await ensurePartitions(test.store.db, longAgo);
    const [attempts, raw] = [await partitionCount("attempts"), await partitionCount("raw_payloads")];
    const dropped = await dropExpiredPartitions(test.store.db, new Date());
    expect(dropped.filter((name) => name.startsWith("attempts_")).length).toBeGreaterThanOrEqual(9);
    expect(await partitionCount("attempts")).toBe(attempts - 10);
    expect(await partitionCount("raw_payloads")).toBe(raw);
  });

  it("take the ids of their own week: a time bound is the lowest id of its instant", () => {
    const before = new Date();
    const id = newId();
    expect(id >= lowestIdAt(before)).toBe(true);
    expect(id < lowestIdAt(new Date(Date.now() + 1_000))).toBe(true);
  });
});

describe("a database that cannot be used", () => {
  it("is unavailable when nothing listens", async () => {
    const nobody = openDatabase("postgresql://systole:x@127.0.0.1:1/postgres");
    await expect(nobody).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
  });

  it("is unavailable when the password is wrong", async ({ skip }) => {
    if (new URL(test.connectionString).password === "") skip("NOT RUN: this server asks for no password");
    const wrong = test.connectionString.replace(/:[^:@/]+@/, ":wrong@");
    await expect(openDatabase(wrong)).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
  });

  it("reports a full disk as such", () => {
    expect(storeError(Object.assign(new Error("no space"), { code: "53100" }))?.code).toBe("DISK_FULL");
    expect(storeError(Object.assign(new Error("duplicate"), { code: "23505" }))).toBeNull();
  });

  it("is unavailable when Citus loses a worker under a statement, which it calls an internal error", () => {
    const internal = (message: string) => storeError(Object.assign(new Error(message), { code: "XX000" }));
    expect(internal("SSL SYSCALL error: EOF detected\ninvalid socket")?.code).toBe("STORE_UNAVAILABLE");
    expect(internal("cache lookup failed for relation 1")).toBeNull();
  });
});

describe("the secret key", () => {
  it("must be the one the database was sealed with", async () => {
    const keyRing = new KeyRing(randomBytes(32));
    await checkSecretKey(test.store.db, keyRing);
    await checkSecretKey(test.store.db, keyRing);
    const other = checkSecretKey(test.store.db, new KeyRing(randomBytes(32)));
    await expect(other).rejects.toMatchObject({ code: "SECRET_KEY_WRONG" });
  });
});
