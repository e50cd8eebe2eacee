/** What Oura tells of a day beside activity and scores, each in a document of its own. */
import { z } from "zod";
import { asSent, date, number, text, time } from "../../kit/fields.ts";
import { alsoIn, carried, composite, identifying, type Ledger, mapped, numeric } from "../../ledger.ts";
import { declareCollection, documentId } from "../collection.ts";
import { dayKeys } from "../daily-documents.ts";

const common = { id: documentId, day: date };
const commonLedger = {
  id: carried("the document's id"),
  day: identifying(mapped("daily.metadata.start_time", "key")),
} satisfies Ledger;
const yearly = { scope: "daily", daysPerCall: 365, endsWithId: true, keys: dayKeys } as const;

/** GET /v2/usercollection/daily_spo2 (Oura's OpenAPI, PublicDailySpO2). Sources: [O], [R] captured bodies. */
const spo2Schema = z.looseObject({
  ...common,
  spo2_percentage: z.looseObject({ average: number }).nullish(),
  breathing_disturbance_index: asSent,
});
export type OuraSpo2 = z.output<typeof spo2Schema>;

export const dailySpo2 = declareCollection({
  ...yearly,
  name: "daily-spo2",
  collection: "daily_spo2",
  scope: "spo2Daily",
  schema: spo2Schema,
  ledger: {
    ...commonLedger,
    "spo2_percentage.average": mapped(
      [
        "daily.oxygen_data.avg_saturation_percentage",
        "sleep.respiration_data.oxygen_saturation_data.avg_saturation_percentage",
      ],
      "exact",
      "%, measured during sleep [O]; in Sleep only for the day's long period. 0 is no measurement [R]",
    ),
    breathing_disturbance_index: numeric(carried("0–100, from drops of SpO₂ [O]")),
  },
});

/** GET /v2/usercollection/daily_stress (Oura's OpenAPI, PublicDailyStress). */
const stressSchema = z.looseObject({
  ...common,
  stress_high: number,
  recovery_high: number,
  day_summary: text,
});
export type OuraStress = z.output<typeof stressSchema>;

export const dailyStress = declareCollection({
  ...yearly,
  name: "daily-stress",
  collection: "daily_stress",
  schema: stressSchema,
  ledger: {
    ...commonLedger,
    stress_high: mapped("daily.stress_data.high_stress_duration_seconds", "exact", "seconds [O]"),
    recovery_high: mapped(
      "daily.stress_data.rest_stress_duration_seconds",
      "exact",
      'seconds "in a high recovery zone" [O]',
    ),
    day_summary: alsoIn(
      "daily.stress_data.stress_rating",
      carried("restored → Rest, normal → Medium, stressful → High; null while the day is not over"),
    ),
  },
});

/** GET /v2/usercollection/daily_resilience (Oura's OpenAPI, DailyResilienceModel). */
export const dailyResilience = declareCollection({
  ...yearly,
  name: "daily-resilience",
  collection: "daily_resilience",
  schema: z.looseObject({ ...common, level: asSent, contributors: asSent }),
  ledger: {
    ...commonLedger,
    level: carried("limited, adequate, solid, strong or exceptional"),
    contributors: composite(carried("sleep_recovery, daytime_recovery and stress, each 0–100")),
  },
});

/** GET /v2/usercollection/daily_cardiovascular_age (Oura's OpenAPI, PublicDailyCardiovascularAge). No id in 2024 [R]. */
export const cardiovascularAge = declareCollection({
  ...yearly,
  name: "cardiovascular-age",
  collection: "daily_cardiovascular_age",
  schema: z.looseObject({
    id: documentId.nullish(),
    day: date,
    vascular_age: asSent,
    pulse_wave_velocity: asSent,
  }),
  ledger: {
    ...commonLedger,
    vascular_age: numeric(carried("years, 18–100 [O]")),
    pulse_wave_velocity: numeric(
      carried('m/s, "derived from vascular age" [O]: an estimate without a time, so it is no sample of Body'),
    ),
  },
});

/** GET /v2/usercollection/vO2_max, with a capital; webhooks call it vo2_max. (Oura's OpenAPI, PublicVO2Max.) */
const vo2MaxSchema = z.looseObject({ ...common, timestamp: time.nullish(), vo2_max: number });
export type OuraVo2Max = z.output<typeof vo2MaxSchema>;

export const vo2Max = declareCollection({
  ...yearly,
  name: "vo2-max",
  collection: "vO2_max",
  schema: vo2MaxSchema,
  ledger: {
    ...commonLedger,
    timestamp: carried("when the estimate was made"),
    vo2_max: mapped("daily.oxygen_data.vo2max_ml_per_min_per_kg", "exact", "ml/min/kg; 0 → null"),
  },
});

/** GET /v2/usercollection/sleep_time (Oura's OpenAPI, PublicSleepTime): a recommendation. */
export const sleepTime = declareCollection({
  ...yearly,
  name: "sleep-time",
  collection: "sleep_time",
  schema: z.looseObject({ ...common, optimal_bedtime: asSent, recommendation: asSent, status: asSent }),
  ledger: {
    ...commonLedger,
    optimal_bedtime: composite(carried("seconds from midnight, and the day's offset from UTC in seconds")),
    recommendation: carried("earlier_bedtime, later_bedtime and others; null where there is none"),
    status: carried("why there is a recommendation, or none"),
  },
});
