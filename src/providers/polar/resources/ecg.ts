/** ECG tests: the resource and its ledger. */
import { z } from "zod";
import { asSentInOrderOf, deltaMs, number, unused } from "../../kit/fields.ts";
import { carried, identifying, type Ledger, mapped, numeric } from "../../ledger.ts";
import { dayList } from "../resource.ts";
import { discovery, isoOf, pathsOf, test, utcDay } from "./biosensing.ts";

/** GET /v3/users/biosensing/ecg: one test. */
const schema = z.looseObject({
  ...test,
  heart_rate_variability_level: unused,
  rri_ms: unused,
  samples: z.array(z.looseObject({ recording_time_delta_ms: deltaMs, amplitude_mv: number })).nullish(),
  quality_measurements: asSentInOrderOf("recording_time_delta_ms"),
});

export type PolarEcg = z.output<typeof schema>;

const signal = "body.heart_data.ecg_signal";
const timestamps = [`${signal}.start_timestamp`, `${signal}.raw_signal.timestamp`];

const ledger: Ledger = {
  source_device_id: carried("id of the device that measured"),
  test_time: identifying(
    mapped(
      timestamps,
      "converted: epoch seconds or milliseconds, told apart by size, to local time",
      "its UTC day is the record's",
    ),
  ),
  time_zone_offset: mapped(timestamps, "exact: the offset of the timestamps"),
  average_heart_rate_bpm: mapped(`${signal}.avg_hr_bpm`, "exact"),
  heart_rate_variability_ms: carried("ms; Polar does not say by which method, so it is no RMSSD here", [0]),
  heart_rate_variability_level: carried("against the person's usual"),
  rri_ms: carried(
    'ms between beats, one value for the whole test; Terra\'s RR intervals are each "for a specific heart beat"',
    [0],
  ),
  pulse_transit_time_systolic_ms: carried("ms from the heart's beat to the wrist, systolic", [0]),
  pulse_transit_time_diastolic_ms: carried("ms from the heart's beat to the wrist, diastolic", [0]),
  pulse_transit_time_quality_index: numeric(carried("0 to 100")),
  "samples[].recording_time_delta_ms": mapped(`${signal}.raw_signal.timestamp`, "derived: test_time + delta"),
  "samples[].amplitude_mv": mapped(`${signal}.raw_signal.potential_uV`, "converted: mV × 1000"),
  "quality_measurements[].recording_time_delta_ms": carried("ms since the test's start"),
  "quality_measurements[].quality_level": carried("quality of the signal from here on", [
    "ECG_QUALITY_UNKNOWN",
  ]),
};

export const ecg = dayList({
  name: "ecg",
  schema,
  ledger,
  discovery,
  paths: pathsOf("ecg"),
  day: ({ test_time }) => utcDay(test_time),
  order: ({ test_time }) => isoOf(test_time),
});
