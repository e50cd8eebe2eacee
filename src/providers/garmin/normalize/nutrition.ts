import {
  complete,
  formatTimestamp,
  type Meal,
  MealType,
  NutritionUnits,
  TimestampLocalization,
} from "../../../models/index.ts";
import { isParsed, parseTime } from "../../kit/iso-time.ts";
import { isOneOf, namesOf, refsTo, valueFrom } from "../../kit/parts.ts";
import { notNegative } from "../../kit/values.ts";
import type { Normalizer } from "../../provider.ts";
import { withProviderData } from "../../provider-data.ts";
import {
  foodLog,
  type GarminContent,
  type GarminFood,
  type GarminNutrition,
  hydration,
} from "../resources/nutrition.ts";
import { userSettings } from "../resources/person.ts";
import { midnights, noOffset, writeInstant } from "../times.ts";
import { offsetAtLocal, offsetWith, type Zone, zoneIn, zoneRefs } from "./zone.ts";

const mealTypes: Readonly<Record<string, MealType>> = {
  BREAKFAST: MealType.Breakfast,
  LUNCH: MealType.Lunch,
  DINNER: MealType.Dinner,
  SNACKS: MealType.Snack,
  SNACK: MealType.Snack,
};

const units: Readonly<Record<string, NutritionUnits>> = {
  g: NutritionUnits.Gram,
  gram: NutritionUnits.Gram,
  ml: NutritionUnits.Milliliter,
  oz: NutritionUnits.Ounce,
  cup: NutritionUnits.Cup,
  tsp: NutritionUnits.Teaspoon,
  tbsp: NutritionUnits.Tablespoon,
  serving: NutritionUnits.Count,
};

function wordIn<Value>(words: Readonly<Record<string, Value>>, word: string, other: Value): Value {
  return Object.hasOwn(words, word) ? (words[word] ?? other) : other;
}

type Nutrient = number | null | undefined;

/** Returns the amounts of one serving, times the servings; null where either is not known. */
const eaten =
  (servings: number | null) =>
  (ofOne: Nutrient): number | null => {
    const known = notNegative(ofOne);
    return known === null || servings === null ? null : known * servings;
  };

/** Micrograms → milligrams. */
const thousandth = (micrograms: number | null): number | null =>
  micrograms === null ? null : micrograms / 1_000;

function macros(given: Partial<GarminContent>, total: (ofOne: Nutrient) => number | null): Meal["macros"] {
  return {
    calories: total(given.calories),
    carbohydrates_g: total(given.carbs),
    fat_g: total(given.fat),
    saturated_fat_g: total(given.saturated_fat),
    trans_fat_g: total(given.trans_fat),
    protein_g: total(given.protein),
    fiber_g: total(given.fiber),
    sugar_g: total(given.sugar),
    sodium_mg: total(given.sodium),
    cholesterol_mg: total(given.cholesterol),
  };
}

function micros(given: Partial<GarminContent>, total: (ofOne: Nutrient) => number | null): Meal["micros"] {
  return {
    sodium_mg: total(given.sodium),
    calcium_mg: total(given.calcium),
    iron_mg: total(given.iron),
    potassium_mg: total(given.potassium),
    vitamin_A_mg: thousandth(total(given.vitamin_a)),
    vitamin_C_mg: total(given.vitamin_c),
    vitamin_D_mg: thousandth(total(given.vitamin_d)),
    monounsaturated_fat_g: total(given.monounsaturated_fat),
    polyunsaturated_fat_g: total(given.polyunsaturated_fat),
  };
}

type Told = string | null | undefined;

/** Reads a time of the clock. One without an offset has that of the zone; null for what is no time. */
function clockTime(told: Told, zone: Zone): string | null {
  if (told == null || !isParsed(() => parseTime(told))) return null;
  const { localMs, offsetMinutes } = parseTime(told);
  return formatTimestamp(localMs, offsetMinutes ?? offsetAtLocal(zone, localMs));
}

/** Returns the time of a meal with its own offset, else in the zone, else the time of its entry; null where none is told. */
function timeOf(food: GarminFood, day: string, zone: Zone): string | null {
  const { meal_date_time_with_offset: told, meal_time: onClock, log_timestamp: logged } = food;
  const atMeal = clockTime(told, zone) ?? (onClock == null ? null : clockTime(`${day}T${onClock}`, zone));
  return atMeal ?? (logged == null ? null : writeInstant(logged, offsetWith(zone, logged, null)));
}

type Content = NonNullable<GarminFood["nutrition_content"]>;

/** Returns what was eaten in units of the food, else in servings; null where the servings are not told. */
function quantityOf(content: Partial<Content>, servings: number | null): Meal["quantity"] {
  const amount = eaten(servings)(content.number_of_units);
  if (amount === null) return { unit: NutritionUnits.Count, amount: servings };
  const unit = content.serving_unit?.toLowerCase() ?? "";
  return { unit: wordIn(units, unit, NutritionUnits.Unknown), amount };
}

/** The day and the meal of a food. */
interface Place {
  readonly day: string;
  readonly mealName: string;
  /** Identifies the food by its place in the diary. */
  readonly id: string;
  readonly zone: Zone;
}

/** Converts one food. Its content is that of ONE serving. None for a food without any time: one would be invented. */
function mealOf(given: GarminFood, { day, mealName, id: place, zone }: Place): Meal[] {
  const timestamp = timeOf(given, day, zone);
  if (timestamp === null) return [];
  const [id, content] = [given.log_id ?? given.id ?? place, given.nutrition_content ?? {}];
  const servings = notNegative(given.serving_qty);
  const total = eaten(servings);
  return [
    {
      id,
      name: given.food_meta_data?.food_name ?? "",
      type: wordIn(mealTypes, mealName, MealType.Unknown),
      timestamp,
      quantity: quantityOf(content, servings),
      macros: macros(content, total),
      micros: micros(content, total),
    },
  ];
}

const mealsOf = ({ meal_date: day, meal_details: details }: GarminNutrition, zone: Zone): Meal[] =>
  (details ?? []).flatMap(({ meal, logged_foods: foods }, mealIndex) => {
    const mealName = meal?.default_meal_name ?? meal?.meal_name ?? "";
    return (foods ?? []).flatMap((food, index) =>
      mealOf(food, { day, mealName, id: `${day}/${mealIndex + 1}/${index + 1}`, zone }),
    );
  });

const sources = [foodLog, hydration];

/**
 * Converts the food diary of a day (GET /nutrition-service/food/logs) and its water to a Nutrition. The summary is
 * Garmin's own. Null for a day without an entry.
 */
const fromParts: Normalizer = {
  type: "nutrition",
  needs: namesOf([...sources, userSettings]),
  affects: (part) => (isOneOf(sources, part) ? [{ type: "nutrition", naturalKey: part.key }] : []),
  partsOf: (day) => [...refsTo(sources, day), ...zoneRefs],
  normalize(parts, day) {
    const [food, water] = [valueFrom(parts, foodLog), valueFrom(parts, hydration)];
    const drunk = notNegative(water?.value_in_ml);
    const meals = food === undefined ? [] : mealsOf(food, zoneIn(parts));
    const content = food?.daily_nutrition_content;
    if (drunk === null && meals.length === 0 && content == null) return null;
    return complete("nutrition", {
      metadata: { ...midnights(day, noOffset), timestamp_localization: TimestampLocalization.Local },
      summary: { macros: macros(content ?? {}, notNegative), water_ml: drunk },
      meals,
    });
  },
};

export const nutritionNormalizer = withProviderData("garmin", fromParts, { one: sources });
