import { describe, expect, it } from "vitest";
import { newestOnly } from "./newest.ts";
import type { Row, Table } from "./tables.ts";

const table: Table = {
  name: "people",
  columns: [
    { name: "id", type: "key" },
    { name: "state", type: "text", keepsKnown: true },
    { name: "note", type: "text" },
    { name: "revision", type: "integer" },
  ],
  key: ["id"],
  newestBy: "revision",
};

const newest = (...rows: Row[]): readonly Row[] | undefined => newestOnly([{ table, rows }])[0]?.rows;

describe("rows of many events for one statement", () => {
  it("are the newest of each key, in the order of their keys", () => {
    const rows: Row[] = [
      ["b", "active", "old", 1],
      ["a", "active", "new", 5],
      ["b", "active", "new", 2],
      ["a", "active", "old", 4],
    ];
    const left = [
      ["a", "active", "new", 5],
      ["b", "active", "new", 2],
    ];
    expect(newest(...rows)).toEqual(left);
    expect(newest(...rows.toReversed())).toEqual(left);
  });

  it("of two that are equally new, the later one", () => {
    expect(newest(["a", "active", "one", 1], ["a", "active", "other", 1])).toEqual([
      ["a", "active", "other", 1],
    ]);
  });

  it("a value that the newest row lacks is taken from the one before it, where it is to be kept", () => {
    expect(newest(["a", "deauth", "old", 1], ["a", null, null, 2])).toEqual([["a", "deauth", null, 2]]);
  });

  it("are kept apart by table, and a row without an age is replaced by a later one", () => {
    const ageless: Table = { name: "other", columns: table.columns, key: ["id"] };
    const rows: Row[] = [
      ["a", "x", "one", 9],
      ["a", "x", "other", 1],
    ];
    expect(
      newestOnly([
        { table, rows },
        { table: ageless, rows },
      ]),
    ).toEqual([
      { table, rows: [rows[0]] },
      { table: ageless, rows: [rows[1]] },
    ]);
  });
});
