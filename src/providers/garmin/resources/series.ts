/** Series of a day whose rows are lists: heart rate every two minutes, and body battery. */
import { z } from "zod";
import { date } from "../../kit/fields.ts";
import { carried, composite, identifying, ignored, type Ledger, mapped } from "../../ledger.ts";
import { declareDays, declareRanges, often } from "../collection.ts";
import { numbers } from "../ledger-groups.ts";
import { bounds, boundsLedger, placeOf, type Row, rows, rowsOf } from "./rows.ts";

const heartRateSchema = z.looseObject({
  calendar_date: date,
  ...bounds,
  heart_rate_value_descriptors: z.array(z.looseObject({ key: z.string(), index: z.int() })).nullish(),
  heart_rate_values: rows,
});

export type GarminHeartRate = z.output<typeof heartRateSchema>;

/** Sources: [O] Garmin's own client, [P] captured bodies. */
const heartRateLedger: Ledger = {
  calendar_date: identifying(mapped("daily.metadata.start_time", "key")),
  ...boundsLedger,
  heart_rate_value_descriptors: mapped(
    "daily.heart_rate_data.detailed.hr_samples",
    "derived: names the columns of the rows",
  ),
  heart_rate_values: mapped(
    ["daily.heart_rate_data.detailed.hr_samples.timestamp", "daily.heart_rate_data.detailed.hr_samples.bpm"],
    "exact",
    "rows of epoch ms and bpm, every two minutes; null and 0 give no sample [P]",
  ),
  ...numbers({
    max_heart_rate: "bpm; Terra's is the day summary's",
    min_heart_rate: "bpm; Terra's is the day summary's",
    resting_heart_rate: "bpm; Terra's is the day summary's",
    last_seven_days_avg_resting_heart_rate: "bpm",
    abnormal_hr_threshold_value: "bpm, above which an alert is given",
    low_abnormal_hr_threshold_value: "bpm, below which an alert is given",
  }),
  abnormal_hr_values_array: composite(carried("rows of alerts: epoch ms, bpm")),
  user_profile_pk: ignored("names the person"),
};

/** GET /wellness-service/wellness/dailyHeartRate (Garmin's client, DailyHeartRate). */
export const heartRate = declareDays({
  name: "heart-rate",
  polling: often,
  path: (day) => `/wellness-service/wellness/dailyHeartRate?date=${day}`,
  schema: heartRateSchema,
  ledger: heartRateLedger,
  keys: ({ calendar_date: day }) => [day],
});

export function heartRateRows({ heart_rate_value_descriptors, heart_rate_values }: GarminHeartRate): Row[] {
  const columns = heart_rate_value_descriptors ?? [];
  const [at, value] = [placeOf(columns, "timestamp", 0), placeOf(columns, "heartrate", 1)];
  return rowsOf(heart_rate_values, at, value).filter((row) => row.value > 0);
}

const batterySchema = z.looseObject({
  date,
  ...bounds,
  body_battery_value_descriptor_dto_list: z
    .array(
      z.looseObject({
        body_battery_value_descriptor_key: z.string(),
        body_battery_value_descriptor_index: z.int(),
      }),
    )
    .nullish(),
  body_battery_values_array: rows,
});

export type GarminBattery = z.output<typeof batterySchema>;

const batteryLedger: Ledger = {
  date: identifying(mapped("daily.metadata.start_time", "key")),
  ...boundsLedger,
  body_battery_value_descriptor_dto_list: mapped(
    "daily.stress_data.body_battery_samples",
    "derived: names the columns of the rows",
  ),
  body_battery_values_array: mapped(
    ["daily.stress_data.body_battery_samples.timestamp", "daily.stress_data.body_battery_samples.level"],
    "exact",
    "rows of epoch ms and 0–100; null gives no sample",
  ),
  ...numbers({ charged: "points gained", drained: "points lost" }),
  body_battery_dynamic_feedback_event: composite(carried("Garmin's latest advice")),
  end_of_day_body_battery_dynamic_feedback_event: composite(carried("Garmin's advice at the end of the day")),
  body_battery_activity_event: composite(carried("what charged or drained it")),
};

/**
 * GET /wellness-service/wellness/bodyBattery/reports/daily (Garmin's client, BodyBatteryDailyReport): at most 31 days.
 * An answer may begin with earlier days than were asked for; each day is stored under its own date.
 */
export const bodyBattery = declareRanges({
  name: "body-battery",
  daysPerCall: 28,
  path: (from, to) => `/wellness-service/wellness/bodyBattery/reports/daily?startDate=${from}&endDate=${to}`,
  schema: batterySchema,
  ledger: batteryLedger,
  keys: ({ date: day }) => [day],
});

export function batteryRows(given: GarminBattery): Row[] {
  const columns = (given.body_battery_value_descriptor_dto_list ?? []).map((one) => ({
    key: one.body_battery_value_descriptor_key,
    index: one.body_battery_value_descriptor_index,
  }));
  const [at, value] = [placeOf(columns, "timestamp", 0), placeOf(columns, "bodybatterylevel", 1)];
  return rowsOf(given.body_battery_values_array, at, value).filter((row) => row.value >= 0);
}
