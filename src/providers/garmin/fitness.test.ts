/** The fitness age in the Body of its day, and the goals for the weight beside the person. */
import { describe, expect, it } from "vitest";
import * as bodies from "./testing/bodies.ts";
import { make, partsOf } from "./testing/make.ts";

const day = "2025-05-12";
const days = `${day}..${day}`;
const age = (changed: object = {}, of = day) =>
  partsOf("fitness-age", of, { ...bodies.fitnessAge, ...changed });
const weights = partsOf("weight", days, bodies.weights(bodies.weighIn));
const settings = partsOf("user-settings", "current", bodies.settings);

describe("the fitness age", () => {
  it("is a measurement of the day on which it was computed, rounded, and exact beside it", () => {
    expect(make("body", day, age(), settings)).toMatchObject({
      metadata: {
        start_time: "2025-05-12T00:00:00.000000+02:00",
        end_time: "2025-05-13T00:00:00.000000+02:00",
      },
      measurements_data: {
        measurements: [{ measurement_time: "2025-05-12T06:00:00.000000+02:00", estimated_fitness_age: 37 }],
      },
      provider_data: { garmin: { "fitness-age": { fitness_age: 36.7, chronological_age: 40 } } },
    });
  });

  it("stands beside the weigh-ins in the order of time, and changes none", () => {
    const alone = make("body", day, weights, settings);
    const record = make("body", day, weights, age(), settings);
    const [first, ...others] = record?.measurements_data?.measurements ?? [];
    expect(first?.estimated_fitness_age).toBe(37);
    expect(others).toEqual(alone?.measurements_data?.measurements);
    expect(record?.metadata).toEqual(alone?.metadata);
    const evening = make("body", day, weights, age({ lastUpdated: "2025-05-12T21:00:00.0" }), settings);
    expect(evening?.measurements_data?.measurements?.at(-1)?.estimated_fitness_age).toBe(37);
  });

  it("of an earlier day, told once more, makes no measurement; nor one that is not valid or null", () => {
    expect(make("body", "2025-05-13", age({}, "2025-05-13"), settings)).toBeNull();
    for (const none of [
      { invalidReason: "NO_DATA" },
      { fitnessAge: null },
      { fitnessAge: 0 },
      { lastUpdated: null },
    ])
      expect(make("body", day, age(none), settings)).toBeNull();
  });

  it("without settings has its local time, and no offset", () => {
    const [only] = make("body", day, age())?.measurements_data?.measurements ?? [];
    expect(only?.measurement_time).toBe("2025-05-12T06:00:00.000000");
  });
});

describe("goals for the weight", () => {
  const goals = (body: object) => partsOf("weight-goals", days, body);
  const told = (record: unknown) => JSON.stringify(record);

  it("are beside the person, and those before them are replaced", () => {
    expect(make("athlete", "athlete", settings, goals(bodies.goals))).toMatchObject({
      provider_data: { garmin: { "weight-goals": { user_goals: [{ goal_value: 69_000 }] } } },
    });
    const [before] = goals(bodies.goals);
    const [after] = goals({ userGoals: [], userGoalRanges: [] });
    expect(after?.key).toBe(before?.key);
    expect(told(make("athlete", "athlete", settings, after ? [after] : []))).not.toContain("69000");
  });
});
