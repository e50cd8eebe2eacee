/** What AccessLink serves. Each group is declared in `resources/`. */
import type { Resource } from "../provider.ts";
import { activity, continuousHeartRate } from "./resources/day.ts";
import { exercise } from "./resources/exercise.ts";
import { nightlyRecharge, sleep } from "./resources/night.ts";
import { physicalInfo, user } from "./resources/person.ts";

export { current, everything } from "./resources/declare.ts";

export const resources: readonly Resource[] = [
  exercise,
  activity,
  continuousHeartRate,
  sleep,
  nightlyRecharge,
  physicalInfo,
  user,
];
