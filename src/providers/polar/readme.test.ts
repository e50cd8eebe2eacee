/** Checks that README.md says of every resource how it is fetched, and links to the guide to its fields. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import polar from "./index.ts";

const here = import.meta.dirname;
const readme = readFileSync(path.join(here, "README.md"), "utf8");
const guide = path.join(here, "../../../docs/guides/polar-fields.md");

/** The first cells of the table of keys. */
const listed = [...readme.matchAll(/^\| (`[^|]+`) \|/gm)].flatMap(([, cell = ""]) =>
  [...cell.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name),
);

describe("the README", () => {
  it("lists the resources that there are", () => {
    expect(listed.sort()).toEqual(polar.resources.map(({ name }) => name).sort());
  });

  it("links to the guide, which has a table of each", () => {
    expect(readme).toContain("docs/guides/polar-fields.md");
    const headings = [...readFileSync(guide, "utf8").matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
    const resources = polar.resources.map(({ name }) => name);
    expect(headings).toEqual([...resources, "Added by the normalisers"]);
  });
});
