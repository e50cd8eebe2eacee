/** Food and drink of one day: what was taken in as a whole, and each food with its own intakes. */
import { NutritionUnits } from "../../../models/index.ts";
import { foodUnits, type IntakeName, mealTypes } from "../own-codes.ts";
import {
  type Code,
  coded,
  type FhirTable,
  type FieldRule,
  loinc,
  own,
  type Place,
  quantity,
  text,
  under,
  used,
} from "../table.ts";
import type { Unit } from "../units.ts";
import * as shared from "./shared.ts";

const intake = (name: IntakeName): Code => own(`intake-${name}`);

const grams: readonly (readonly [field: string, name: IntakeName])[] = [
  ["carbohydrates", "carbohydrates"],
  ["net_carbohydrates", "net-carbohydrates"],
  ["fat", "fat"],
  ["saturated_fat", "saturated-fat"],
  ["trans_fat", "trans-fat"],
  ["protein", "protein"],
  ["fiber", "fiber"],
  ["sugar", "sugar"],
  ["alcohol", "alcohol"],
];
const microMilligrams: readonly (readonly [field: string, name: IntakeName])[] = [
  ["biotin", "biotin"],
  ["caffeine", "caffeine"],
  ["calcium", "calcium"],
  ["sodium", "sodium"],
  ["chloride", "chloride"],
  ["chromium", "chromium"],
  ["copper", "copper"],
  ["folate", "folate"],
  ["folic_acid", "folic-acid"],
  ["iodine", "iodine"],
  ["iron", "iron"],
  ["magnesium", "magnesium"],
  ["manganese", "manganese"],
  ["molybdenum", "molybdenum"],
  ["niacin", "niacin"],
  ["pantothenic_acid", "pantothenic-acid"],
  ["phosphorus", "phosphorus"],
  ["potassium", "potassium"],
  ["riboflavin", "riboflavin"],
  ["selenium", "selenium"],
  ["thiamin", "thiamin"],
  ["vitamin_A", "vitamin-a"],
  ["vitamin_B12", "vitamin-b12"],
  ["vitamin_B6", "vitamin-b6"],
  ["vitamin_C", "vitamin-c"],
  ["vitamin_D", "vitamin-d"],
  ["vitamin_D2", "vitamin-d2"],
  ["vitamin_D3", "vitamin-d3"],
  ["vitamin_E", "vitamin-e"],
  ["vitamin_K", "vitamin-k"],
  ["zinc", "zinc"],
];
const microGrams: readonly (readonly [field: string, name: IntakeName])[] = [
  ["cystine", "cystine"],
  ["histidine", "histidine"],
  ["isoleucine", "isoleucine"],
  ["leucine", "leucine"],
  ["lysine", "lysine"],
  ["methionine", "methionine"],
  ["phenylalanine", "phenylalanine"],
  ["threonine", "threonine"],
  ["tryptophan", "tryptophan"],
  ["tyrosine", "tyrosine"],
  ["valine", "valine"],
  ["monounsaturated_fat", "monounsaturated-fat"],
  ["polyunsaturated_fat", "polyunsaturated-fat"],
  ["omega3", "omega3"],
  ["omega6", "omega6"],
  ["starch", "starch"],
];

const inUnit = (
  nutrients: readonly (readonly [field: string, name: IntakeName])[],
  unit: "g" | "mg",
  place: Place,
): Record<string, FieldRule> =>
  Object.fromEntries(
    nutrients.map(([field, name]) => [`${field}_${unit}`, quantity(intake(name), unit, { place })]),
  );

const nutrients = (place: Place): Record<string, FieldRule> => ({
  ...under("macros", {
    calories: quantity(loinc("9052-2"), "kcal", { place }),
    ...inUnit(grams, "g", place),
    sodium_mg: quantity(intake("sodium"), "mg", { place }),
    cholesterol_mg: quantity(intake("cholesterol"), "mg", { place }),
  }),
  ...under("micros", { ...inUnit(microMilligrams, "mg", place), ...inUnit(microGrams, "g", place) }),
});

/**
 * Grams and millilitres are UCUM's. The others are counted: a cup or a spoon is not the same in every country, an egg has
 * no unit, and an ounce may be of either kind.
 */
const amountUnits: ReadonlyMap<unknown, Unit> = new Map([
  [NutritionUnits.Gram, "g"],
  [NutritionUnits.Milliliter, "mL"],
]);
const amount = (code: Code, field: string): FieldRule =>
  quantity(code, "{count}", { place: "component", unitIn: { field, units: amountUnits } });

export const nutritionTable: FhirTable = {
  category: "social-history",
  momentOf: "day",
  lists: {
    meals: { kind: "items", code: loinc("80453-4"), start: "timestamp", id: "id" },
    drink_samples: { kind: "items", code: own("drink"), start: "timestamp" },
  },
  fields: {
    ...under("metadata", shared.times),
    ...under("summary", {
      ...nutrients("observation"),
      water_ml: quantity(intake("water"), "mL"),
      drink_ml: quantity(intake("drinks"), "mL"),
    }),
    ...under("meals[]", {
      id: used("identifier (its part for the food)", false),
      name: text(own("food-name"), { place: "component" }),
      type: coded(own("meal-type"), mealTypes, { place: "component" }),
      timestamp: used("effectiveDateTime"),
      "quantity.unit": coded(own("food-unit"), foodUnits, { place: "component" }),
      "quantity.amount": amount(own("food-amount"), "quantity.unit"),
      ...nutrients("component"),
    }),
    ...under("drink_samples[]", {
      timestamp: used("effectiveDateTime"),
      drink_name: text(own("drink-name"), { place: "component" }),
      drink_unit: coded(own("food-unit"), foodUnits, { place: "component" }),
      drink_volume: amount(own("drink-amount"), "drink_unit"),
    }),
  },
};
