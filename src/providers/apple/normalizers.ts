/** Apple Health's normalisers. Each adds to its records what no Terra field holds. */
import type { Normalizer } from "../provider.ts";
import { withProviderData } from "../provider-data.ts";
import { activityNormalizer } from "./normalize/activity.ts";
import { athleteNormalizer } from "./normalize/athlete.ts";
import { bodyNormalizer } from "./normalize/body.ts";
import { dailyNormalizer } from "./normalize/daily.ts";
import { menstruationNormalizer } from "./normalize/menstruation.ts";
import { nutritionNormalizer } from "./normalize/nutrition.ts";
import { sleepNormalizer } from "./normalize/sleep.ts";
import {
  toldOfActivity,
  toldOfAthlete,
  toldOfBody,
  toldOfDaily,
  toldOfMenstruation,
  toldOfNutrition,
  toldOfSleep,
} from "./told.ts";

export const normalizers: readonly Normalizer[] = [
  withProviderData("apple", activityNormalizer, { one: [], told: toldOfActivity }),
  withProviderData("apple", dailyNormalizer, { one: [], told: toldOfDaily }),
  withProviderData("apple", sleepNormalizer, { one: [], told: toldOfSleep }),
  withProviderData("apple", bodyNormalizer, { one: [], told: toldOfBody }),
  withProviderData("apple", nutritionNormalizer, { one: [], told: toldOfNutrition }),
  withProviderData("apple", menstruationNormalizer, { one: [], told: toldOfMenstruation }),
  withProviderData("apple", athleteNormalizer, { one: [], told: toldOfAthlete }),
];
