/** What AccessLink serves. Each group is declared in `resources/`. */
import type { Resource } from "../provider.ts";
import { activity, cardioLoad, continuousHeartRate } from "./resources/day.ts";
import { exercise } from "./resources/exercise.ts";
import { exerciseOffset } from "./resources/exercise-offset.ts";
import { exerciseFit, exerciseGpx, exerciseTcx } from "./resources/files.ts";
import { nightlyRecharge, sleep } from "./resources/night.ts";
import { physicalInfo, user } from "./resources/person.ts";

export { current, everything } from "./resources/declare.ts";

export const resources: readonly Resource[] = [
  exercise,
  exerciseOffset,
  exerciseFit,
  exerciseTcx,
  exerciseGpx,
  activity,
  continuousHeartRate,
  cardioLoad,
  sleep,
  nightlyRecharge,
  physicalInfo,
  user,
];
