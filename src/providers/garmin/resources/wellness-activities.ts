/** Guided exercises: breathing, meditation. Naps come here too, and with the night (`sleep`). */
import { z } from "zod";
import { number, text } from "../../kit/fields.ts";
import { alsoIn, carried, composite, identifying, ignored, type Ledger, mapped } from "../../ledger.ts";
import { declareRanges } from "../collection.ts";
import { each, numbers, words } from "../ledger-groups.ts";
import { garminTime } from "../times.ts";

/** Garmin's client, WellnessActivitySummary. */
const schema = z.looseObject({
  activity_uuid: z.looseObject({ uuid: z.string().min(1) }),
  activity_name: text,
  wellness_activity_type: text,
  start_timestamp_gmt: garminTime,
  start_timestamp_local: garminTime.nullish(),
  end_timestamp_gmt: garminTime,
  summary_type_data_list: z
    .array(z.looseObject({ summary_type: text, min_value: number, max_value: number, avg_value: number }))
    .nullish(),
  device_meta_data: z.looseObject({ device_name: text, device_version: text }).nullish(),
});

export type GarminWellnessActivity = z.output<typeof schema>;

const heartRate = "activity.heart_rate_data.summary.";

const ledger: Ledger = {
  "activity_uuid.uuid": identifying(mapped("activity.metadata.summary_id", "exact")),
  ...each(
    ["base_uuid", "least_significant_bits", "most_significant_bits"].map((name) => `activity_uuid.${name}`),
    ignored("the same id in another form"),
  ),
  activity_name: mapped("activity.metadata.name", "exact"),
  wellness_activity_type: mapped(
    "activity.metadata.type",
    "derived: breathing, meditation, else other",
    "a nap makes no activity: it is a Sleep",
  ),
  start_timestamp_gmt: mapped("activity.metadata.start_time", "exact"),
  start_timestamp_local: mapped("activity.metadata.start_time", "derived: the offset is local − GMT"),
  end_timestamp_gmt: mapped(
    ["activity.metadata.end_time", "activity.active_durations_data.activity_seconds"],
    "exact; the duration is end − start",
  ),
  end_timestamp_local: ignored("the end in the other clock"),
  summary_type_data_list: alsoIn(
    [`${heartRate}avg_hr_bpm`, `${heartRate}min_hr_bpm`, `${heartRate}max_hr_bpm`],
    composite(carried("smallest, largest and mean of each quantity; HEART_RATE is in Terra's fields")),
  ),
  time_in_zone_list: composite(carried("ms in each zone, with its lower limit in bpm")),
  "device_meta_data.device_name": mapped("activity.device_data.name", "exact"),
  "device_meta_data.device_version": mapped("activity.device_data.software_version", "exact"),
  ...numbers({ "device_meta_data.device_id": "Garmin's id of the device" }),
  ...words({ "device_meta_data.device_type_id": "Garmin's id of its kind" }),
  "device_meta_data.device_version_id": ignored("Garmin's id of the version"),
  calendar_date: ignored("the day of the start"),
  notes: ignored("the person's own words: they stay in the raw body"),
  ...each(["user_profile_pk", "rule_pk"], ignored("about the account")),
};

/** GET /wellnessactivity-service/activity/summary/range, by local days. */
export const wellnessActivities = declareRanges({
  name: "wellness-activities",
  daysPerCall: 28,
  path: (from, to) => `/wellnessactivity-service/activity/summary/range/${from}/${to}`,
  schema,
  ledger,
  keys: ({ activity_uuid: { uuid } }) => [uuid],
  timeOf: ({ value }) => new Date(value.start_timestamp_gmt).toISOString(),
});

/** Whether it is a nap, which the night's body has as well. */
export const isNap = ({ wellness_activity_type: type }: GarminWellnessActivity): boolean =>
  /nap|sleep/i.test(type ?? "");
