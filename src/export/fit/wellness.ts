/** Declarations that several kinds of file share: measurements for which FIT has messages of their own. */
import { OxygenSaturationType } from "../../models/index.ts";
import { type Carried, carry, into, valueAt } from "./carried.ts";
import { fitSeconds } from "./clock.ts";
import { Message } from "./message.ts";
import type { Omissions } from "./omissions.ts";
import { HRV_VALUE, MAX_MET_DATA, MONITORING, MONITORING_HR_DATA, SPO2_DATA } from "./profile.ts";
import type { Timed } from "./series.ts";

const wholeBeats = { note: "rounded to whole beats" };
const tenths = { note: "rounded to 0.1" };

/** `section` is the place of the heart rate in the model. */
export const heartRateSeries = (section: string) =>
  into(MONITORING)(`${section}.detailed.hr_samples[].bpm`, "heart_rate", "bpm", "derived", wholeBeats);

export const restingHeartRate = (section: string) =>
  into(MONITORING_HR_DATA)(
    `${section}.summary.resting_hr_bpm`,
    "current_day_resting_heart_rate",
    "bpm",
    "derived",
    wholeBeats,
  );

export const rmssdSeries = (section: string) =>
  into(HRV_VALUE)(`${section}.detailed.hrv_samples_rmssd[].hrv_rmssd`, "value", "ms", "derived", {
    note: "rounded to 1/128 ms; few readers know the message",
  });

export const bloodOxygenSeries = (path: string) =>
  into(SPO2_DATA)(path, "reading_spo2", "%", "derived", { note: "of the blood; rounded to whole percents" });

export const vo2maxSeries = into(MAX_MET_DATA)(
  "oxygen_data.vo2_samples[].vo2max_ml_per_min_per_kg",
  "vo2_max",
  "mL/kg/min",
  "derived",
  tenths,
);

export const vo2max = into(MAX_MET_DATA)(
  "oxygen_data.vo2max_ml_per_min_per_kg",
  "vo2_max",
  "mL/kg/min",
  "derived",
  tenths,
);
export const averageVo2max = into(MAX_MET_DATA)(
  "oxygen_data.day_avg_vo2max_ml_per_min_per_kg",
  "vo2_max",
  "mL/kg/min",
  "derived",
  { note: "where there is no vo2max; rounded to 0.1" },
);

/** Returns the day's VO2max: the value itself, else the day's average. */
export function dayVo2max(record: unknown, ms: number, omissions: Omissions): Timed[] {
  const exact = singleMessage(record, vo2max, "update_time", ms, omissions);
  return exact.length > 0 ? exact : singleMessage(record, averageVo2max, "update_time", ms, omissions);
}

/** Returns the record's saturation samples of one place. A sample without a place is of the blood. */
export function saturationOf(record: unknown, section: string, place: OxygenSaturationType): object {
  const samples = valueAt(record, section);
  const kept = (Array.isArray(samples) ? samples : []).filter(
    ({ type }) => (type ?? OxygenSaturationType.Blood) === place,
  );
  return section.split(".").reduceRight<unknown>((inner, name) => ({ [name]: inner }), kept) as object;
}

/** Returns a message with one value of the record; none when there is no value that FIT can hold. */
export function singleMessage<Field extends string>(
  record: unknown,
  carried: Carried<Field>,
  timeField: Field,
  ms: number,
  omissions: Omissions,
): Timed[] {
  const second = fitSeconds(ms);
  const message = new Message<Field>(carried.message);
  message.put(timeField, second);
  return carry(message, carried, valueAt(record, carried.path), omissions) ? [{ second, message }] : [];
}
