/** Runs the statements of README.md, and delivers as the user that they make. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { dataEvent, plainEvent } from "../conformance/events.ts";
import type { Settings } from "../conformance/target.ts";
import { deadline, onServer } from "../kit/sql/stage.fixture.ts";
import { terraLayout } from "../kit/sql/terra.ts";
import destination from "./index.ts";
import { createTable } from "./statements.ts";
import { type MysqlPlace, startTarget } from "./target.ts";

const readme = readFileSync(path.join(import.meta.dirname, "README.md"), "utf8");
const grants = [...readme.matchAll(/```sql\n(.*?)```/gs)].map(([, statements]) => statements ?? "");

/** The statements of the file, with other names of the user and the database. */
async function granted(place: MysqlPlace, statements: string): Promise<Settings> {
  const { username } = (await place.newUser([])) as { readonly username: string };
  await place.query(`DROP USER ${username}`);
  const named = statements.replaceAll(/\bsystole\b/g, username).replaceAll("your_database", place.database);
  for (const statement of named.split(";").filter((one) => one.trim() !== "")) await place.query(statement);
  return { ...place.settings, username, password: "change-me" };
}

describe("the README's grants", () => {
  const test = onServer({ destination, startTarget });
  const events = [dataEvent(), dataEvent("body"), plainEvent("auth")];

  it("are three", () => expect(grants).toHaveLength(3));

  test("for making the tables are enough", async ({ place, connect }) => {
    const sender = connect(await granted(place, grants[0] ?? ""));
    await sender.check(deadline());
    for (const event of events) await sender.deliver(event, deadline());
    await sender.check(deadline());
  });

  test("for the typed layout are enough, and nothing less is", async ({ place, connect }) => {
    const settings = { ...(await granted(place, grants[1] ?? "")), layout: "typed" };
    const sender = connect(settings);
    await sender.check(deadline());
    for (const event of [...events, ...events]) await sender.deliver(event, deadline());
    await sender.check(deadline());
    const less = connect({ ...(await granted(place, grants[0] ?? "")), layout: "typed" });
    await expect(less.check(deadline())).rejects.toMatchObject({
      code: "DESTINATION_PERMISSION_MISSING",
      details: { reason: expect.stringMatching(/^DELETE on systole_/) },
    });
    await place.query("ALTER TABLE systole_sleep DROP COLUMN is_nap");
    await sender.check(deadline());
    await expect(less.check(deadline())).rejects.toMatchObject({
      details: { reason: expect.stringMatching(/^(ALTER on systole_sleep|DELETE on systole_)/) },
    });
    for (const event of events) await sender.deliver(event, deadline());
  });

  test("for tables made by others are enough", async ({ place, connect }) => {
    for (const table of terraLayout.tables) await place.query(createTable(table));
    const sender = connect(await granted(place, grants[2] ?? ""));
    await sender.check(deadline());
    for (const event of events) await sender.deliver(event, deadline());
    await place.query("ALTER TABLE terra_users DROP COLUMN state");
    const refused = { details: { reason: expect.stringMatching(/^ALTER on terra_users/) } };
    await expect(sender.check(deadline())).rejects.toMatchObject(refused);
    await expect(sender.deliver(dataEvent(), deadline())).rejects.toMatchObject(refused);
  });
});
