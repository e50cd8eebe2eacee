/** The samples of a workout: record messages, and the few that FIT has messages of their own for. */
import { type Activity, OxygenSaturationType } from "../../models/index.ts";
import { into } from "./carried.ts";
import { semicirclesOf, wholeAndFraction } from "./convert.ts";
import { RECORD } from "./profile.ts";
import { type Timed, type Timeline, timedMessages } from "./series.ts";
import { bloodOxygenSeries, rmssdSeries, saturationOf, vo2maxSeries } from "./wellness.ts";

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
  record("movement_data.cadence_samples[].cadence_rpm", ["cadence", "fractional_cadence"], "rpm", "derived", {
    note: "rounded to 1/128",
    convert: wholeAndFraction("cadence", "fractional_cadence"),
  }),
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
const saturation = "oxygen_data.saturation_samples";
export const muscleOxygen = record(
  `${saturation}[].percentage`,
  "saturated_hemoglobin_percent",
  "%",
  "derived",
  { note: "of muscle; rounded to 0.1 %" },
);
export const bloodOxygen = bloodOxygenSeries(`${saturation}[].percentage`);
export const rmssd = rmssdSeries("heart_rate_data");

/** Returns the record messages: one for each second with a sample of any series. */
export function recordMessages(activity: Activity, timeline: Timeline): Timed[] {
  const muscle = saturationOf(activity, saturation, OxygenSaturationType.Muscle);
  return timedMessages({ ...activity, ...muscle }, { series: [...recordSeries, muscleOxygen] }, timeline);
}

/** Returns the messages of saturation of the blood, of VO2max and of HRV. */
export function vitalMessages(activity: Activity, timeline: Timeline): Timed[] {
  const blood = saturationOf(activity, saturation, OxygenSaturationType.Blood);
  return [
    ...timedMessages(blood, { series: [bloodOxygen] }, timeline),
    ...timedMessages(activity, { series: [vo2maxSeries], timeField: "update_time" }, timeline),
    ...timedMessages(activity, { series: [rmssd] }, timeline),
  ];
}
