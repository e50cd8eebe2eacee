import { expect, test } from "vitest";
import { unwanted } from "../scripts/licences.ts";

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
