/** A night's skin temperature (GET /v3/users/biosensing/skintemperature), item by item. */
import { carried, type Ledger, mapped, numeric } from "../../ledger.ts";

export const skinTemperatureLedger: Ledger = {
  deviation_from_baseline_celsius: mapped("sleep.temperature_data.delta", "exact"),
  sleep_time_skin_temperature_celsius: numeric(carried("°C, the night's skin temperature")),
  sleep_date: mapped("sleep.metadata.summary_id", "exact", "the night it belongs to"),
};
