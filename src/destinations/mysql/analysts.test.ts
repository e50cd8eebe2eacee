/** The README's queries for DuckDB and pandas, run as they are printed by a user who may only read. */
import { expect, it } from "vitest";
import { expectPrinted, isUnavailable, printedIn, pythonOrNone } from "../analysts.fixture.ts";
import { deadline, onServer } from "../kit/sql/stage.fixture.ts";
import { happenings } from "../kit/sql/typed/readme.fixture.ts";
import destination from "./index.ts";
import { startTarget } from "./target.ts";

const printed = printedIn(import.meta.dirname);
const python = await pythonOrNone();
const test = onServer({ destination, startTarget });

it("the README has two", () => expect(printed).toHaveLength(2));
if (isUnavailable(python)) {
  it("they print what the README says", ({ skip }) => skip(python.reason));
} else {
  test("they print what the README says", async ({ target, place, connect }) => {
    await connect(place.typed).deliverBatch?.(happenings, deadline());
    const reader = (await place.newUser(["SELECT ON *"])) as Record<"username" | "password", string>;
    const database = String(place.typed.database);
    const given = {
      "db.example.com": "127.0.0.1",
      "3306": String(target.running.ports.sql),
      your_database: database,
      "change-me": reader.password,
    };
    for (const one of printed) {
      const user = one.script.includes("user=reader")
        ? { "user=reader": `user=${reader.username}` }
        : { "//reader": `//${reader.username}` };
      await expectPrinted(python, one, { ...given, ...user });
    }
  });
}
