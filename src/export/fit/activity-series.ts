/** The samples of a workout: record messages, and the few that FIT has messages of their own for. */
import { OxygenSaturationType } from "../../models/index.ts";
import { into, valueAt } from "./carried.ts";
import { semicirclesOf, wholeAndFraction } from "./convert.ts";
import { HRV_VALUE, MAX_MET_DATA, RECORD, SPO2_DATA } from "./profile.ts";
import { type Timed, type Timeline, timedMessages } from "./series.ts";

const record = into(RECORD);

export const recordSeries = [
  record(
    "position_data.position_samples[].coords_lat_lng_deg",
    ["position_lat", "position_long"],
    "semicircles",
    "derived",
    {
      note: "rounded to 2³¹/180 a degree, about a centimetre",
      convert: (position: unknown) => {
        const at = semicirclesOf(position);
        return at === null ? {} : { position_lat: at.latitude, position_long: at.longitude };
      },
    },
  ),
  record(
    "distance_data.detailed.elevation_samples[].elev_meters",
    ["enhanced_altitude", "altitude"],
    "m",
    "derived",
    { note: "rounded to 0.2 m" },
  ),
  record("heart_rate_data.detailed.hr_samples[].bpm", "heart_rate", "bpm", "derived", {
    note: "rounded to whole beats",
  }),
  record(
    "movement_data.cadence_samples[].cadence_rpm",
    ["cadence", "fractional_cadence"],
    "rpm",
    "derived",
    { note: "rounded to 1/128", convert: wholeAndFraction("cadence", "fractional_cadence") },
  ),
  record("distance_data.detailed.distance_samples[].distance_meters", "distance", "m", "derived", {
    note: "rounded to a centimetre",
  }),
  record(
    "movement_data.speed_samples[].speed_meters_per_second",
    ["enhanced_speed", "speed"],
    "m/s",
    "derived",
    { note: "rounded to 1 mm/s" },
  ),
  record("power_data.power_samples[].watts", "power", "W", "derived", { note: "rounded to whole watts" }),
] as const;

/** Muscle's samples are in the record messages, blood's in their own. */
export const saturationPath = "oxygen_data.saturation_samples[].percentage";
const muscleOxygen = record(saturationPath, "saturated_hemoglobin_percent", "%", "derived");
export const bloodOxygen = into(SPO2_DATA)(saturationPath, "reading_spo2", "%", "derived", {
  note: "rounded to whole percents; of muscle: record.saturated_hemoglobin_percent, to 0.1 %",
});
export const vo2Series = into(MAX_MET_DATA)(
  "oxygen_data.vo2_samples[].vo2max_ml_per_min_per_kg",
  "vo2_max",
  "mL/kg/min",
  "derived",
  { note: "rounded to 0.1" },
);
export const rmssdSeries = into(HRV_VALUE)(
  "heart_rate_data.detailed.hrv_samples_rmssd[].hrv_rmssd",
  "value",
  "ms",
  "derived",
  { note: "rounded to 1/128 ms; few readers know the message" },
);

/** Returns the record with only the saturation samples of one place; a sample without a place is of the blood. */
export function withSaturation(source: object, place: OxygenSaturationType): object {
  const samples = valueAt(source, "oxygen_data.saturation_samples");
  if (!Array.isArray(samples)) return source;
  const kept = samples.filter(({ type }) => (type ?? OxygenSaturationType.Blood) === place);
  return { oxygen_data: { saturation_samples: kept } };
}

/** Returns the record messages: one for each second with a sample of any series. */
export function recordMessages(source: object, timeline: Timeline): Timed[] {
  const muscle = withSaturation(source, OxygenSaturationType.Muscle);
  const merged = { ...source, oxygen_data: valueAt(muscle, "oxygen_data") };
  return timedMessages(merged, { series: [...recordSeries, muscleOxygen] }, timeline);
}

/** Returns the messages of saturation of the blood, of VO2max and of HRV, which any file may have. */
export function vitalMessages(source: object, timeline: Timeline): Timed[] {
  const blood = withSaturation(source, OxygenSaturationType.Blood);
  return [
    ...timedMessages(blood, { series: [bloodOxygen] }, timeline),
    ...timedMessages(source, { series: [vo2Series], timeField: "update_time" }, timeline),
    ...timedMessages(source, { series: [rmssdSeries] }, timeline),
  ];
}
