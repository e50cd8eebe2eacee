import { describe, expect, it } from "vitest";
import { z } from "zod";
import { type DataType, models } from "../../../models/index.ts";
import { treeOf } from "../../ledger-tree.ts";
import { quantityTypes } from "../healthkit/quantity-types.ts";
import { carriedOfCycle, symptoms } from "../normalize/type-homes.ts";
import { resources } from "../resources.ts";
import { typeFates } from "./samples.ts";

function bare(schema: unknown): unknown {
  return schema instanceof z.ZodOptional || schema instanceof z.ZodNullable ? bare(schema.unwrap()) : schema;
}

/** Tells whether the models have the field. Paths go into the items of lists without `[]`. */
function isInModels(target: string): boolean {
  const [type = "", ...keys] = target.split(".");
  const found = keys.reduce<unknown>(
    (schema, key) => {
      const inner = bare(schema);
      const fields = inner instanceof z.ZodArray ? bare(inner.element) : inner;
      return fields instanceof z.ZodObject ? fields.shape[key] : undefined;
    },
    models[type as DataType],
  );
  return found !== undefined;
}

describe.each(resources.map(({ name, ledger }) => ({ name, ledger })))(
  "the ledger of $name",
  ({ ledger }) => {
    it("has each leaf once, and none below another", () => expect(() => treeOf(ledger)).not.toThrow());

    it("maps into fields that the models have", () => {
      for (const [leaf, fate] of Object.entries(ledger)) {
        if (fate.fate !== "mapped") continue;
        expect(fate.to.length, leaf).toBeGreaterThan(0);
        expect(
          fate.to.filter((target) => !isInModels(target)),
          leaf,
        ).toEqual([]);
        expect(fate.how, leaf).toMatch(/^(exact|converted|derived|key)/);
      }
    });
  },
);

describe("the types of samples", () => {
  it.each([...quantityTypes.keys(), ...symptoms.keys(), ...carriedOfCycle])("%s has a fate", (type) => {
    expect(typeFates.get(type)).toBeDefined();
  });
});
