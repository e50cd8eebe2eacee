import { globSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { testsOfStore } from "../scripts/tests-of-store.ts";

const root = path.resolve(import.meta.dirname, "..");

it("tests with a database are found by their imports, however far away those are", () => {
  const all = globSync("{src,test}/**/*.test.ts", { cwd: root });
  const found = testsOfStore(root, all);
  expect(found).toEqual(
    expect.arrayContaining([
      "src/store/database.test.ts",
      "src/ingest/renormalize/renormalize.test.ts",
      "src/api/v2/data.test.ts",
      "test/sync.test.ts",
      "test/hostile-bodies.test.ts",
    ]),
  );
  for (const without of ["src/providers/polar/odd-leaves.test.ts", "test/licences.test.ts"]) {
    expect(all).toContain(without);
    expect(found).not.toContain(without);
  }
});
