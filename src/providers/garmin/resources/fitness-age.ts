/** The age that Garmin gives a body by its fitness, and what it is computed from. */
import { z } from "zod";
import { declareResource } from "../../kit/declare-resource.ts";
import { byDay } from "../../kit/discovery.ts";
import { number, text } from "../../kit/fields.ts";
import { isDate } from "../../kit/iso-time.ts";
import { alsoIn, carried, composite, type Ledger, mapped, numeric } from "../../ledger.ts";
import { get, unavailable } from "../collection.ts";
import { each, numbers } from "../ledger-groups.ts";
import { garminApi, snakeCase } from "../names.ts";
import { garminTime } from "../times.ts";

/** Garmin's client, FitnessAge: a list there, one object in fact [Q]. */
const schema = z.looseObject({
  fitness_age: number,
  last_updated: garminTime.nullish(),
  invalid_reason: text,
});

export type GarminFitnessAge = z.output<typeof schema>;

const measurement = "body.measurements_data.measurements";

/** Sources: [O] Garmin's own client, [Q] others' findings. */
const ledger: Ledger = {
  fitness_age: alsoIn(
    `${measurement}.estimated_fitness_age`,
    numeric(carried("years, exact; Terra's is rounded, and only of the day on which it was computed")),
  ),
  last_updated: mapped(`${measurement}.measurement_time`, "exact", "local time, without an offset"),
  invalid_reason: alsoIn(measurement, carried("why there is no valid age; it then makes no measurement")),
  ...numbers({
    chronological_age: "years",
    achievable_fitness_age: "years, with better habits",
    previous_fitness_age: "years",
  }),
  ...each(
    ["vigorous_days_avg", "vigorous_minutes_avg", "rhr", "body_fat", "bmi"].map(
      (name) => `components.${name}`,
    ),
    composite(carried("what the age is computed from: its value, its target, and the age with that")),
  ),
};

/** How many days back it is asked for: it changes slowly, and each day is a call. */
const reachDays = 28;

/** GET /fitnessage-service/fitnessage/v2/{day}; 204 without one. */
export const fitnessAge = declareResource({
  name: "fitness-age",
  api: garminApi,
  keyName: snakeCase,
  discovery: byDay({ announced: false, reachDays, unavailable }),
  request: (key) => (isDate(key) ? get(`/fitnessage-service/fitnessage/v2/${key}`) : null),
  schema,
  ledger,
  keys: (_age, day) => (isDate(day) ? [day] : null),
});
