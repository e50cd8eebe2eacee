import type { z } from "zod";
import { activitySchema } from "./activity.ts";
import { athleteSchema } from "./athlete.ts";
import { bodySchema } from "./body.ts";
import { dailySchema } from "./daily.ts";
import { menstruationSchema } from "./menstruation.ts";
import { nutritionSchema } from "./nutrition.ts";
import { sleepSchema } from "./sleep.ts";

/** The schema of every data type, by the name Terra's paths and events give it. */
export const models = {
  activity: activitySchema,
  daily: dailySchema,
  sleep: sleepSchema,
  body: bodySchema,
  nutrition: nutritionSchema,
  menstruation: menstruationSchema,
  athlete: athleteSchema,
} as const;

export type DataType = keyof typeof models;
export const dataTypes = Object.keys(models) as readonly DataType[];

/** `ModelOf["sleep"]` is Sleep. */
export type ModelOf = { [Type in DataType]: z.infer<(typeof models)[Type]> };

const dayOf = (record: { metadata: { start_time: string } }) => record.metadata.start_time.slice(0, 10);

const naturalKeys: { [Type in DataType]: (record: ModelOf[Type]) => string } = {
  activity: (record) => record.metadata.summary_id,
  sleep: (record) => record.metadata.summary_id ?? dayOf(record),
  daily: dayOf,
  body: dayOf,
  nutrition: dayOf,
  menstruation: dayOf,
  athlete: () => "athlete",
};

/** Returns the key that tells a record from the connection's other records of its type. A revision keeps it. */
export function naturalKey<Type extends DataType>(type: Type, record: ModelOf[Type]): string {
  return naturalKeys[type](record);
}
