import { z } from "zod";
import { mealTypeSchema, nutritionUnitsSchema } from "./enums.ts";
import { sample } from "./samples.ts";
import { list, number, section, text } from "./section.ts";
import { dayMetadataSchema } from "./shared.ts";
import { timestampSchema } from "./timestamp.ts";

export const nutritionMacrosSchema = section({
  /** Kilocalories. */
  calories: number,
  carbohydrates_g: number,
  net_carbohydrates_g: number,
  fat_g: number,
  saturated_fat_g: number,
  trans_fat_g: number,
  protein_g: number,
  fiber_g: number,
  sugar_g: number,
  alcohol_g: number,
  sodium_mg: number,
  cholesterol_mg: number,
});

export const nutritionMicrosSchema = section({
  biotin_mg: number,
  caffeine_mg: number,
  calcium_mg: number,
  sodium_mg: number,
  chloride_mg: number,
  chromium_mg: number,
  copper_mg: number,
  folate_mg: number,
  folic_acid_mg: number,
  iodine_mg: number,
  iron_mg: number,
  magnesium_mg: number,
  manganese_mg: number,
  molybdenum_mg: number,
  niacin_mg: number,
  pantothenic_acid_mg: number,
  phosphorus_mg: number,
  potassium_mg: number,
  riboflavin_mg: number,
  selenium_mg: number,
  thiamin_mg: number,
  vitamin_A_mg: number,
  vitamin_B12_mg: number,
  vitamin_B6_mg: number,
  vitamin_C_mg: number,
  vitamin_D_mg: number,
  vitamin_D2_mg: number,
  vitamin_D3_mg: number,
  vitamin_E_mg: number,
  vitamin_K_mg: number,
  zinc_mg: number,
  cystine_g: number,
  histidine_g: number,
  isoleucine_g: number,
  leucine_g: number,
  lysine_g: number,
  methionine_g: number,
  phenylalanine_g: number,
  threonine_g: number,
  tryptophan_g: number,
  tyrosine_g: number,
  valine_g: number,
  monounsaturated_fat_g: number,
  polyunsaturated_fat_g: number,
  omega3_g: number,
  omega6_g: number,
  starch_g: number,
});

export const nutritionQuantitySchema = section({
  unit: nutritionUnitsSchema,
  /** Null where somebody logged a food without saying how much. */
  amount: z.number().nullable(),
});

/** One food eaten, not a whole meal. */
export const mealSchema = section({
  id: z.string(),
  name: z.string(),
  type: mealTypeSchema,
  timestamp: timestampSchema,
  quantity: nutritionQuantitySchema,
  macros: nutritionMacrosSchema,
  micros: nutritionMicrosSchema,
});

/** `drink_volume` is counted in `drink_unit`. */
export const drinkSampleSchema = sample({
  drink_name: text,
  drink_unit: nutritionUnitsSchema.nullish(),
  drink_volume: number,
});

export const nutritionSummarySchema = section({
  macros: nutritionMacrosSchema.nullish(),
  micros: nutritionMicrosSchema.nullish(),
  water_ml: number,
  /** Drinks other than water. */
  drink_ml: number,
});

/** Food and drink of one day. */
export const nutritionSchema = section({
  metadata: dayMetadataSchema,
  summary: nutritionSummarySchema.nullish(),
  meals: list(mealSchema),
  drink_samples: list(drinkSampleSchema),
});

export type NutritionMacros = z.infer<typeof nutritionMacrosSchema>;
export type NutritionMicros = z.infer<typeof nutritionMicrosSchema>;
export type NutritionQuantity = z.infer<typeof nutritionQuantitySchema>;
export type Meal = z.infer<typeof mealSchema>;
export type DrinkSample = z.infer<typeof drinkSampleSchema>;
export type NutritionSummary = z.infer<typeof nutritionSummarySchema>;
export type Nutrition = z.infer<typeof nutritionSchema>;
