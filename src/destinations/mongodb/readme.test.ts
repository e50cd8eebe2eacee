/** The role in README.md, as it is written there, is sufficient. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { deadline } from "../conformance/bench.ts";
import { dataEvent } from "../conformance/events.ts";
import mongodb from "./index.ts";
import { usePlaces } from "./places.fixture.ts";

const readme = await readFile(path.join(import.meta.dirname, "README.md"), "utf8");

describe("README.md", () => {
  const withPlace = usePlaces();

  withPlace("has a role that is enough", async ({ place: { db }, connect }) => {
    const [, shell = ""] = /```js\n(.*?)```/s.exec(readme) ?? [];
    const commands: Record<string, unknown>[] = [];
    const { user, pwd } = runInShell(shell.replaceAll('"terra"', JSON.stringify(db.databaseName)), commands);
    for (const command of commands) await db.command(command);
    const sender = connect({ username: user, password: pwd });
    await sender.check(deadline());
    await sender.deliver(dataEvent(), deadline());
  });

  it("has every setting", () => {
    for (const name of Object.keys(mongodb.settings.shape)) expect(readme).toContain(`| \`${name}\``);
  });
});

/** The helpers of mongosh, as mongosh defines them. */
function runInShell(code: string, commands: Record<string, unknown>[]): { user: string; pwd: string } {
  let made = { user: "", pwd: "" };
  const db = {
    createRole: ({ role, ...rest }: { role: string }) => commands.push({ createRole: role, ...rest }),
    createUser: ({ user, pwd, ...rest }: { user: string; pwd: string }) => {
      made = { user, pwd };
      commands.push({ createUser: user, pwd, ...rest });
    },
  };
  runInNewContext(code, { db, use: () => {} });
  return made;
}
