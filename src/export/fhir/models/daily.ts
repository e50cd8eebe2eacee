/** A day: HL7's Physical Activity measures of 24 hours, and the provider's scores. */
import { stressRatings } from "../own-codes.ts";
import {
  coded,
  type FhirTable,
  loinc,
  own,
  quantity,
  samples,
  sampleTime,
  series,
  text,
  under,
  used,
} from "../table.ts";
import * as shared from "./shared.ts";

const stress = under("stress_data", {
  avg_stress_level: quantity(own("stress"), "{score}", { statistic: "average" }),
  max_stress_level: quantity(own("stress"), "{score}", { statistic: "maximum" }),
  stress_rating: coded(own("stress-rating"), stressRatings),
  stress_duration_seconds: quantity(own("stress-duration"), "s"),
  activity_stress_duration_seconds: quantity(own("stress-activity-duration"), "s"),
  rest_stress_duration_seconds: quantity(own("stress-rest-duration"), "s"),
  low_stress_duration_seconds: quantity(own("stress-low-duration"), "s"),
  medium_stress_duration_seconds: quantity(own("stress-medium-duration"), "s"),
  high_stress_duration_seconds: quantity(own("stress-high-duration"), "s"),
  "samples[].timestamp": sampleTime,
  "samples[].level": series(own("stress"), "{score}"),
  "body_battery_samples[].timestamp": sampleTime,
  "body_battery_samples[].level": series(own("energy-left"), "{score}"),
});

export const dailyTable: FhirTable = {
  category: "activity",
  momentOf: "day",
  lists: {
    ...shared.movementLists,
    "stress_data.samples": samples,
    "stress_data.body_battery_samples": samples,
    "tag_data.tags": { kind: "items", code: own("tag"), start: "timestamp" },
  },
  fields: {
    ...under("metadata", { ...shared.times, upload_type: shared.uploadTag }),
    ...shared.device,
    ...shared.heart(shared.heartCodesOfDay),
    ...shared.calories(quantity(loinc("41979-6"), "kcal/d")),
    ...shared.durationsOfDay,
    ...shared.met,
    ...shared.oxygen,
    ...shared.strain,
    ...under("distance_data", {
      ...shared.distanceSummary(quantity(loinc("41953-1"), "m"), quantity(loinc("41950-7"), "/d")),
      ...under("detailed", shared.distanceDetailed),
    }),
    "scores.activity": quantity(own("activity-score"), "{score}"),
    "scores.recovery": quantity(own("recovery-score"), "{score}"),
    "scores.sleep": quantity(own("sleep-score"), "{score}"),
    ...stress,
    "tag_data.tags[].timestamp": used("effectiveDateTime"),
    "tag_data.tags[].tag_name": text(own("tag"), { place: "value" }),
    "tag_data.tags[].notes": text(own("tag-notes"), { place: "note" }),
    ...shared.enrichment(
      "total_stress_score",
      "stress_contributors",
      "respiratory_score",
      "respiratory_contributors",
      "immune_index",
      "immune_contributors",
      "resilience_score",
      "resilience_contributors",
      "strain_index",
      "strain_traffic_light",
      "strain_contributors",
      "total_stress_score_v2",
      "total_stress_score_v2_contributors",
    ),
  },
};
