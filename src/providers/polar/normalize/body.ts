import {
  type Body,
  complete,
  formatTimestamp,
  type Measurement,
  measurementSchema,
  TimestampLocalization,
} from "../../../models/index.ts";
import type { Normalizer } from "../../provider.ts";
import type { PolarPhysicalInfo } from "../schema/person.ts";
import { dayMs, type LocalTime, parseTime } from "../time.ts";
import { partValue, positive } from "./values.ts";

/** Everything a measurement could be, null: samples are given whole, like every section. */
const blankMeasurement: Measurement = Object.fromEntries(
  Object.keys(measurementSchema.shape).map((field) => [field, null]),
);

/** Nobody's weight: Polar fills it in when the person gave none. */
const defaultWeight = "SOURCE_DEFAULT";

function measurement(info: PolarPhysicalInfo, { localMs, offsetMinutes }: LocalTime): Measurement {
  return {
    ...blankMeasurement,
    measurement_time: formatTimestamp(localMs, offsetMinutes),
    weight_kg: info.weight_source === defaultWeight ? null : positive(info.weight),
    height_cm: positive(info.height),
  };
}

/** The day is the one of Polar's own timestamp, which is in UTC ("2024-06-10T12:00:00Z"). */
function metadata({ localMs, offsetMinutes }: LocalTime): Body["metadata"] {
  const midnightMs = Math.floor(localMs / dayMs) * dayMs;
  return {
    start_time: formatTimestamp(midnightMs, offsetMinutes),
    end_time: formatTimestamp(midnightMs + dayMs, offsetMinutes),
    timestamp_localization: offsetMinutes === 0 ? TimestampLocalization.Utc : TimestampLocalization.Local,
  };
}

/** Physical info (GET /v3/users/physical-info) → Body, on the day it was last changed; null without such a day. */
export function normalizePhysicalInfo(info: PolarPhysicalInfo): Body | null {
  const changed = info.modified ?? info.created;
  if (!changed) return null;
  const changedAt = parseTime(changed);
  return complete("body", {
    metadata: metadata(changedAt),
    measurements_data: { measurements: [measurement(info, changedAt)] },
    oxygen_data: { vo2max_ml_per_min_per_kg: positive(info.vo2_max) },
    heart_data: {
      heart_rate_data: {
        summary: {
          resting_hr_bpm: positive(info.resting_heart_rate),
          user_max_hr_bpm: positive(info.maximum_heart_rate),
        },
      },
    },
  });
}

export const bodyNormalizer: Normalizer = {
  type: "body",
  affects: ({ resource, key }) =>
    resource === "physical-info" && key !== "current" ? [{ type: "body", naturalKey: key }] : [],
  partsOf: (naturalKey) => [{ resource: "physical-info", key: naturalKey }],
  normalize(parts) {
    const info = partValue(parts, "physical-info");
    return info ? normalizePhysicalInfo(info) : null;
  },
};
