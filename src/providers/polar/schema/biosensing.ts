/** Biosensing (Polar's OpenAPI, biosensing; no real payload has been seen). Times are UTC, written without Z. */
import { z } from "zod";
import {
  asSentInOrderOf,
  date,
  deltaMs,
  integer,
  number,
  offsetMinutes,
  text,
  time,
  unused,
} from "./fields.ts";

/** GET /v3/users/biosensing/bodytemperature: one recording. */
export const bodyTemperatureSchema = z.looseObject({
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

/** GET /v3/users/biosensing/skintemperature: one night. */
export const skinTemperatureSchema = z.looseObject({
  sleep_time_skin_temperature_celsius: unused,
  deviation_from_baseline_celsius: number,
  sleep_date: date,
});

/** GET /v3/users/biosensing/skincontacts: one recording. */
export const skinContactsSchema = z.looseObject({
  source_device_id: text,
  start_time: time,
  end_time: text,
  modified_time: text,
  skin_contact_changes: asSentInOrderOf("recording_time_delta_milliseconds"),
});

/** Epoch seconds as Polar's example has it, milliseconds as one reader saw it: until the year 5138 size tells. */
export const epochMs = (epoch: number) => (epoch < 100_000_000_000 ? epoch * 1000 : epoch);

const test = {
  source_device_id: text,
  test_time: z
    .int()
    .positive()
    .max(Date.UTC(2199, 11, 31)),
  /** Minutes east of UTC. */
  time_zone_offset: offsetMinutes,
  average_heart_rate_bpm: number,
  heart_rate_variability_ms: unused,
};

/** GET /v3/users/biosensing/ecg: one test. */
export const ecgSchema = z.looseObject({
  ...test,
  heart_rate_variability_level: unused,
  rri_ms: unused,
  samples: z.array(z.looseObject({ recording_time_delta_ms: deltaMs, amplitude_mv: number })).nullish(),
  quality_measurements: asSentInOrderOf("recording_time_delta_ms"),
});

/** GET /v3/users/biosensing/spo2: one test. */
export const spo2Schema = z.looseObject({
  ...test,
  test_status: text,
  blood_oxygen_percent: integer,
});

export type PolarBodyTemperature = z.output<typeof bodyTemperatureSchema>;
export type PolarSkinTemperature = z.output<typeof skinTemperatureSchema>;
export type PolarSkinContacts = z.output<typeof skinContactsSchema>;
export type PolarEcg = z.output<typeof ecgSchema>;
export type PolarSpo2 = z.output<typeof spo2Schema>;
