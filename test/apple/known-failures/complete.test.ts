/** Every known failure has its one test. */
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { knownFailures } from "./failures.ts";

const tested = globSync(path.join(import.meta.dirname, "*.test.ts"))
  .flatMap((file) => [...readFileSync(file, "utf8").matchAll(/^ {0,2}failure\(\s*(\d+),/gm)])
  .map(([, number]) => Number(number))
  .toSorted((one, other) => one - other);

it("each of the 57 failures is listed, and tested once", () => {
  const numbers = Array.from({ length: 57 }, (_, index) => index + 1);
  expect(Object.keys(knownFailures).map(Number)).toEqual(numbers);
  expect(tested).toEqual(numbers);
});
