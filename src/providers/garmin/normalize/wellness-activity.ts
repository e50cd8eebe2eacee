import {
  type Activity,
  ActivityType,
  complete,
  TimestampLocalization,
  UploadType,
} from "../../../models/index.ts";
import { positive } from "../../kit/values.ts";
import type { GarminWellnessActivity } from "../resources/wellness-activities.ts";
import { writeInstant } from "../times.ts";
import { offsetWith, type Zone } from "./zone.ts";

function typeOf(word: string | null | undefined): ActivityType {
  if (/breath/i.test(word ?? "")) return ActivityType.GuidedBreathing;
  return /meditat/i.test(word ?? "") ? ActivityType.Meditation : ActivityType.Other;
}

/** Converts a guided exercise (GET /wellnessactivity-service/activity/summary/range) to an Activity. */
export function normalizeWellnessActivity(key: string, given: GarminWellnessActivity, zone: Zone): Activity {
  const { start_timestamp_gmt: start, end_timestamp_gmt: end, device_meta_data: device } = given;
  const offset = offsetWith(zone, start, given.start_timestamp_local);
  const pulse = given.summary_type_data_list?.find(({ summary_type }) => summary_type === "HEART_RATE");
  return complete("activity", {
    metadata: {
      summary_id: key,
      start_time: writeInstant(start, offset),
      end_time: writeInstant(Math.max(start, end), offset),
      type: typeOf(given.wellness_activity_type),
      upload_type: UploadType.Automatic,
      name: given.activity_name ?? null,
      timestamp_localization: offset === null ? TimestampLocalization.Utc : TimestampLocalization.Local,
    },
    device_data: {
      name: device?.device_name ?? null,
      software_version: device?.device_version ?? null,
    },
    active_durations_data: { activity_seconds: end < start ? null : (end - start) / 1_000 },
    heart_rate_data: {
      summary: {
        avg_hr_bpm: positive(pulse?.avg_value),
        min_hr_bpm: positive(pulse?.min_value),
        max_hr_bpm: positive(pulse?.max_value),
      },
    },
  });
}
