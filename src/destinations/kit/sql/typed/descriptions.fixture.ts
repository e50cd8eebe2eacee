/** Comments and views of the typed tables as the server returns them. Run by the tests of each kind. */
import { describe, expect } from "vitest";
import { dataEvent } from "../../../conformance/events.ts";
import type { OutgoingEvent } from "../../../destination.ts";
import { commentOn } from "../comments.ts";
import type { SqlPlace, SqlTarget } from "../place.fixture.ts";
import { deadline, type Kind, onServer } from "../stage.fixture.ts";
import { typedLayout } from "./layout.ts";

export interface Dialect {
  /** A query for `relation`, `name` and `comment` of every column. */
  readonly comments: string;
  readonly viewsHaveComments: boolean;
  /** Removes a column's comment. */
  silence(table: string, column: string, type: "DOUBLE PRECISION"): string;
}

const { tables, views } = typedLayout();
const declared = tables.flatMap(({ name, columns }) =>
  columns.map((column): readonly [string, string] => [`${name}.${column.name}`, commentOn(column)]),
);
const declaredOfViews = views.flatMap(({ name, columns }) =>
  columns.map(({ name: column, comment }): readonly [string, string] => [`${name}.${column}`, comment]),
);

async function comments(place: SqlPlace, { comments: statement }: Dialect): Promise<Map<string, unknown>> {
  const rows = await place.query(statement);
  return new Map(rows.map(({ relation, name, comment }) => [`${relation}.${name}`, comment]));
}

const beside = (data: object, type: "sleep" | "activity" = "sleep"): OutgoingEvent =>
  dataEvent(type, [{ members: `"provider_data": ${JSON.stringify({ polar: data })}` }]);
const night = {
  sleep: { continuity: 3.5, sleep_rating: null, sleep_goal: 28_800 },
  "nightly-recharge": { ans_charge: -2.25 },
  "sleepwise-alertness": [
    { grade: 7.5, grade_type: "PRIMARY", hourly_data: [{ alertness_level: "HIGH" }] },
    { grade: "odd", grade_type: null },
  ],
};
const nightView =
  "SELECT sleep_continuity, sleep_sleep_rating, nightly_recharge_ans_charge FROM systole_sleep_polar";
const nightRow = { sleep_continuity: 3.5, sleep_sleep_rating: null, nightly_recharge_ans_charge: -2.25 };

export function testDescriptions<Target extends SqlTarget>(kind: Kind<Target>, dialect: Dialect): void {
  describe("the descriptions on the server", () => {
    const test = onServer(kind);

    test("have a sentence on every column of every table", async ({ place, connect }) => {
      await connect(place.typed).deliver(beside(night), deadline());
      const there = await comments(place, dialect);
      expect(declared.length).toBeGreaterThan(800);
      for (const [column, sentence] of declared) expect(there.get(column), column).toBe(sentence);
    });

    test("name every declared key of provider_data with its unit", async ({ place, connect }) => {
      await connect(place.typed).deliver(beside(night), deadline());
      const there = await comments(place, dialect);
      for (const [column, sentence] of declaredOfViews) {
        expect(there.get(column), column).toBe(dialect.viewsHaveComments ? sentence : "");
      }
      const rows = await place.query("SELECT view_name, column_name, comment FROM systole_provider_keys");
      const listed = rows.map(({ view_name, column_name, comment }) => [
        `${view_name}.${column_name}`,
        comment,
      ]);
      expect(new Map(listed as [string, string][])).toEqual(new Map(declaredOfViews));
      expect(there.has("systole_activity_polar_exercise_samples.data")).toBe(true);
    });

    test("show the fields of provider_data as columns, and lists as rows", async ({ place, connect }) => {
      await connect(place.typed).deliver(beside(night), deadline());
      expect(await place.query(nightView)).toEqual([nightRow]);
      const graded = `SELECT position, grade, grade_type FROM systole_sleep_polar_sleepwise_alertness ORDER BY position`;
      expect(await place.query(graded)).toEqual([
        { position: 0, grade: 7.5, grade_type: "PRIMARY" },
        { position: 1, grade: null, grade_type: null },
      ]);
      const inside = "SELECT hourly_data FROM systole_sleep_polar_sleepwise_alertness WHERE position = 0";
      const [row] = await place.query(inside);
      const hours = typeof row?.hourly_data === "string" ? JSON.parse(row.hourly_data) : row?.hourly_data;
      expect(hours).toEqual([{ alertness_level: "HIGH" }]);
      for (const { name } of views) await place.query(`SELECT * FROM ${name}`);
    });

    test("come to tables of an older version with the next connection", async ({ place, connect }) => {
      await connect(place.typed).deliver(beside(night), deadline());
      for (const { name } of views) await place.query(`DROP VIEW ${name}`);
      for (const name of ["systole_provider_keys", "systole_activity_types"]) {
        await place.query(`DROP TABLE ${name}`);
      }
      await place.query(dialect.silence("systole_sleep", "heart_rate_avg_hr_bpm", "DOUBLE PRECISION"));
      expect((await comments(place, dialect)).get("systole_sleep.heart_rate_avg_hr_bpm")).not.toBe(
        "Beats per minute",
      );
      await connect(place.typed).deliver(beside({}, "activity"), deadline());
      expect(await place.query(nightView)).toEqual([nightRow]);
      expect(await place.query("SELECT name FROM systole_activity_types WHERE type = 8")).toEqual([
        { name: "Running" },
      ]);
      const there = await comments(place, dialect);
      for (const [column, sentence] of declared) expect(there.get(column), column).toBe(sentence);
    });

    test("are replaced when the declaration has changed, where that is allowed", async ({
      place,
      connect,
    }) => {
      await connect(place.typed).deliver(beside(night), deadline());
      await place.query("DROP VIEW systole_sleep_polar");
      await place.query("CREATE VIEW systole_sleep_polar AS SELECT record_id AS former FROM systole_sleep");
      await place.query("DELETE FROM systole_provider_keys WHERE view_name = 'systole_sleep_polar'");
      const owner = await place.viewOwner(["systole_sleep_polar"]);
      await connect(owner).deliver(beside({}, "activity"), deadline());
      expect(await place.query(nightView)).toEqual([nightRow]);
      const [row] = await place.query(
        "SELECT COUNT(*) AS count FROM systole_provider_keys WHERE view_name = 'systole_sleep_polar'",
      );
      expect(row?.count).toBeGreaterThan(10);
    });

    test("are not needed by deliveries where they cannot be made", async ({ place, connect }) => {
      const sender = connect(place.typed);
      await sender.deliver(beside(night), deadline());
      await place.query("DROP VIEW systole_sleep_polar");
      await place.query("CREATE TABLE systole_sleep_polar (in_the_way INTEGER)");
      const again = connect(place.typed);
      const { aside } = await again.deliver(beside(night), deadline());
      expect(aside).toMatchObject({ code: "DESTINATION_LAYOUT_BEHIND" });
      expect(String(aside?.details.reason)).toContain("systole_sleep_polar");
      // Once for each connection.
      expect(await again.deliver(beside(night), deadline())).toEqual({});
      expect(await place.query("SELECT COUNT(*) AS count FROM systole_sleep")).toEqual([{ count: 3 }]);
    });
  });
}
