/** Guided exercises: breathing and meditation are activities, naps are not. */
import { expect, it } from "vitest";
import { ActivityType } from "../../models/index.ts";
import { activityNormalizer } from "./normalize/activity.ts";
import { breathing } from "./testing/bodies.ts";
import { make, partsOf } from "./testing/make.ts";

const uuid = breathing.activityUuid.uuid;
const parts = (changed: object) =>
  partsOf("wellness-activities", "2025-05-01..2025-05-28", [{ ...breathing, ...changed }]);
const made = (changed: object = {}) => make("activity", uuid, parts(changed));

it("an exercise of breathing is an activity with its own times and heart rates", () => {
  expect(made()).toMatchObject({
    metadata: {
      summary_id: uuid,
      start_time: "2025-05-12T12:00:00.000000+02:00",
      end_time: "2025-05-12T12:05:00.000000+02:00",
      type: ActivityType.GuidedBreathing,
      name: "Breathe",
    },
    active_durations_data: { activity_seconds: 300 },
    heart_rate_data: { summary: { avg_hr_bpm: 60, min_hr_bpm: 52, max_hr_bpm: 70 } },
    device_data: { name: "A watch", software_version: "12.27" },
  });
});

it("its kind is Garmin's word", () => {
  expect(made({ wellnessActivityType: "MEDITATION" })?.metadata.type).toBe(ActivityType.Meditation);
  expect(made({ wellnessActivityType: "SOMETHING" })?.metadata.type).toBe(ActivityType.Other);
  expect(made({ wellnessActivityType: null })?.metadata.type).toBe(ActivityType.Other);
});

it("a nap makes none: it comes with the night, and would be counted twice", () => {
  expect(made({ wellnessActivityType: "NAP" })).toBeNull();
  expect(parts({ wellnessActivityType: "NAP" }).flatMap((part) => activityNormalizer.affects(part))).toEqual(
    [],
  );
  expect(parts({}).flatMap((part) => activityNormalizer.affects(part))).toEqual([
    { type: "activity", naturalKey: uuid },
  ]);
});
