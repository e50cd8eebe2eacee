/** A food diary. The contents of a food are for one serving, and are to be multiplied by `servingQty`. */
import { Random } from "../../kit/random.ts";
import { type Day, hour, isoText, minute, rounded, utcOf, uuidOf } from "./plan.ts";

interface Dish {
  readonly name: string;
  readonly calories: number;
  readonly carbs: number;
  readonly protein: number;
  readonly fat: number;
}

const meals: readonly { readonly name: string; readonly hour: number; readonly dishes: readonly Dish[] }[] = [
  {
    name: "BREAKFAST",
    hour: 7,
    dishes: [
      { name: "Rye bread with cheese", calories: 210, carbs: 24, protein: 10, fat: 8 },
      { name: "Yoghurt with berries", calories: 160, carbs: 20, protein: 9, fat: 4 },
    ],
  },
  {
    name: "LUNCH",
    hour: 12,
    dishes: [
      { name: "Lentil soup", calories: 330, carbs: 42, protein: 18, fat: 9 },
      { name: "Salmon with potatoes", calories: 520, carbs: 40, protein: 34, fat: 22 },
    ],
  },
  {
    name: "DINNER",
    hour: 18,
    dishes: [
      { name: "Pasta with tomatoes", calories: 480, carbs: 78, protein: 15, fat: 11 },
      { name: "Chicken with rice", calories: 560, carbs: 62, protein: 38, fat: 15 },
    ],
  },
  { name: "SNACKS", hour: 15, dishes: [{ name: "Apple", calories: 80, carbs: 20, protein: 0.4, fat: 0.3 }] },
];

const pad = (value: number): string => String(value).padStart(2, "0");

function offsetText(minutes: number): string {
  const distance = Math.abs(minutes);
  return `${minutes < 0 ? "-" : "+"}${pad(Math.floor(distance / 60))}:${pad(distance % 60)}`;
}

const goals = {
  calories: 2_200,
  adjustedCalories: 2_350,
  carbs: 275,
  adjustedCarbs: 290,
  protein: 110,
  adjustedProtein: 115,
  fat: 73,
  adjustedFat: 78,
};

/** Returns null for a day on which nothing was logged. */
export function foodLogBody(day: Day): object | null {
  const random = new Random(...day.key, "food");
  if (random.chance(0.2)) return null;
  const logged = meals
    .filter((meal) => day.midnight + (meal.hour + 1) * hour <= day.until)
    .map((meal, index) => mealOf(day, { ...meal, index }, random));
  const contents = logged.map(({ mealNutritionContent }) => mealNutritionContent);
  return {
    mealDate: day.date,
    dayStartTime: "00:00:00",
    dayEndTime: "23:59:59",
    dailyNutritionContent: { ...sumOf(contents), caloriesPercentage: null },
    dailyNutritionGoals: goals,
    mealDetails: logged,
    loggedFoodsWithServingSizes: logged.length === 0 ? [] : [foodOfBase()],
  };
}

interface Content {
  readonly calories: number;
  readonly carbs: number;
  readonly protein: number;
  readonly fat: number;
}

const sumOf = (contents: readonly Content[]): Content => {
  const total = (name: keyof Content) =>
    rounded(
      contents.reduce((sum, one) => sum + one[name], 0),
      2,
    );
  return {
    calories: Math.round(total("calories")),
    carbs: total("carbs"),
    protein: total("protein"),
    fat: total("fat"),
  };
};

function mealOf(
  day: Day,
  meal: {
    readonly name: string;
    readonly hour: number;
    readonly dishes: readonly Dish[];
    readonly index: number;
  },
  random: Random,
) {
  const dish = meal.dishes[random.int(0, meal.dishes.length - 1)] as Dish;
  const servings = [0.5, 1, 1, 1.5, 2][random.int(0, 4)] ?? 1;
  const eaten = {
    calories: Math.round(dish.calories * servings),
    carbs: rounded(dish.carbs * servings, 2),
    protein: rounded(dish.protein * servings, 2),
    fat: rounded(dish.fat * servings, 2),
  };
  const mealId = 1_001 + meal.index;
  return {
    meal: {
      mealId,
      mealName: meal.name,
      defaultMealName: meal.name,
      startTime: `${pad(meal.hour - 1)}:00:00`,
      endTime: `${pad(meal.hour + 1)}:59:59`,
      displayOrder: meal.index + 1,
      mealIndex: meal.index,
      translated: false,
      goals: null,
    },
    mealNutritionContent: { ...eaten, caloriesPercentage: null },
    mealNutritionGoals: null,
    loggedFoods: [foodOf(day, { dish, servings, mealId, at: day.midnight + meal.hour * hour }, random)],
  };
}

function foodOf(
  day: Day,
  {
    dish,
    servings,
    mealId,
    at,
  }: { readonly dish: Dish; readonly servings: number; readonly mealId: number; readonly at: number },
  random: Random,
): object {
  const eatenAt = at + random.int(5, 50) * minute;
  const logId = uuidOf(day, `food ${mealId}`);
  return {
    logId,
    id: logId,
    type: "FOOD",
    logSource: "GCW",
    logCategory: "REGULAR_LOG",
    mealId,
    customMealId: null,
    mealTime: isoText(eatenAt).slice(11, 19),
    mealDateTimeWithOffset: `${isoText(eatenAt)}${offsetText(day.offsetMinutes)}`,
    logTimestamp: isoText(utcOf(day, eatenAt + 2 * minute)),
    servingQty: servings,
    isFavorite: false,
    foodInactive: false,
    foodImages: [{ imageType: "THUMBNAIL", imageUrl: null }],
    foodMetaData: {
      foodId: `f-${dish.name.length}${dish.calories}`,
      foodName: dish.name,
      brandName: null,
      customFoodType: null,
      foodImageUrl: null,
      foodType: "GENERIC",
      imageUuid: null,
      source: "FATSECRET",
      regionCode: "FI",
      languageCode: "en",
    },
    nutritionContent: contentOf(dish),
  };
}

/** One serving: grams, milligrams of minerals and vitamin C, micrograms of vitamins A and D. */
const contentOf = (dish: Dish): object => ({
  servingId: "s-1",
  servingUnit: "serving",
  numberOfUnits: 1,
  unitHasServing: true,
  calories: dish.calories,
  carbs: dish.carbs,
  protein: dish.protein,
  fat: dish.fat,
  saturatedFat: rounded(dish.fat * 0.3, 2),
  monounsaturatedFat: rounded(dish.fat * 0.4, 2),
  polyunsaturatedFat: rounded(dish.fat * 0.2, 2),
  transFat: 0,
  fiber: rounded(dish.carbs * 0.12, 2),
  sugar: rounded(dish.carbs * 0.25, 2),
  addedSugars: 0,
  sodium: Math.round(dish.calories * 0.9),
  potassium: Math.round(dish.calories * 1.1),
  cholesterol: Math.round(dish.fat * 3),
  calcium: Math.round(dish.protein * 6),
  iron: rounded(dish.protein * 0.1, 2),
  vitaminA: Math.round(dish.fat * 8),
  vitaminC: rounded(dish.carbs * 0.3, 2),
  vitaminD: rounded(dish.fat * 0.1, 2),
});

/** The same foods once more, as the diary lists them with every size that is known. */
export const foodOfBase = (): object => ({
  foodImages: [],
  foodMetaData: { foodId: "f-580", foodName: "Apple" },
  isFavorite: false,
  nutritionContents: [contentOf({ name: "Apple", calories: 80, carbs: 20, protein: 0.4, fat: 0.3 })],
});
