/** A night's skin temperature: the resource and its ledger. */
import { z } from "zod";
import { date, number, unused } from "../../kit/fields.ts";
import { carried, type Ledger, mapped, numeric } from "../../ledger.ts";
import { dayList } from "../resource.ts";
import { discovery, pathsOf } from "./biosensing.ts";

/** GET /v3/users/biosensing/skintemperature: one night. */
const schema = z.looseObject({
  sleep_time_skin_temperature_celsius: unused,
  deviation_from_baseline_celsius: number,
  sleep_date: date,
});

export type PolarSkinTemperature = z.output<typeof schema>;

const ledger: Ledger = {
  deviation_from_baseline_celsius: mapped("sleep.temperature_data.delta", "exact"),
  sleep_time_skin_temperature_celsius: numeric(carried("°C, the night's skin temperature")),
  sleep_date: mapped("sleep.metadata.summary_id", "exact", "the night it belongs to"),
};

/** The resource. Each item is of one night, whose date Polar gives. */
export const skinTemperature = dayList({
  name: "skin-temperature",
  schema,
  ledger,
  discovery,
  paths: pathsOf("skintemperature"),
  day: ({ sleep_date }) => sleep_date,
  order: ({ sleep_date }) => sleep_date,
});
