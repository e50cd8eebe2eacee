/** The scores of a day: sleep and readiness. */
import { z } from "zod";
import { asSent, date, number, time } from "../../kit/fields.ts";
import { carried, composite, identifying, type Ledger, mapped, numeric } from "../../ledger.ts";
import { declareCollection, documentId } from "../collection.ts";
import { dayKeys } from "../daily-documents.ts";

const common = {
  id: documentId,
  day: date,
  timestamp: time.nullish(),
  score: number,
  contributors: asSent,
};

const commonLedger = {
  id: carried("the document's id"),
  day: identifying(mapped("daily.metadata.start_time", "key")),
  timestamp: mapped(
    "daily.metadata.start_time",
    "derived: its offset, where the day has no activity",
    "old ones have +00:00 whatever the place [R]",
  ),
  contributors: composite(carried("the parts of the score, each 1–100 or null")),
} satisfies Ledger;

/** GET /v2/usercollection/daily_sleep (Oura's OpenAPI, PublicDailySleep). Sources: [O], [R] captured bodies. */
const sleepSchema = z.looseObject(common);
export type OuraSleepScore = z.output<typeof sleepSchema>;

export const dailySleep = declareCollection({
  name: "daily-sleep",
  collection: "daily_sleep",
  scope: "daily",
  schema: sleepSchema,
  ledger: {
    ...commonLedger,
    score: mapped(
      ["daily.scores.sleep", "sleep.scores.sleep"],
      "exact",
      "of all sleep of the day; in Sleep only where the period is the day's long one. 0 → null",
    ),
  },
  daysPerCall: 365,
  endsWithId: true,
  keys: dayKeys,
});

/** GET /v2/usercollection/daily_readiness (Oura's OpenAPI, PublicDailyReadiness). */
const readinessSchema = z.looseObject({
  ...common,
  temperature_deviation: number,
  temperature_trend_deviation: asSent,
});
export type OuraReadiness = z.output<typeof readinessSchema>;

export const dailyReadiness = declareCollection({
  name: "daily-readiness",
  collection: "daily_readiness",
  scope: "daily",
  schema: readinessSchema,
  ledger: {
    ...commonLedger,
    score: mapped(
      ["daily.scores.recovery", "sleep.readiness_data.readiness"],
      "exact",
      "in Sleep only for a long period that brings none itself. 0 → null",
    ),
    temperature_deviation: {
      ...numeric(carried("°C from the person's usual; 0 is a value")),
      also: ["sleep.temperature_data.delta"],
    },
    temperature_trend_deviation: numeric(carried("°C, the trend of several days")),
  },
  daysPerCall: 365,
  endsWithId: true,
  keys: dayKeys,
});
