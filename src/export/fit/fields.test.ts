import { expect, it } from "vitest";
import { faultsOf } from "../field-table.ts";
import { fields } from "./fields.ts";

it("has each field of each model in one line", () => {
  expect(faultsOf(fields)).toEqual([]);
});

it("notices a field without a line", () => {
  const { "metadata.name": _, ...activity } = fields.activity;
  expect(faultsOf({ ...fields, activity })).toEqual(["activity.metadata.name: in no line"]);
});
