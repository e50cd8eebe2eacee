/** Body temperature: the resource and its ledger. */
import { z } from "zod";
import { deltaMs, number, text, time } from "../../kit/fields.ts";
import { dateOf } from "../../kit/iso-time.ts";
import { carried, identifying, type Ledger, mapped } from "../../ledger.ts";
import { dayList } from "../resource.ts";
import { discovery, pathsOf } from "./biosensing.ts";

/** GET /v3/users/biosensing/bodytemperature: one recording. */
const schema = z.looseObject({
  source_device_id: text,
  measurement_type: text,
  sensor_location: text,
  start_time: time,
  end_time: text,
  modified_time: text,
  samples: z
    .array(z.looseObject({ temperature_celsius: number, recording_time_delta_milliseconds: deltaMs }))
    .nullish(),
});

export type PolarBodyTemperature = z.output<typeof schema>;

const samples = [
  "body.temperature_data.skin_temperature_samples",
  "body.temperature_data.body_temperature_samples",
];
const field = (name: string) => samples.map((path) => `${path}.${name}`);

const ledger: Ledger = {
  source_device_id: carried("id of the device that measured"),
  measurement_type: identifying(
    mapped(
      samples,
      "derived: TM_SKIN_TEMPERATURE are skin samples, TM_CORE_TEMPERATURE body samples; of another type none are given",
    ),
  ),
  sensor_location: carried("SL_DISTAL (wrist, finger) or SL_PROXIMAL (near the body's core)", ["SL_UNKNOWN"]),
  start_time: identifying(
    mapped(field("timestamp"), "derived: with a sample's delta, in UTC", "its UTC day is the record's"),
  ),
  end_time: carried("UTC: end of the recording"),
  modified_time: carried("UTC: when Polar last changed the recording"),
  "samples[].temperature_celsius": mapped(field("temperature_celsius"), "exact"),
  "samples[].recording_time_delta_milliseconds": mapped(field("timestamp"), "derived: start_time + delta"),
};

export const bodyTemperature = dayList({
  name: "body-temperature",
  schema,
  ledger,
  discovery,
  paths: pathsOf("bodytemperature"),
  day: ({ start_time }) => dateOf(start_time),
  order: ({ start_time }) => start_time,
});
