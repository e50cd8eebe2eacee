/** A workout: HL7's Physical Activity group, its measures and series as members. */
import { activityTypes } from "../own-codes.ts";
import {
  coded,
  type FhirTable,
  loinc,
  own,
  position,
  quantity,
  samples,
  series,
  text,
  under,
  used,
} from "../table.ts";
import * as shared from "./shared.ts";

const component = { place: "component" } as const;
const speed = (statistic: "average" | "maximum") => quantity(own("speed"), "m/s", { statistic });

const laps = under("lap_data.laps[]", {
  start_time: used("effectivePeriod.start"),
  end_time: used("effectivePeriod.end"),
  distance_meters: quantity(own("distance"), "m", component),
  calories: quantity(loinc("55424-6"), "kcal", component),
  avg_hr_bpm: quantity(loinc("55425-3"), "/min", component),
  avg_speed_meters_per_second: quantity(own("speed"), "m/s", component),
  avg_watts: quantity(own("power"), "W", component),
  total_strokes: quantity(own("strokes"), "{strokes}", component),
  stroke_type: text(own("stroke-type"), component),
  active_duration_seconds: quantity(own("active-duration"), "s", component),
  trigger_method: text(own("lap-trigger"), component),
});

const movement = under("movement_data", {
  avg_speed_meters_per_second: speed("average"),
  max_speed_meters_per_second: speed("maximum"),
  normalized_speed_meters_per_second: quantity(own("normalized-speed"), "m/s"),
  adjusted_max_speed_meters_per_second: quantity(own("adjusted-maximum-speed"), "m/s"),
  avg_velocity_meters_per_second: quantity(own("velocity"), "m/s", { statistic: "average", signed: true }),
  max_velocity_meters_per_second: quantity(own("velocity"), "m/s", { statistic: "maximum", signed: true }),
  avg_pace_minutes_per_kilometer: quantity(own("pace"), "min/km", { statistic: "average" }),
  max_pace_minutes_per_kilometer: quantity(own("pace"), "min/km", { statistic: "maximum" }),
  avg_cadence_rpm: quantity(own("cadence"), "/min", { statistic: "average" }),
  max_cadence_rpm: quantity(own("cadence"), "/min", { statistic: "maximum" }),
  avg_torque_newton_meters: quantity(own("torque"), "N.m", { statistic: "average", signed: true }),
  max_torque_newton_meters: quantity(own("torque"), "N.m", { statistic: "maximum", signed: true }),
  ...shared.timedSeries("cadence_samples", "cadence_rpm", series(own("cadence"), "/min")),
  ...shared.timedSeries("speed_samples", "speed_meters_per_second", series(own("speed"), "m/s")),
  ...shared.timedSeries(
    "torque_samples",
    "torque_newton_meters",
    series(own("torque"), "N.m", { signed: true }),
  ),
});

const positions = under("position_data", {
  start_pos_lat_lng_deg: position(own("start-position")),
  center_pos_lat_lng_deg: position(own("center-position")),
  end_pos_lat_lng_deg: position(own("end-position")),
  ...shared.timedSeries(
    "position_samples",
    "coords_lat_lng_deg",
    series(own("position"), "deg", { dimensions: 2, signed: true }),
  ),
});

const power = under("power_data", {
  avg_watts: quantity(own("power"), "W", { statistic: "average" }),
  max_watts: quantity(own("power"), "W", { statistic: "maximum" }),
  ...shared.timedSeries("power_samples", "watts", series(own("power"), "W")),
});

const trainingStress = under("TSS_data.TSS_samples[]", {
  planned: quantity(own("training-stress-score-planned"), "{score}", component),
  actual: quantity(own("training-stress-score"), "{score}", component),
  method: text(own("training-stress-method"), component),
  intensity_factor_planned: quantity(own("intensity-factor-planned"), "{score}", component),
  intensity_factor_actual: quantity(own("intensity-factor"), "{score}", component),
  normalized_power_watts: quantity(own("normalized-power"), "W", component),
});

const metadata = under("metadata", {
  ...shared.times,
  summary_id: used("identifier (as the natural key)", false),
  type: coded(loinc("73985-4"), activityTypes),
  upload_type: shared.uploadTag,
  name: text(own("activity-name"), { place: "note" }),
  city: text(own("activity-city"), component),
  state: text(own("activity-state"), component),
  country: text(own("activity-country"), component),
});

export const activityTable: FhirTable = {
  category: "activity",
  momentOf: "start",
  panel: { code: [{ source: "physical-activity", code: "PAPanel" }] },
  lists: {
    ...shared.movementLists,
    "lap_data.laps": { kind: "items", code: own("lap"), start: "start_time", end: "end_time" },
    "movement_data.cadence_samples": samples,
    "movement_data.speed_samples": samples,
    "movement_data.torque_samples": samples,
    "position_data.position_samples": samples,
    "power_data.power_samples": samples,
    "TSS_data.TSS_samples": { kind: "items", code: own("training-stress") },
  },
  fields: {
    ...metadata,
    ...shared.device,
    ...shared.heart(shared.heartCodesOfWorkout),
    ...shared.calories(quantity(loinc("55424-6"), "kcal")),
    ...shared.durationsOfWorkout,
    ...shared.met,
    ...shared.oxygen,
    ...shared.strain,
    ...under("distance_data", {
      ...under(
        "summary",
        shared.distanceSummary(quantity(own("distance"), "m"), quantity(loinc("55423-8"), "{steps}")),
      ),
      ...under("detailed", shared.distanceDetailed),
    }),
    "energy_data.energy_kilojoules": quantity(own("mechanical-energy"), "kJ"),
    "energy_data.energy_planned_kilojoules": quantity(own("planned-energy"), "kJ"),
    ...laps,
    ...movement,
    "polyline_map_data.summary_polyline": text(own("route")),
    ...positions,
    ...power,
    ...trainingStress,
    "work_data.work_kilojoules": quantity(own("work"), "kJ"),
    cheat_detection: quantity(own("cheat-suspicion"), "{score}", { signed: true }),
    ...shared.enrichment(
      "efficiency_score",
      "efficiency_contributors",
      "strain_score",
      "strain_contributors",
      "rcrs_score",
      "rcrs_contributors",
      "trimp_score",
      "trimp_contributors",
    ),
  },
};
