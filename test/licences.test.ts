import { expect, test } from "vitest";
import { unwanted, unwantedBundled } from "../scripts/licences.ts";

test("names each package whose licence was not agreed to", () => {
  const packages = {
    "": {},
    "node_modules/a": { license: "MIT" },
    "node_modules/b": { license: "(GPL-3.0 OR MIT)" },
    "node_modules/c": { license: "MIT AND GPL-3.0" },
    "node_modules/d": { license: "MPL-2.0", dev: true },
    "node_modules/e": { license: "MPL-2.0" },
    "node_modules/f": {},
    "node_modules/uri-templates": { license: "http://example.com" },
  };
  expect(unwanted(packages)).toEqual([
    "node_modules/c: MIT AND GPL-3.0",
    "node_modules/e: MPL-2.0",
    "node_modules/f: no licence",
    "node_modules/uri-templates: http://example.com",
  ]);
});

test("names each package of the dashboard's build whose licence was not agreed to: a font's own is", () => {
  const of = (name: string, identifier: string | null) => ({ name, version: "1.0.0", identifier });
  const bundled = [of("a", "MIT"), of("font", "OFL-1.1"), of("b", "MPL-2.0"), of("c", null)];
  expect(unwantedBundled(bundled)).toEqual(["b in the dashboard: MPL-2.0", "c in the dashboard: no licence"]);
});
