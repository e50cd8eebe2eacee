/** Oxygen saturation of a day: means by the hour, and single readings. Rows are lists in the order of their descriptors. */
import { z } from "zod";
import { declareResource } from "../../kit/declare-resource.ts";
import { date, number } from "../../kit/fields.ts";
import { isDate } from "../../kit/iso-time.ts";
import { carried, composite, identifying, ignored, type Ledger, mapped } from "../../ledger.ts";
import { get } from "../collection.ts";
import { each, numbers, onBothClocks, words } from "../ledger-groups.ts";
import { garminApi, snakeCase } from "../names.ts";
import { bounds, boundsLedger, type Row, rows, rowsOf } from "./rows.ts";

/** Garmin's client, DailySpO2AndAcclimation. */
const schema = z.looseObject({
  calendar_date: date,
  ...bounds,
  average_sp_o2: number,
  sp_o2_hourly_averages_descriptor_list: z
    .array(z.looseObject({ spo2_value_desc_key: z.string(), spo2_value_desc_index: z.int() }))
    .nullish(),
  sp_o2_hourly_averages: rows,
});

export type GarminSpo2 = z.output<typeof schema>;

const samples = "daily.oxygen_data.saturation_samples";

/** Source: [O] Garmin's own client. */
const ledger: Ledger = {
  calendar_date: identifying(mapped("daily.metadata.start_time", "key")),
  ...boundsLedger,
  average_sp_o2: mapped(
    "daily.oxygen_data.avg_saturation_percentage",
    "exact",
    "percent, where the day's summary has none; 0 → null",
  ),
  sp_o2_hourly_averages_descriptor_list: mapped(samples, "derived: names the columns of the rows"),
  sp_o2_hourly_averages: mapped(
    [`${samples}.timestamp`, `${samples}.percentage`],
    "exact",
    "rows of epoch ms and percent, each the mean of the hour that begins then; null and 0 give no sample",
  ),
  ...each(
    ["sp_o2_single_values_descriptor_list", "sp_o2_single_values"],
    composite(carried("single readings, such as those that the person started, and their columns")),
  ),
  ...each(
    ["monitoring_environment_values_descriptor_list", "monitoring_environment_values"],
    composite(carried("rows of the altitude, and their columns")),
  ),
  ...numbers({
    lowest_sp_o2: "percent",
    latest_sp_o2: "percent",
    last_seven_days_avg_sp_o2: "percent",
    avg_sleep_sp_o2: "percent, in the night of the day",
    avg_tomorrow_sleep_sp_o2: "percent, in the night that follows",
  }),
  ...words({
    latest_sp_o2_timestamp_gmt: "UTC, without an offset",
    latest_sp_o2_timestamp_local: "local time",
  }),
  ...each(
    onBothClocks(
      "sleep_start_timestamp",
      "sleep_end_timestamp",
      "tomorrow_sleep_start_timestamp",
      "tomorrow_sleep_end_timestamp",
    ),
    ignored("the bounds of the nights, which the nights themselves have"),
  ),
  user_profile_pk: ignored("names the person"),
};

/**
 * GET /wellness-service/wellness/daily/spo2acclimation/{day}. Fetched for the days whose summary has a saturation, when
 * that is new or has changed: few devices measure it.
 */
export const spo2 = declareResource({
  name: "spo2",
  api: garminApi,
  keyName: snakeCase,
  discovery: null,
  request: (key) => (isDate(key) ? get(`/wellness-service/wellness/daily/spo2acclimation/${key}`) : null),
  schema,
  ledger,
  keys: ({ calendar_date: day }) => [day],
});

/** Returns the means by the hour. A column is found by what its name contains: the exact names are not documented. */
export function spo2Rows(given: GarminSpo2): Row[] {
  const columns = given.sp_o2_hourly_averages_descriptor_list ?? [];
  const placeOf = (name: RegExp, usual: number): number =>
    columns.find((one) => name.test(one.spo2_value_desc_key))?.spo2_value_desc_index ?? usual;
  const [at, value] = [placeOf(/time/i, 0), placeOf(/spo2|average/i, 1)];
  return rowsOf(given.sp_o2_hourly_averages, at, value).filter((row) => row.value > 0);
}
