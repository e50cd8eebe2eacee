/** Measurements by hand: weight, blood pressure, glucose, temperature. */
import { Random } from "../../kit/random.ts";
import { healthApp, scale } from "./devices.ts";
import { type Correlation, correlation, quantity, type Sample } from "./facts.ts";
import { type Family, inZone, rounded, sampleOf, userEntered, uuidOf } from "./family.ts";
import { instantAt, MINUTE } from "./local-time.ts";
import type { Wearer } from "./person.ts";
import { nightOf, weekday } from "./plan.ts";

/** The scale weighs on two mornings in three, and computes two more figures from the weight. */
export const scaleFigures: Family = {
  types: ["BodyMass", "BodyFatPercentage", "LeanBodyMass", "BodyMassIndex"].map(quantity),
  samplesOn(wearer, date) {
    const random = new Random(wearer.seed, date, "scale");
    if (!random.chance(0.67)) return [];
    const startMs = nightOf(wearer, date).endMs + random.int(6, 20) * MINUTE;
    const mass = rounded(wearer.weightKg + 0.35 * random.normal(), 2);
    const fat = rounded((wearer.sex === "male" ? 0.19 : 0.265) + 0.003 * random.normal(), 3);
    const figures = [
      ["BodyMass", mass],
      ["BodyFatPercentage", fat],
      ["LeanBodyMass", rounded(mass * (1 - fat), 2)],
      ["BodyMassIndex", rounded(mass / (wearer.heightCm / 100) ** 2, 2)],
    ] as const;
    return figures.map(([name, value]) =>
      sampleOf(wearer, { type: quantity(name), device: scale, startMs, value, metadata: inZone(wearer) }),
    );
  },
};

/** Typed in on the first of a month. */
export const height: Family = {
  types: [quantity("Height")],
  samplesOn: (wearer, date) =>
    date.endsWith("-01")
      ? [
          sampleOf(wearer, {
            type: quantity("Height"),
            device: healthApp,
            startMs: instantAt(wearer.zone, date, 8 * 60),
            value: wearer.heightCm,
            metadata: userEntered,
          }),
        ]
      : [],
};

/** Returns the blood pressure of a day: on Tuesdays and Saturdays. */
export function pressuresOn(wearer: Wearer, date: string): Correlation[] {
  if (![2, 6].includes(weekday(date))) return [];
  const random = new Random(wearer.seed, date, "pressure");
  const startMs = instantAt(wearer.zone, date, 7 * 60 + 40 + random.int(0, 30));
  const common = { device: healthApp, startMs, metadata: { ...userEntered, ...inZone(wearer) } };
  const members = [
    { ...common, type: quantity("BloodPressureSystolic"), value: random.int(112, 128) },
    { ...common, type: quantity("BloodPressureDiastolic"), value: random.int(68, 80) },
  ].map((one) => sampleOf(wearer, one));
  return [
    {
      ...common,
      endMs: startMs,
      uuid: uuidOf(wearer, "pressure", startMs),
      type: correlation("BloodPressure"),
      members,
    },
  ];
}

export const bloodPressure: Family = {
  types: ["BloodPressureSystolic", "BloodPressureDiastolic"].map(quantity),
  samplesOn: (wearer, date) => pressuresOn(wearer, date).flatMap(({ members }) => members),
};

/** HKBloodGlucoseMealTime: 1 before, 2 after. */
export const glucose: Family = {
  types: [quantity("BloodGlucose")],
  samplesOn(wearer, date) {
    if (weekday(date) % 3 !== 0) return [];
    const random = new Random(wearer.seed, date, "glucose");
    return [
      { at: 7 * 60 + 25, low: 78, high: 94, mealTime: "1" },
      { at: 9 * 60 + 30, low: 102, high: 132, mealTime: "2" },
    ].map(({ at, low, high, mealTime }) =>
      sampleOf(wearer, {
        type: quantity("BloodGlucose"),
        device: healthApp,
        startMs: instantAt(wearer.zone, date, at),
        value: random.int(low, high),
        metadata: { ...userEntered, ...inZone(wearer), HKBloodGlucoseMealTime: mealTime },
      }),
    );
  },
};

export const temperature: Family = {
  types: [quantity("BodyTemperature")],
  samplesOn(wearer, date) {
    const random = new Random(wearer.seed, date, "temperature");
    if (!random.chance(0.12)) return [];
    const startMs = instantAt(wearer.zone, date, 21 * 60 + random.int(0, 40));
    const value = rounded(36.6 + 0.2 * random.normal(), 1);
    const metadata = { ...userEntered, ...inZone(wearer) };
    const taken: Sample = sampleOf(wearer, {
      type: quantity("BodyTemperature"),
      device: healthApp,
      startMs,
      value,
      metadata,
    });
    return [taken];
  },
};
