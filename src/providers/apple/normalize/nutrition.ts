import { createHash } from "node:crypto";
import {
  complete,
  type DrinkSample,
  type Meal,
  MealType,
  type Nutrition,
  NutritionUnits,
} from "../../../models/index.ts";
import type { Normalizer, Part } from "../../provider.ts";
import type { Growing } from "../healthkit/growing-parts.ts";
import type { Correlation } from "../healthkit/readings.ts";
import { DayItems } from "./day-items.ts";
import { possibleDatesOf, timeWriter, utcDaysOf } from "./local-clock.ts";
import { recordDay } from "./local-day.ts";
import { nutrientsOf } from "./nutrients.ts";
import { beside, carriedSamples } from "./provider-data.ts";
import {
  dayRefs,
  isGrowing,
  needsOf,
  RecordParts,
  sampleRefs,
  settingsRef,
  typeOfPart,
} from "./record-parts.ts";
import { sumOfShares } from "./share-sums.ts";
import { alcoholicBeverages, dietaryEnergy, dietaryWater, nutrients } from "./type-homes.ts";

const typesOfNutrition: ReadonlySet<string> = new Set([
  dietaryEnergy,
  dietaryWater,
  ...nutrients,
  alcoholicBeverages,
]);

const foodType = "HKCorrelationTypeIdentifierFood";

const mealTypes: ReadonlyMap<string, MealType> = new Map([
  ["breakfast", MealType.Breakfast],
  ["lunch", MealType.Lunch],
  ["dinner", MealType.Dinner],
  ["snack", MealType.Snack],
  ["snacks", MealType.Snack],
]);

/** Returns a text of the meal's metadata, or of a member's: apps write it into either. */
function noted({ metadata, members }: Correlation, key: string): string | null {
  const all = [metadata, ...members.map((member) => member.metadata)];
  return (
    all.map((one) => one[key]).find((text): text is string => typeof text === "string" && text !== "") ?? null
  );
}

/** Returns a food with its own nutrients. They stand among the samples of the day too, and are not added to it. */
function mealOf(food: Growing<"correlations">, timestamp: string): Meal {
  const amountOf = (type: string): number | null => {
    const values = food.members.filter((member) => member.type === type).map(({ value }) => value);
    const known = values.filter((value) => value !== null);
    return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0);
  };
  return {
    id: food.uuid ?? shortIdOf(food),
    name: noted(food, "HKFoodType") ?? "",
    type: mealTypes.get(noted(food, "HKFoodMeal")?.toLowerCase() ?? "") ?? MealType.Unknown,
    timestamp,
    // HealthKit tells no portion: the food is one of itself.
    quantity: { unit: NutritionUnits.Unknown, amount: 1 },
    ...nutrientsOf(amountOf),
  };
}

/** Returns an id that is equal for the same food, where the format has none. */
const shortIdOf = ({ identity }: Growing<"correlations">): string =>
  createHash("sha256").update(identity).digest("hex").slice(0, 32);

function drinksOf(day: DayItems): DrinkSample[] {
  const write = timeWriter();
  return day.shares(dietaryWater).map(({ sample, value }) => ({
    timestamp: write(day.clockOf(sample), sample.startMs),
    drink_name: null,
    drink_unit: NutritionUnits.Milliliter,
    drink_volume: value,
  }));
}

function normalizeDay(date: string, parts: RecordParts): object | null {
  const day = new DayItems(date, parts);
  const foods = day.of(
    parts.withoutIgnored(parts.items("correlations")).filter(({ type }) => type === foodType),
  );
  const samples = [...typesOfNutrition].flatMap((type) => day.samples(type));
  if (foods.length === 0 && samples.length === 0) return null;
  const { metadata, clock } = recordDay(date, [...samples, ...foods], day.clockOf);
  const sumOf = (type: string): number | null => sumOfShares(day.shares(type));
  const write = timeWriter();
  const nutrition: Nutrition = complete("nutrition", {
    metadata,
    summary: { ...nutrientsOf(sumOf), water_ml: sumOf(dietaryWater) },
    meals: foods.map((food) => mealOf(food, write(day.clockOf(food), food.startMs))),
    drink_samples: drinksOf(day),
  });
  return beside(nutrition, {
    clock,
    samples: { samples: carriedSamples(day.samples(alcoholicBeverages), day.clockOf) },
  });
}

function datesOf(part: Part): readonly string[] {
  if (isGrowing("correlations", part))
    return possibleDatesOf(part.value.filter(({ type }) => type === foodType));
  const isOfIt = isGrowing("samples", part) && typesOfNutrition.has(typeOfPart(part));
  return isOfIt ? possibleDatesOf(part.value) : [];
}

export const nutritionNormalizer: Normalizer = {
  type: "nutrition",
  needs: needsOf("samples", "correlations"),
  affects: (part) => datesOf(part).map((naturalKey) => ({ type: "nutrition", naturalKey })),
  partsOf: (date) => [
    settingsRef,
    ...dayRefs(utcDaysOf(date), "correlations"),
    ...sampleRefs(utcDaysOf(date), typesOfNutrition),
  ],
  normalize: (parts, date) => normalizeDay(date, new RecordParts(parts)),
};
