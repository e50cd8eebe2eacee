/** A food diary of Garmin's as a Nutrition. */
import { describe, expect, it } from "vitest";
import { NutritionUnits } from "../../../models/index.ts";
import * as bodies from "../testing/bodies.ts";
import { make, partsOf } from "../testing/make.ts";

const day = "2025-05-12";
const days = `${day}..${day}`;

describe("food", () => {
  const record = () =>
    make(
      "nutrition",
      day,
      partsOf("food-log", day, bodies.foods),
      partsOf("hydration", days, [bodies.water]),
    );

  it("is what was eaten, not one serving", () => {
    const [meal] = record()?.meals ?? [];
    expect(meal).toMatchObject({
      id: "l-1",
      name: "Banana",
      timestamp: "2025-05-12T07:40:00.000000+02:00",
      quantity: { amount: 60 },
      macros: { calories: 52.5, carbohydrates_g: 13.5, sodium_mg: 0.5, fiber_g: null },
      micros: { vitamin_A_mg: 0.002 },
    });
  });

  it("has Garmin's sums, and the day's water", () => {
    expect(record()?.summary).toMatchObject({ macros: { calories: 202 }, water_ml: 1_750 });
  });

  it("without servings has no amount and no nutrients; without their units it is counted in servings", () => {
    const [meal] = bodies.foods.mealDetails;
    const [given] = meal?.loggedFoods ?? [];
    const made = (food: object) => {
      const body = { ...bodies.foods, mealDetails: [{ ...meal, loggedFoods: [{ ...given, ...food }] }] };
      return make("nutrition", day, partsOf("food-log", day, body))?.meals?.[0];
    };
    expect(made({ servingQty: null })).toMatchObject({
      quantity: { amount: null },
      macros: { calories: null, carbohydrates_g: null },
    });
    const content = { ...given?.nutritionContent, numberOfUnits: null };
    expect(made({ servingQty: 2, nutritionContent: content })).toMatchObject({
      quantity: { amount: 2, unit: NutritionUnits.Count },
      macros: { calories: 210 },
    });
  });

  describe("without", () => {
    const [meal] = bodies.foods.mealDetails;
    const inBerlin = partsOf("user-settings", "current", bodies.settings);
    const mealsWith = (changed: object) => {
      const food = { ...meal?.loggedFoods[0], ...changed };
      const diary = { ...bodies.foods, mealDetails: [{ ...meal, loggedFoods: [food] }] };
      return make("nutrition", day, partsOf("food-log", day, diary), inBerlin)?.meals ?? [];
    };

    it("the time with its offset is of the clock that the meal had, else of its entry", () => {
      const noOffset = { mealDateTimeWithOffset: null };
      const timeOf = (changed: object) => mealsWith({ ...noOffset, ...changed })[0]?.timestamp;
      expect(timeOf({ mealTime: "07:35:00" })).toBe("2025-05-12T07:35:00.000000+02:00");
      expect(timeOf({ mealTime: "07:35:00.0", logTimestamp: null })).toBe("2025-05-12T07:35:00.000000+02:00");
      for (const mealTime of [null, "breakfast", "25:00:00", "7", ""])
        expect(timeOf({ mealTime })).toBe("2025-05-12T07:41:12.000000+02:00");
    });

    it("any time is no meal, since a time would be invented; the sums of the day have it", () => {
      const none = { mealDateTimeWithOffset: null, mealTime: null, logTimestamp: null };
      expect(mealsWith(none)).toEqual([]);
    });

    it("an id has its place in the diary as its id", () => {
      expect(mealsWith({ logId: null, id: null }).map(({ id }) => id)).toEqual(["2025-05-12/1/1"]);
      expect(mealsWith({ logId: null, id: "i-1" }).map(({ id }) => id)).toEqual(["i-1"]);
    });
  });

  it.each([0, 0.25, 1, 3, 12.5])("of %d servings is so many times one", (servingQty) => {
    const [meal] = bodies.foods.mealDetails;
    const food = { ...meal?.loggedFoods[0], servingQty };
    const body = { ...bodies.foods, mealDetails: [{ ...meal, loggedFoods: [food] }] };
    const made = make("nutrition", day, partsOf("food-log", day, body));
    expect(made?.meals?.[0]?.macros.calories).toBe(105 * servingQty);
  });
});
