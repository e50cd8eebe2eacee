import type { DataType } from "../../../models/index.ts";
import type { FhirTable } from "../table.ts";
import { activityTable } from "./activity.ts";
import { athleteTable } from "./athlete.ts";
import { bodyTable } from "./body.ts";
import { dailyTable } from "./daily.ts";
import { menstruationTable } from "./menstruation.ts";
import { nutritionTable } from "./nutrition.ts";
import { sleepTable } from "./sleep.ts";

/** The table of each model. */
export const fhirTables: Readonly<Record<DataType, FhirTable>> = {
  activity: activityTable,
  daily: dailyTable,
  sleep: sleepTable,
  body: bodyTable,
  nutrition: nutritionTable,
  menstruation: menstruationTable,
  athlete: athleteTable,
};
