/** Body temperature (GET /v3/users/biosensing/bodytemperature), item by item. */
import { carried, identifying, type Ledger, mapped } from "../../ledger.ts";

const samples = [
  "body.temperature_data.skin_temperature_samples",
  "body.temperature_data.body_temperature_samples",
];
const field = (name: string) => samples.map((path) => `${path}.${name}`);

export const bodyTemperatureLedger: Ledger = {
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
