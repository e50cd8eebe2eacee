import { describe, expect, it } from "vitest";
import type { Part } from "../../provider.ts";
import { growingCorrelation } from "../healthkit/growing-parts.ts";
import type { Correlation } from "../healthkit/readings.ts";
import type { Sample } from "../healthkit/sample.ts";
import { app, make, partsOf, sample } from "../testing/person.ts";

const date = "2026-01-10";
const dietary = (name: string, time: string, value: number, more: Partial<Sample> = {}) =>
  sample(`HKQuantityTypeIdentifierDietary${name}`, `${date}T${time}`, value, { source: app, ...more });

/** 520 kcal of rice and beans, in kilograms where HealthKit weighs. */
const members = [
  dietary("EnergyConsumed", "11:30", 520),
  dietary("Carbohydrates", "11:30", 0.08),
  dietary("Protein", "11:30", 0.018),
  dietary("FatTotal", "11:30", 0.0095),
  dietary("Sodium", "11:30", 0.00064),
  dietary("VitaminB12", "11:30", 0.0000000009),
];

const meal = (metadata: Sample["metadata"]): Part => ({
  resource: "correlations",
  key: date,
  value: [
    growingCorrelation({
      uuid: "food-1",
      type: "HKCorrelationTypeIdentifierFood",
      startMs: Date.parse(`${date}T11:30Z`),
      endMs: Date.parse(`${date}T11:30Z`),
      zone: null,
      offsetMinutes: null,
      source: app,
      members,
      metadata,
    }),
  ],
});

const named = { HKFoodType: "Rice & beans", HKFoodMeal: "Lunch" };

describe("the nutrition of a day", () => {
  const day = make("nutrition", date, [
    ...partsOf([
      ...members,
      dietary("EnergyConsumed", "15:00", 200),
      dietary("Water", "14:00", 250),
      dietary("Water", "16:00", 100),
    ]),
    meal(named),
  ]);

  it("sums the samples, and no member of a meal again", () => {
    expect(day?.summary?.macros).toMatchObject({
      calories: 720,
      carbohydrates_g: 80,
      protein_g: 18,
      fat_g: 9.5,
      sodium_mg: 640,
      fiber_g: null,
    });
    expect(day?.summary?.micros).toMatchObject({ sodium_mg: 640, vitamin_B12_mg: 0.0009, zinc_mg: null });
    expect(day?.summary?.water_ml).toBe(350);
    expect(day?.drink_samples?.map(({ drink_volume, drink_unit }) => [drink_volume, drink_unit])).toEqual([
      [250, 8],
      [100, 8],
    ]);
  });

  it("has each meal once, with its name, its kind and its own nutrients", () => {
    expect(day?.meals).toHaveLength(1);
    expect(day?.meals?.[0]).toMatchObject({
      id: "food-1",
      name: "Rice & beans",
      type: 3,
      timestamp: "2026-01-10T11:30:00.000000+00:00",
      macros: { calories: 520, protein_g: 18, sugar_g: null },
      micros: { vitamin_B12_mg: 0.0009 },
    });
  });

  it("gives a meal without an id one that stays the same, and no other meal has", () => {
    const [one, same, other] = [0.08, 0.08, 0.09].map((carbohydrates) => {
      const part = meal(named);
      const food = { ...(part.value as readonly Correlation[])[0], uuid: null } as Correlation;
      const member = { ...(food.members[1] as Sample), value: carbohydrates };
      const value = [growingCorrelation({ ...food, members: [member] })];
      return make("nutrition", date, [{ ...part, value }])?.meals?.[0]?.id;
    });
    expect(one).toMatch(/^[0-9a-f]{32}$/);
    expect(one).toBe(same);
    expect(one).not.toBe(other);
  });

  it("takes a meal's name from its members, and is of unknown kind in another language", () => {
    const translated = make("nutrition", date, [meal({ HKFoodMeal: "Almuerzo" })]);
    expect(translated?.meals?.[0]).toMatchObject({ name: "", type: 0 });
  });

  it("counts a food that two sources tell of one moment as what each of them tells", () => {
    const both = partsOf([dietary("Protein", "08:00", 0.01), dietary("Protein", "08:00", 0.02)]);
    expect(make("nutrition", date, both)?.summary?.macros?.protein_g).toBe(30);
  });
});
