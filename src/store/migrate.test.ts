/** The running of migrations. The effects of the real ones are tested in migrations/*.test.ts. */
import { Kysely, PostgresDialect, sql } from "kysely";
import pg from "pg";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../test/support/database.ts";
import { migrate, migrations } from "./migrate.ts";
import type { Migration } from "./migrations/migration.ts";
import type { Tables } from "./tables.ts";

let empty: TestDatabase;
const opened: Kysely<Tables>[] = [];
beforeEach(async () => {
  empty = await createTestDatabase();
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((db) => db.destroy()));
  await empty.drop();
});

/** Opens a database as another process has it. */
function open(): Kysely<Tables> {
  const pool = new pg.Pool({ connectionString: empty.connectionString, max: 2 });
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  opened.push(db);
  return db;
}

const step = (number: number, statement: string): Migration => ({
  number,
  name: `step ${number}`,
  statements: [statement],
});
const one = step(1, "CREATE TABLE one (id integer PRIMARY KEY)");
const two = step(2, "CREATE TABLE two (id integer PRIMARY KEY)");
const applied = async (db: Kysely<Tables>): Promise<number[]> => {
  const { rows } = await sql<{ number: number }>`SELECT number FROM migrations ORDER BY number`.execute(db);
  return rows.map(({ number }) => number);
};
const hasTable = async (db: Kysely<Tables>, name: string): Promise<boolean> => {
  const { rows } = await sql<{ found: boolean }>`SELECT to_regclass(${name}) IS NOT NULL AS found`.execute(
    db,
  );
  return rows[0]?.found ?? false;
};

describe("the migrations", () => {
  it("have numbers of their own, in order", () => {
    const numbers = migrations.map(({ number }) => number);
    expect(numbers).toEqual([...new Set(numbers)].toSorted((first, second) => first - second));
  });

  it("are run once on an empty database, however many processes start", async () => {
    await Promise.all([open(), open(), open()].map((db) => migrate(db, [one, two])));
    expect(await applied(open())).toEqual([1, 2]);
  });

  it("that were run before are left out, one that fills a gap is not", async () => {
    const db = open();
    await migrate(db, [two]);
    await migrate(db, [one, two]);
    expect(await applied(db)).toEqual([1, 2]);
    expect(await hasTable(db, "one")).toBe(true);
  });

  it("carry over stored data after their statements", async () => {
    const db = open();
    await migrate(db, [one]);
    await sql`INSERT INTO one VALUES (7)`.execute(db);
    const carrying: Migration = {
      ...two,
      carry: async (tx) => void (await sql`INSERT INTO two SELECT id FROM one`.execute(tx)),
    };
    await migrate(db, [one, carrying]);
    expect((await sql`SELECT id FROM two`.execute(db)).rows).toEqual([{ id: 7 }]);
  });

  it("that fail leave nothing behind, neither of their own nor of those before them, and can be run again", async () => {
    const db = open();
    await expect(migrate(db, [one, step(2, "SELECT no_such_function()")])).rejects.toThrow(
      /no_such_function/,
    );
    expect([await hasTable(db, "one"), await hasTable(db, "migrations")]).toEqual([false, false]);
    await migrate(db, [one, two]);
    expect(await applied(db)).toEqual([1, 2]);
  });

  it("refuse a database of a later release, and leave it as it is", async () => {
    const db = open();
    await migrate(db, [one]);
    const later = Math.max(...migrations.map(({ number }) => number)) + 1;
    await sql`INSERT INTO migrations (number, name) VALUES (${later}, 'later')`.execute(db);
    await expect(migrate(db, [one, two])).rejects.toMatchObject({
      code: "STORE_NEWER_THAN_CODE",
      details: { schema: later },
    });
    expect(await hasTable(db, "two")).toBe(false);
  });
});
