/** Terra's nutrients by HealthKit's. HealthKit weighs them in kilograms here; no two fields share a unit by accident. */
import type { NutritionMacros, NutritionMicros } from "../../../models/index.ts";
import { nutritionMacrosSchema, nutritionMicrosSchema } from "../../../models/index.ts";
import { shifted, withoutNoise } from "./decimal-shift.ts";
import { dietaryEnergy, quantity } from "./type-homes.ts";

/** Decimal places from kilograms. */
const [grams, milligrams] = [3, 6];

type Field = readonly [field: string, places: number];

const dietary = (name: string): string => quantity(`Dietary${name}`);

const macros: ReadonlyMap<string, Field> = new Map([
  [dietaryEnergy, ["calories", 0]],
  [dietary("Carbohydrates"), ["carbohydrates_g", grams]],
  [dietary("FatTotal"), ["fat_g", grams]],
  [dietary("FatSaturated"), ["saturated_fat_g", grams]],
  [dietary("Protein"), ["protein_g", grams]],
  [dietary("Fiber"), ["fiber_g", grams]],
  [dietary("Sugar"), ["sugar_g", grams]],
  [dietary("Sodium"), ["sodium_mg", milligrams]],
  [dietary("Cholesterol"), ["cholesterol_mg", milligrams]],
]);

const micros: ReadonlyMap<string, Field> = new Map<string, Field>([
  ...(
    [
      ["Biotin", "biotin"],
      ["Caffeine", "caffeine"],
      ["Calcium", "calcium"],
      ["Sodium", "sodium"],
      ["Chloride", "chloride"],
      ["Chromium", "chromium"],
      ["Copper", "copper"],
      ["Folate", "folate"],
      ["Iodine", "iodine"],
      ["Iron", "iron"],
      ["Magnesium", "magnesium"],
      ["Manganese", "manganese"],
      ["Molybdenum", "molybdenum"],
      ["Niacin", "niacin"],
      ["PantothenicAcid", "pantothenic_acid"],
      ["Phosphorus", "phosphorus"],
      ["Potassium", "potassium"],
      ["Riboflavin", "riboflavin"],
      ["Selenium", "selenium"],
      ["Thiamin", "thiamin"],
      ["VitaminA", "vitamin_A"],
      ["VitaminB12", "vitamin_B12"],
      ["VitaminB6", "vitamin_B6"],
      ["VitaminC", "vitamin_C"],
      ["VitaminD", "vitamin_D"],
      ["VitaminE", "vitamin_E"],
      ["VitaminK", "vitamin_K"],
      ["Zinc", "zinc"],
    ] as const
  ).map(([name, field]): [string, Field] => [dietary(name), [`${field}_mg`, milligrams]]),
  [dietary("FatMonounsaturated"), ["monounsaturated_fat_g", grams]],
  [dietary("FatPolyunsaturated"), ["polyunsaturated_fat_g", grams]],
]);

export interface Nutrients {
  readonly macros: NutritionMacros;
  readonly micros: NutritionMicros;
}

/** Returns the nutrients of a day or a meal. @param amountOf in kilograms, and kcal for energy; null where not told */
export function nutrientsOf(amountOf: (type: string) => number | null): Nutrients {
  const filled = (schema: { readonly shape: object }, fields: ReadonlyMap<string, Field>) => {
    const blank = Object.fromEntries(Object.keys(schema.shape).map((name) => [name, null]));
    const told = [...fields].map(([type, [field, places]]) => [field, converted(amountOf(type), places)]);
    return { ...blank, ...Object.fromEntries(told) };
  };
  return {
    macros: filled(nutritionMacrosSchema, macros),
    micros: filled(nutritionMicrosSchema, micros),
  };
}

const converted = (amount: number | null, places: number): number | null =>
  amount === null ? null : shifted(withoutNoise(amount), places);

/** Returns the fields of a nutrient, by their paths in Nutrition. */
export const fieldsOfNutrient = (type: string): string[] =>
  Object.entries({ macros, micros }).flatMap(([group, fields]) => {
    const field = fields.get(type)?.[0];
    return field === undefined ? [] : [`nutrition.summary.${group}.${field}`];
  });
