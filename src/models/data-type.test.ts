import { describe, expect, it } from "vitest";
import { examples } from "./examples.fixture.ts";
import { type DataType, dataTypes, models, naturalKey } from "./index.ts";

/** The paths of what a schema refuses. */
function refused(type: DataType, record: unknown): string[] {
  const result = models[type].safeParse(record);
  return result.success ? [] : result.error.issues.map((issue) => issue.path.join("."));
}

describe("models", () => {
  it("are Terra's seven models", () => {
    expect(dataTypes).toEqual(["activity", "daily", "sleep", "body", "nutrition", "menstruation", "athlete"]);
  });

  it.each(dataTypes)("%s accepts its example and changes nothing in it", (type) => {
    expect(models[type].parse(examples[type])).toEqual(examples[type]);
  });

  it("keep keys they do not know, at every depth", () => {
    const newer = { ...examples.sleep, novelty: 1, scores: { sleep: 80, dream: "vivid" } };
    expect(models.sleep.parse(newer)).toEqual(newer);
  });

  it.each([
    ["activity", { ...examples.activity, cheat_detection: "no" }, "cheat_detection"],
    ["activity", { metadata: { ...examples.activity.metadata, type: 2 } }, "metadata.type"],
    ["activity", { metadata: { ...examples.activity.metadata, summary_id: null } }, "metadata.summary_id"],
    ["daily", { ...examples.daily, distance_data: { steps: 1.5 } }, "distance_data.steps"],
    ["daily", { metadata: { ...examples.daily.metadata, start_time: "2026-03-01" } }, "metadata.start_time"],
    ["sleep", { metadata: { ...examples.sleep.metadata, upload_type: 5 } }, "metadata.upload_type"],
    [
      "body",
      { ...examples.body, temperature_data: { skin_temperature_samples: [{ temperature_celsius: "36" }] } },
      "temperature_data.skin_temperature_samples.0.temperature_celsius",
    ],
    [
      "nutrition",
      { ...examples.nutrition, meals: [{ ...examples.nutrition.meals?.[0], id: 1 }] },
      "meals.0.id",
    ],
    ["menstruation", { menstruation_data: {} }, "metadata"],
    ["athlete", { age: 36.5 }, "age"],
  ] as const)("%s refuses a wrong value and says where (case %#)", (type, record, path) => {
    expect(refused(type, record)).toEqual([path]);
  });
});

describe("naturalKey", () => {
  it("is the summary id of activity and sleep", () => {
    expect(naturalKey("activity", examples.activity)).toBe("run-1");
    const night = { ...examples.sleep, metadata: { ...examples.sleep.metadata, summary_id: "night-1" } };
    expect(naturalKey("sleep", night)).toBe("night-1");
  });

  it("is the day on which a night without a summary id began", () => {
    expect(naturalKey("sleep", examples.sleep)).toBe("2026-02-28");
  });

  it.each(["daily", "body", "nutrition", "menstruation"] as const)("is the day of %s", (type) => {
    expect(naturalKey(type, examples[type])).toBe("2026-03-01");
  });

  it("is one per connection for the athlete", () => {
    expect(naturalKey("athlete", examples.athlete)).toBe("athlete");
  });
});
