import { describe, expect, it } from "vitest";
import { makeAll, partsOf, sample } from "../testing/person.ts";
import { samplesCompanions } from "./companions.ts";

const flow = (date: string, value: number, cycleStart?: string | number) =>
  sample("HKCategoryTypeIdentifierMenstrualFlow", `${date}T11:00`, value, {
    metadata: cycleStart === undefined ? {} : { HKMenstrualCycleStart: cycleStart },
  });

const parts = partsOf([
  flow("2026-01-02", 2, "1"),
  flow("2026-01-03", 3, "0"),
  flow("2026-01-04", 1, "0"),
  flow("2026-01-05", 5, "0"),
  flow("2026-01-15", 2, "0"),
  flow("2026-01-30", 4, 1),
  sample("HKCategoryTypeIdentifierOvulationTestResult", "2026-01-14T11:00", 2),
]);
const days = makeAll("menstruation", parts);

describe("a day of a cycle", () => {
  it("has the flow in Terra's numbers", () => {
    const flows = [...days].map(([date, { menstruation_data }]) => [
      date,
      menstruation_data?.menstruation_flow?.map((one) => one.flow),
    ]);
    expect(flows).toEqual([
      ["2026-01-02", [2]],
      ["2026-01-03", [3]],
      ["2026-01-04", [5]],
      ["2026-01-05", [1]],
      ["2026-01-14", []],
      ["2026-01-15", [2]],
      ["2026-01-30", [4]],
    ]);
  });

  it("counts from the start that HealthKit marks, to the next", () => {
    expect(days.get("2026-01-04")?.menstruation_data).toMatchObject({
      period_start_date: "2026-01-02",
      period_length_days: 3,
      cycle_length_days: 28,
      day_in_cycle: 3,
      current_phase: 1,
    });
    expect(days.get("2026-01-14")?.menstruation_data).toMatchObject({
      period_start_date: "2026-01-02",
      day_in_cycle: 13,
      current_phase: null,
    });
    expect(days.get("2026-01-15")?.menstruation_data?.current_phase).toBeNull();
  });

  it("predicts nothing", () => {
    expect(days.get("2026-01-30")?.menstruation_data).toMatchObject({
      period_start_date: "2026-01-30",
      cycle_length_days: null,
      predicted_cycle_length_days: null,
      is_predicted_cycle: null,
      fertility_window_start: null,
      fertility_window_end: null,
      ovulation_day: null,
      days_until_next_phase: null,
    });
  });

  it("carries tests and signs that Terra has no field for", () => {
    expect(days.get("2026-01-14")?.provider_data?.apple.samples).toMatchObject({
      samples: [{ type: "HKCategoryTypeIdentifierOvulationTestResult", value: 2, unit: null }],
    });
  });

  it("without a marked start is in no cycle", () => {
    const [day] = makeAll("menstruation", partsOf([flow("2026-01-02", 2)])).values();
    expect(day?.menstruation_data).toMatchObject({ period_start_date: null, day_in_cycle: null });
    expect(day?.menstruation_data?.menstruation_flow).toHaveLength(1);
  });

  it("belongs to each other flow of its cycle, so that a start noted later is counted", () => {
    const [first] = parts;
    const around = new Set(first && samplesCompanions(first).map(({ key }) => key));
    expect(around.has("2026-01-30/HKCategoryTypeIdentifierMenstrualFlow")).toBe(true);
    expect(around.has("2026-01-02/HKCategoryTypeIdentifierMenstrualFlow")).toBe(false);
  });
});
