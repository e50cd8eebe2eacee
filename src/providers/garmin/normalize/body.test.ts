/** Weigh-ins of Garmin's as a Body. */
import { describe, expect, it } from "vitest";
import * as bodies from "../testing/bodies.ts";
import { make, partsOf } from "../testing/make.ts";

const day = "2025-05-12";
const days = `${day}..${day}`;

describe("a weigh-in", () => {
  it("is in kilograms, the masses of bone and muscle in grams", () => {
    const record = make("body", day, partsOf("weight", days, bodies.weights(bodies.weighIn)));
    expect(record?.measurements_data?.measurements).toEqual([
      expect.objectContaining({
        measurement_time: "2025-05-12T07:00:00.000000+02:00",
        weight_kg: 70.5,
        bone_mass_g: 3_100,
        muscle_mass_g: 31_000,
        bodyfat_percentage: 18.5,
        visceral_fat_level: null,
      }),
    ]);
  });

  it("of a neighbouring day, full of nulls, is none", () => {
    expect(partsOf("weight", days, bodies.weights())).toEqual([]);
  });
});
