/** Weigh-ins of scales, and those that the person entered. */
import { z } from "zod";
import { asSent, date, number, text } from "../../kit/fields.ts";
import { alsoIn, carried, identifying, ignored, type Ledger, mapped } from "../../ledger.ts";
import { declareRanges } from "../collection.ts";
import { numbers } from "../ledger-groups.ts";
import { garminTime } from "../times.ts";

/** Garmin's client, DateWeight. */
const metric = z.looseObject({
  sample_pk: asSent,
  date: garminTime.nullish(),
  timestamp_gmt: garminTime,
  weight: number,
  bmi: number,
  body_fat: number,
  body_water: number,
  bone_mass: number,
  muscle_mass: number,
  visceral_fat: number,
  metabolic_age: number,
  source_type: text,
});

export type GarminWeighIn = z.output<typeof metric>;

const schema = z.looseObject({ summary_date: date, all_weight_metrics: z.array(metric).nullish() });
export type GarminWeightDay = z.output<typeof schema>;

const measured = "body.measurements_data.measurements";
const at = (name: string) => `all_weight_metrics[].${name}`;

/** Sources: [O] Garmin's own client, [P] captured bodies. */
const ledger: Ledger = {
  summary_date: identifying(mapped("body.metadata.start_time", "key", "the person's civil day")),
  [at("timestamp_gmt")]: mapped(`${measured}.measurement_time`, "exact", "epoch ms, UTC [P]"),
  [at("date")]: mapped(
    `${measured}.measurement_time`,
    "derived: the offset is local − GMT",
    "already shifted [P]",
  ),
  [at("weight")]: mapped(`${measured}.weight_kg`, "converted: g ÷ 1000"),
  [at("bmi")]: mapped(`${measured}.BMI`, "exact"),
  [at("body_fat")]: mapped(`${measured}.bodyfat_percentage`, "exact", "percent"),
  [at("body_water")]: mapped(`${measured}.water_percentage`, "exact", "percent"),
  [at("bone_mass")]: mapped(`${measured}.bone_mass_g`, "exact", "grams"),
  [at("muscle_mass")]: mapped(`${measured}.muscle_mass_g`, "exact", "grams"),
  [at("visceral_fat")]: mapped(`${measured}.visceral_fat_level`, "exact", "Garmin's rating"),
  [at("metabolic_age")]: mapped(
    `${measured}.estimated_fitness_age`,
    "converted: rounded",
    "years; Garmin's metabolic age",
  ),
  [at("source_type")]: carried("INDEX_SCALE, MANUAL or another source"),
  [at("sample_pk")]: alsoIn(measured, carried("Garmin's id of the weigh-in")),
  ...numbers({
    [at("physique_rating")]: "Garmin's rating",
    [at("weight_delta")]: "grams since the weigh-in before",
    num_of_weight_entries: "weigh-ins of the day",
    min_weight: "grams",
    max_weight: "grams",
  }),
  [at("calendar_date")]: ignored("the day, as beside it"),
  latest_weight: ignored("one of the weigh-ins once more"),
};

/** GET /weight-service/weight/range: about a year in one call. */
export const weight = declareRanges({
  name: "weight",
  daysPerCall: 180,
  envelope: "dailyWeightSummaries",
  path: (from, to) => `/weight-service/weight/range/${from}/${to}?includeAll=true`,
  schema,
  ledger,
  keys: ({ summary_date: day }) => [day],
});
