/** The physical information that v4 puts into several bodies (POLAR-V4 §5), and the fate of each of its leaves. */
import { z } from "zod";
import { birthday, number, text } from "../../../kit/fields.ts";
import { positive } from "../../../kit/values.ts";
import { int64 } from "../reading.ts";

export const physicalInformation = z.looseObject({
  birthday: birthday.nullish(),
  sex: text,
  height: number,
  weight: number,
  trainingBackground: text,
  weightSource: text,
  sleepGoal: int64,
  maximumHeartRate: number,
  restingHeartRate: number,
  vo2Max: number,
});

export type PhysicalInformation = z.output<typeof physicalInformation>;

/** The end of the word for a weight that nobody gave; in v3 it is SOURCE_DEFAULT. */
const defaultWeight = /(^|_)SOURCE_DEFAULT$/;

/** Returns a weight that somebody gave or measured, in kg. */
export const weightOf = (info: PhysicalInformation | null | undefined): number | null =>
  defaultWeight.test(info?.weightSource ?? "") ? null : positive(info?.weight);
