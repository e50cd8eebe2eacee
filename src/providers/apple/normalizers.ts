/** Apple Health's normalisers. Each adds to its records what no Terra field holds. */
import type { Normalizer } from "../provider.ts";
import { withProviderData } from "../provider-data.ts";
import { activityNormalizer } from "./normalize/activity.ts";
import { dailyNormalizer } from "./normalize/daily.ts";
import { sleepNormalizer } from "./normalize/sleep.ts";
import { toldOfActivity, toldOfDaily, toldOfSleep } from "./told.ts";

export const normalizers: readonly Normalizer[] = [
  withProviderData("apple", activityNormalizer, { one: [], told: toldOfActivity }),
  withProviderData("apple", dailyNormalizer, { one: [], told: toldOfDaily }),
  withProviderData("apple", sleepNormalizer, { one: [], told: toldOfSleep }),
];
