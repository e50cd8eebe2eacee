/** The tests' user has the permissions that the README says to grant. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { expect, it } from "vitest";
import { settings } from "./settings.ts";
import { leastGrant } from "./target.ts";

const readme = await readFile(path.join(import.meta.dirname, "README.md"), "utf8");

it("the README grants what the tests' user has, and no more", () => {
  const [, command = ""] = /```\n(kafka-acls\.sh[\s\S]*?)```/.exec(readme) ?? [];
  const operations = [...command.matchAll(/--operation (\w+)/g)].map(([, operation]) => operation);
  expect(operations.map((operation) => operation?.toUpperCase())).toEqual(leastGrant);
});

it("the README has every setting", () => {
  const [, section = ""] = /## Settings\n([\s\S]*?)\n## /.exec(readme) ?? [];
  const named = [...section.matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name);
  expect(named).toEqual(Object.keys(settings.shape));
});
