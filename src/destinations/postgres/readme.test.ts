/** Runs the statements of README.md, and delivers as the user that they make. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { dataEvent, plainEvent } from "../conformance/events.ts";
import type { Settings } from "../conformance/target.ts";
import { deadline, onServer } from "../kit/sql/stage.fixture.ts";
import { terraLayout } from "../kit/sql/terra.ts";
import { typedLayout } from "../kit/sql/typed/layout.ts";
import destination from "./index.ts";
import { createTable } from "./statements.ts";
import { type PostgresPlace, startTarget } from "./target.ts";

const readme = readFileSync(path.join(import.meta.dirname, "README.md"), "utf8");
const grants = [...readme.matchAll(/```sql\n(.*?)```/gs)].map(([, statements]) => statements ?? "");

/** The statements of the file, with another name of the user. */
async function granted(place: PostgresPlace, statements: string): Promise<Settings> {
  const { username } = await place.newUser();
  await place.query(`DROP ROLE ${username}`);
  await place.admin.query(statements.replaceAll(/\bsystole\b/g, username));
  return { ...place.settings, username, password: "change-me" };
}

describe("the README's grants", () => {
  const test = onServer({ destination, startTarget });

  it("are two", () => expect(grants).toHaveLength(2));

  test("for making the tables are enough, with either layout", async ({ place, connect }) => {
    const settings = await granted(place, grants[0] ?? "");
    for (const layout of ["terra", "typed"]) {
      const sender = connect({ ...settings, layout });
      await sender.check(deadline());
      for (const event of [dataEvent(), plainEvent("auth")]) await sender.deliver(event, deadline());
      await sender.check(deadline());
    }
  });

  test("for tables made by others are enough, and the typed ones want DELETE besides", async (stage) => {
    const { place, connect } = stage;
    const tables = [...terraLayout.tables, ...typedLayout().tables];
    for (const statement of tables.flatMap((table) => createTable(null, table))) {
      await place.admin.query(statement);
    }
    const settings = await granted(place, grants[1] ?? "");
    const sender = connect(settings);
    await sender.check(deadline());
    for (const event of [dataEvent(), plainEvent("auth")]) await sender.deliver(event, deadline());
    const typed = connect({ ...settings, layout: "typed" });
    await place.query(`GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA public TO ${settings.username}`);
    const refused = {
      code: "DESTINATION_PERMISSION_MISSING",
      details: { reason: expect.stringMatching(/^DELETE on systole_/) },
    };
    await expect(typed.check(deadline())).rejects.toMatchObject(refused);
    await place.query(`GRANT DELETE ON ALL TABLES IN SCHEMA public TO ${settings.username}`);
    await typed.check(deadline());
    await typed.deliver(dataEvent(), deadline());
  });

  test("lack what a new column takes, and that is said", async ({ place, connect }) => {
    for (const statement of terraLayout.tables.flatMap((table) => createTable(null, table))) {
      await place.query(statement);
    }
    const sender = connect(await granted(place, grants[1] ?? ""));
    await place.query("ALTER TABLE terra_users DROP COLUMN state");
    const refused = {
      code: "DESTINATION_PERMISSION_MISSING",
      retry: "later",
      details: { reason: expect.stringMatching(/^ownership of terra_users/) },
    };
    await expect(sender.check(deadline())).rejects.toMatchObject(refused);
    await expect(sender.deliver(dataEvent(), deadline())).rejects.toMatchObject(refused);
  });
});
