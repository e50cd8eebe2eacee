/** SpO2 tests: the resource and its ledger. */
import { z } from "zod";
import { integer, text } from "../../kit/fields.ts";
import { alsoIn, carried, identifying, type Ledger, mapped, numeric } from "../../ledger.ts";
import { dayList } from "../resource.ts";
import { discovery, isoOf, pathsOf, test, utcDay } from "./biosensing.ts";

/** GET /v3/users/biosensing/spo2: one test. */
const schema = z.looseObject({
  ...test,
  test_status: text,
  blood_oxygen_percent: integer,
});

export type PolarSpo2 = z.output<typeof schema>;

const samples = "body.oxygen_data.saturation_samples";

const ledger: Ledger = {
  source_device_id: carried("id of the device that measured"),
  test_time: identifying(
    mapped(
      `${samples}.timestamp`,
      "converted: epoch seconds or milliseconds, told apart by size, to local time",
      "its UTC day is the record's",
    ),
  ),
  time_zone_offset: mapped(`${samples}.timestamp`, "exact: the offset of the timestamp"),
  test_status: alsoIn(
    samples,
    carried("whether the test passed; the value of one that did not is no sample"),
  ),
  blood_oxygen_percent: mapped(
    `${samples}.percentage`,
    "exact",
    'no average: tests that somebody took now and then have no mean that is "during the day"',
  ),
  spo2_class: carried("very low, low or normal", ["SPO2_CLASS_UNKNOWN"]),
  spo2_value_deviation_from_baseline: carried("against the person's usual"),
  spo2_quality_average_percent: numeric(carried("%, mean quality of the signal")),
  average_heart_rate_bpm: carried("bpm, mean during the test", [0]),
  heart_rate_variability_ms: carried("ms; Polar does not say by which method", [0]),
  spo2_hrv_deviation_from_baseline: carried("against the person's usual"),
  altitude_meters: numeric(carried("m above sea level during the test")),
};

export const spo2 = dayList({
  name: "spo2",
  schema,
  ledger,
  discovery,
  paths: pathsOf("spo2"),
  day: ({ test_time }) => utcDay(test_time),
  order: ({ test_time }) => isoOf(test_time),
});
