import { describe, expect, it } from "vitest";
import { activityNumber } from "./activity-types.ts";
import { categoryNumber } from "./category-cases.ts";

describe("a case of a category", () => {
  it.each([
    ["HKCategoryValueSleepAnalysisInBed", 0],
    ["HKCategoryValueSleepAnalysisAsleep", 1],
    ["HKCategoryValueSleepAnalysisAsleepREM", 5],
    ["HKCategoryValueAppleStandHourIdle", 1],
    ["HKCategoryValueMenstrualFlowNone", 5],
    ["HKCategoryValueVaginalBleedingHeavy", 4],
    ["HKCategoryValueOvulationTestResultEstrogenSurge", 4],
    ["HKCategoryValueContraceptivePatch", 7],
    ["HKCategoryValueNotApplicable", 0],
    ["3", 3],
    ["HKCategoryValueMenstrualFlow", null],
    ["HKCategoryValueSomethingNew", null],
  ])("%s is %s", (text, number) => expect(categoryNumber(text)).toBe(number));
});

describe("an activity type", () => {
  it.each([
    ["HKWorkoutActivityTypeRunning", 37],
    ["Pickleball", 79],
    ["HKWorkoutActivityTypeUnderwaterDiving", 84],
    ["HKWorkoutActivityTypeSwimBikeRun", 82],
    ["HKWorkoutActivityTypeOther", 3_000],
    ["HKWorkoutActivityType", null],
    ["HKWorkoutActivityTypeQuidditch", null],
  ])("%s is %s", (name, number) => expect(activityNumber(name)).toBe(number));
});
