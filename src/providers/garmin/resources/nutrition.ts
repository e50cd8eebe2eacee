/** Food and water of a day. */
import { z } from "zod";
import { asSent, date, idText, number, text } from "../../kit/fields.ts";
import { carried, composite, identifying, ignored, type Ledger, mapped } from "../../ledger.ts";
import { declareDays, declareRanges } from "../collection.ts";
import { each, numbers, words } from "../ledger-groups.ts";
import { garminTime } from "../times.ts";

/** Garmin's client, NutritionContent: of ONE serving. */
const content = z.looseObject({
  serving_unit: text,
  number_of_units: number,
  calories: number,
  carbs: number,
  protein: number,
  fat: number,
  saturated_fat: number,
  trans_fat: number,
  monounsaturated_fat: number,
  polyunsaturated_fat: number,
  fiber: number,
  sugar: number,
  sodium: number,
  cholesterol: number,
  potassium: number,
  calcium: number,
  iron: number,
  vitamin_a: number,
  vitamin_c: number,
  vitamin_d: number,
});

const food = z.looseObject({
  log_id: idText.nullish(),
  id: idText.nullish(),
  log_timestamp: garminTime.nullish(),
  meal_date_time_with_offset: text,
  meal_time: text,
  serving_qty: number,
  food_meta_data: z.looseObject({ food_name: text, brand_name: asSent }).nullish(),
  nutrition_content: content.nullish(),
});

export type GarminFood = z.output<typeof food>;
export type GarminContent = z.output<typeof content>;

const schema = z.looseObject({
  meal_date: date,
  daily_nutrition_content: z
    .looseObject({ calories: number, carbs: number, protein: number, fat: number })
    .nullish(),
  meal_details: z
    .array(
      z.looseObject({
        meal: z.looseObject({ meal_name: text, default_meal_name: text }).nullish(),
        logged_foods: z.array(food).nullish(),
      }),
    )
    .nullish(),
});

export type GarminNutrition = z.output<typeof schema>;

const day = "daily_nutrition_content.";
const logged = "meal_details[].logged_foods[].";
const inServing = `${logged}nutrition_content.`;
const meals = "nutrition.meals";
const perServing = "converted: × servings";
const milligrams = (name: string) => mapped(`${meals}.micros.${name}_mg`, perServing, "mg");
const micrograms = (name: string) =>
  mapped(`${meals}.micros.${name}_mg`, "converted: × servings, µg ÷ 1000", "µg");

/** Sources: [O] Garmin's own client, [M] others' findings. No body of a real person was seen. */
const ledger: Ledger = {
  meal_date: identifying(mapped("nutrition.metadata.start_time", "key")),
  [`${day}calories`]: mapped("nutrition.summary.macros.calories", "exact", "kcal"),
  [`${day}carbs`]: mapped("nutrition.summary.macros.carbohydrates_g", "exact", "g"),
  [`${day}protein`]: mapped("nutrition.summary.macros.protein_g", "exact", "g"),
  [`${day}fat`]: mapped("nutrition.summary.macros.fat_g", "exact", "g"),
  ...numbers({ [`${day}calories_percentage`]: "percent of the goal" }),
  daily_nutrition_goals: composite(carried("the goals of the day: kcal, g")),
  "meal_details[].meal.default_meal_name": mapped(
    `${meals}.type`,
    "converted",
    "BREAKFAST, LUNCH, DINNER, SNACKS",
  ),
  "meal_details[].meal.meal_name": mapped(
    `${meals}.type`,
    "converted",
    "the person's own name, where no default is told",
  ),
  ...each(
    ["meal_id", "start_time", "end_time", "display_order", "meal_index", "translated", "goals"].map(
      (name) => `meal_details[].meal.${name}`,
    ),
    ignored("says when the app expects the meal"),
  ),
  ...each(
    ["meal_details[].meal_nutrition_content", "meal_details[].meal_nutrition_goals"],
    composite(carried("totals and goals of one meal")),
  ),
  [`${logged}log_id`]: mapped(`${meals}.id`, "exact"),
  [`${logged}id`]: mapped(`${meals}.id`, "exact", "where there is no log_id"),
  [`${logged}food_meta_data.food_name`]: mapped(`${meals}.name`, "exact"),
  [`${logged}meal_date_time_with_offset`]: mapped(`${meals}.timestamp`, "exact", "with its offset"),
  [`${logged}meal_time`]: mapped(
    `${meals}.timestamp`,
    "exact",
    "the clock, in the zone of the settings, where no time with an offset is told",
  ),
  [`${logged}log_timestamp`]: mapped(`${meals}.timestamp`, "exact", "UTC, where no time of the meal is told"),
  [`${logged}serving_qty`]: mapped(`${meals}.quantity.amount`, "converted: servings × units of one"),
  [`${inServing}number_of_units`]: mapped(`${meals}.quantity.amount`, "converted: servings × units of one"),
  [`${inServing}serving_unit`]: mapped(`${meals}.quantity.unit`, "converted", "a serving counts as Count"),
  [`${inServing}calories`]: mapped(`${meals}.macros.calories`, perServing, "kcal"),
  [`${inServing}carbs`]: mapped(`${meals}.macros.carbohydrates_g`, perServing, "g"),
  [`${inServing}protein`]: mapped(`${meals}.macros.protein_g`, perServing, "g"),
  [`${inServing}fat`]: mapped(`${meals}.macros.fat_g`, perServing, "g"),
  [`${inServing}saturated_fat`]: mapped(`${meals}.macros.saturated_fat_g`, perServing, "g"),
  [`${inServing}trans_fat`]: mapped(`${meals}.macros.trans_fat_g`, perServing, "g"),
  [`${inServing}fiber`]: mapped(`${meals}.macros.fiber_g`, perServing, "g"),
  [`${inServing}sugar`]: mapped(`${meals}.macros.sugar_g`, perServing, "g"),
  [`${inServing}sodium`]: mapped(
    [`${meals}.macros.sodium_mg`, `${meals}.micros.sodium_mg`],
    perServing,
    "mg",
  ),
  [`${inServing}cholesterol`]: mapped(`${meals}.macros.cholesterol_mg`, perServing, "mg"),
  [`${inServing}monounsaturated_fat`]: mapped(`${meals}.micros.monounsaturated_fat_g`, perServing, "g"),
  [`${inServing}polyunsaturated_fat`]: mapped(`${meals}.micros.polyunsaturated_fat_g`, perServing, "g"),
  [`${inServing}potassium`]: milligrams("potassium"),
  [`${inServing}calcium`]: milligrams("calcium"),
  [`${inServing}iron`]: milligrams("iron"),
  [`${inServing}vitamin_c`]: milligrams("vitamin_C"),
  [`${inServing}vitamin_a`]: micrograms("vitamin_A"),
  [`${inServing}vitamin_d`]: micrograms("vitamin_D"),
  ...numbers({ [`${inServing}added_sugars`]: "g of one serving" }),
  ...each(
    [`${inServing}serving_id`, `${inServing}unit_has_serving`],
    ignored("names the serving in Garmin's food base"),
  ),
  ...words({
    [`${logged}type`]: "FOOD, or another kind of entry",
    [`${logged}food_meta_data.brand_name`]: "the brand",
    [`${logged}food_meta_data.food_id`]: "id in the food base",
    [`${logged}food_meta_data.food_type`]: "GENERIC or a brand's",
    [`${logged}food_meta_data.source`]: "GARMIN or FATSECRET",
    [`${logged}log_source`]: "where it was entered",
  }),
  ...each(
    [
      "log_category",
      "meal_id",
      "custom_meal_id",
      "is_favorite",
      "food_inactive",
      "food_images",
      ...["custom_food_type", "food_image_url", "image_uuid", "language_code", "region_code"].map(
        (name) => `food_meta_data.${name}`,
      ),
    ].map((name) => `${logged}${name}`),
    ignored("about Garmin's own pages, or another form of a field beside it"),
  ),
  ...each(["day_start_time", "day_end_time"], ignored("always the whole day")),
  logged_foods_with_serving_sizes: ignored("the foods once more, with every size that the food base knows"),
};

/**
 * GET /nutrition-service/food/logs/{day} (Garmin's client, DailyNutritionSummary). Most accounts lack the food diary,
 * which is a paid feature: after the first refusal no older day of theirs is asked for.
 */
export const foodLog = declareDays({
  name: "food-log",
  path: (asked) => `/nutrition-service/food/logs/${asked}?includeGoals=true&includeNutrition=true`,
  schema,
  ledger,
  keys: ({ meal_date: mealDate }) => [mealDate],
});

const hydrationSchema = z.looseObject({ calendar_date: date, value_in_ml: number });
export type GarminHydration = z.output<typeof hydrationSchema>;

/** GET /usersummary-service/stats/hydration/daily: at most 31 days (Garmin's client, UserDailyHydration). */
export const hydration = declareRanges({
  name: "hydration",
  daysPerCall: 28,
  path: (from, to) => `/usersummary-service/stats/hydration/daily/${from}/${to}`,
  schema: hydrationSchema,
  ledger: {
    calendar_date: identifying(mapped("nutrition.metadata.start_time", "key")),
    value_in_ml: mapped("nutrition.summary.water_ml", "exact", "ml"),
    ...numbers({
      goal_in_ml: "ml, the goal",
      sweat_loss_in_ml: "ml, estimated",
      activity_intake_in_ml: "ml drunk in activities",
    }),
    last_entry_timestamp_local: carried("local time of the last entry"),
    user_id: ignored("names the person"),
  },
  keys: ({ calendar_date: calendarDate }) => [calendarDate],
});
