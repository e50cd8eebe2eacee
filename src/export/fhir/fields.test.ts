import { expect, it } from "vitest";
import { faultsOf } from "../field-table.ts";
import { fields } from "./fields.ts";

it("has a line for each field of each model", () => {
  expect(faultsOf(fields)).toEqual([]);
});
