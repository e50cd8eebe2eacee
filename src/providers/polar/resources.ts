/** What AccessLink serves. Each group is declared in `resources/`. */
import type { ServedResource } from "../provider.ts";
import { bodyTemperature, ecg, skinContacts, skinTemperature, spo2 } from "./resources/biosensing.ts";
import { activity, cardioLoad, continuousHeartRate } from "./resources/day.ts";
import { exercise } from "./resources/exercise.ts";
import { exerciseOffset } from "./resources/exercise-offset.ts";
import { exerciseFit, exerciseGpx, exerciseTcx } from "./resources/files.ts";
import { exerciseIndex, sleepIndex } from "./resources/indexes.ts";
import { nightlyRecharge, sleep } from "./resources/night.ts";
import { physicalInfo, user } from "./resources/person.ts";
import { alertness, circadianBedtime } from "./resources/sleepwise.ts";

export const resources: readonly ServedResource[] = [
  exercise,
  exerciseIndex,
  exerciseOffset,
  exerciseFit,
  exerciseTcx,
  exerciseGpx,
  activity,
  continuousHeartRate,
  cardioLoad,
  sleep,
  sleepIndex,
  nightlyRecharge,
  alertness,
  circadianBedtime,
  skinTemperature,
  bodyTemperature,
  skinContacts,
  ecg,
  spo2,
  physicalInfo,
  user,
];
