/** Meals as a food diary writes them: one correlation for each food, with its nutrients, and water beside. */
import { Random } from "../../kit/random.ts";
import { foodDiary } from "./devices.ts";
import { type Correlation, correlation, quantity, type Sample } from "./facts.ts";
import { type Family, inZone, rounded, sampleOf, uuidOf } from "./family.ts";
import { instantAt } from "./local-time.ts";
import type { Wearer } from "./person.ts";
import { weekday } from "./plan.ts";

/** Nutrients of a portion, in the units of `formats/quantities.ts`. */
type Nutrients = Readonly<Record<string, number>>;

interface Meal {
  readonly name: string;
  readonly meal: string;
  /** Minutes after midnight. */
  readonly at: number;
  readonly nutrients: Nutrients;
}

const nutrientNames = [
  ...["EnergyConsumed", "Carbohydrates", "Protein", "FatTotal", "FatSaturated", "Fiber", "Sugar"],
  ...["Sodium", "Calcium", "Iron", "VitaminC", "Cholesterol"],
];

const portion = (...values: readonly number[]): Nutrients =>
  Object.fromEntries(nutrientNames.map((name, index) => [name, values[index] ?? 0]));

const meals: readonly Meal[] = [
  {
    name: "Oat porridge with berries",
    meal: "Breakfast",
    at: 8 * 60,
    nutrients: portion(360, 58, 13, 8, 1.6, 9, 14, 120, 210, 3.4, 12, 4),
  },
  {
    name: "Salmon soup and rye bread",
    meal: "Lunch",
    at: 12 * 60 + 15,
    nutrients: portion(610, 56, 34, 27, 9, 8, 9, 1150, 190, 3.1, 24, 78),
  },
  {
    name: "Lentil stew with rice",
    meal: "Dinner",
    at: 18 * 60 + 40,
    nutrients: portion(690, 102, 29, 17, 3.2, 16, 11, 880, 140, 8.2, 38, 0),
  },
];

/** The person writes nothing down on Saturdays. */
export function mealsOn(wearer: Wearer, date: string): Correlation[] {
  return weekday(date) === 6 ? [] : meals.map((meal) => eaten(wearer, date, meal));
}

function eaten(wearer: Wearer, date: string, { name, meal, at, nutrients }: Meal): Correlation {
  const random = new Random(wearer.seed, date, meal);
  const startMs = instantAt(wearer.zone, date, at + random.int(-20, 20));
  const size = random.between(0.8, 1.2);
  const metadata = { HKFoodType: name, HKFoodMeal: meal, ...inZone(wearer) };
  const common = { device: foodDiary, startMs, endMs: startMs, metadata };
  const members = Object.entries(nutrients).map(([nutrient, value]) =>
    sampleOf(wearer, { ...common, type: quantity(`Dietary${nutrient}`), value: rounded(value * size, 2) }),
  );
  return { ...common, uuid: uuidOf(wearer, "meal", startMs), type: correlation("Food"), members };
}

const water = (wearer: Wearer, date: string): Sample[] =>
  [9, 11, 14, 16, 19].map((hour) => {
    const startMs = instantAt(wearer.zone, date, hour * 60 + 5);
    const value = 250 + 50 * new Random(wearer.seed, startMs, "water").int(0, 3);
    return sampleOf(wearer, { type: quantity("DietaryWater"), device: foodDiary, startMs, value });
  });

export const food: Family = {
  types: [...nutrientNames, "Water"].map((name) => quantity(`Dietary${name}`)),
  samplesOn: (wearer, date) => [
    ...mealsOn(wearer, date).flatMap(({ members }) => members),
    ...water(wearer, date),
  ],
};
