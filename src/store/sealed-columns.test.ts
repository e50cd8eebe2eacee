/**
 * The list of columns with sealed values. reseal.test.ts tests that it is complete, and that each value
 * opens.
 */
import { sql } from "kysely";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startTestStore, type TestStore } from "../../test/support/database.ts";
import { sealedColumns } from "./sealed-columns.ts";

let test: TestStore;
beforeAll(async () => {
  test = await startTestStore();
});
afterAll(() => test.close());

const named = sealedColumns.map((column) => [`${column.table}.${column.column}`, column] as const);

it.each(named)("%s exists, contains bytes, and its key orders its rows one by one", async (_, declared) => {
  const { rows } = await sql<{ name: string; type: string; isKey: boolean }>`
    SELECT a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type,
      coalesce(a.attnum = ANY(c.conkey), false) AS "isKey"
    FROM pg_attribute a
    LEFT JOIN pg_constraint c ON c.conrelid = a.attrelid AND c.contype = 'p'
    WHERE a.attrelid = ${declared.table}::regclass AND a.attnum > 0 AND NOT a.attisdropped`.execute(
    test.store.db,
  );
  const types = new Map(rows.map(({ name, type }) => [name, type]));
  expect(types.get(declared.column)).toBe("bytea");
  const key = Object.fromEntries(rows.filter(({ isKey }) => isKey).map(({ name, type }) => [name, type]));
  expect(declared.key).toEqual(key);
  for (const column of declared.also ?? []) expect(types.has(column)).toBe(true);
});

it.each(named)("a value of %s opens in no other environment, and for no other row", (_, declared) => {
  const columns = [...Object.keys(declared.key), ...(declared.also ?? [])];
  const row = Object.fromEntries(columns.map((column) => [column, `my ${column}`]));
  const bound = declared.context(row);
  for (const column of ["environment_id", "user_id", "provider", "destination_id", "event"]) {
    if (!columns.includes(column)) continue;
    expect(declared.context({ ...row, [column]: "another" }), column).not.toBe(bound);
  }
});
