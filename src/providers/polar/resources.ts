/** All resources of both APIs: AccessLink's in the order of its documentation, then those of the Dynamic API v4. */
import type { ServedResource } from "../provider.ts";
import { activity } from "./resources/activity.ts";
import { bodyTemperature } from "./resources/body-temperature.ts";
import { cardioLoad } from "./resources/cardio-load.ts";
import { continuousHeartRate } from "./resources/continuous-heart-rate.ts";
import { ecg } from "./resources/ecg.ts";
import { exercise } from "./resources/exercise/exercise.ts";
import { exerciseIndex } from "./resources/exercise/exercise-index.ts";
import { exerciseOffset } from "./resources/exercise/exercise-offset.ts";
import { exerciseFit } from "./resources/exercise-fit.ts";
import { exerciseGpx } from "./resources/exercise-gpx.ts";
import { exerciseTcx } from "./resources/exercise-tcx.ts";
import { nightlyRecharge } from "./resources/nightly-recharge.ts";
import { physicalInfo } from "./resources/physical-info.ts";
import { skinContacts } from "./resources/skin-contacts.ts";
import { skinTemperature } from "./resources/skin-temperature.ts";
import { sleep } from "./resources/sleep.ts";
import { sleepIndex } from "./resources/sleep-index.ts";
import { alertness } from "./resources/sleepwise-alertness.ts";
import { circadianBedtime } from "./resources/sleepwise-circadian-bedtime.ts";
import { spo2 } from "./resources/spo2.ts";
import { user } from "./resources/user.ts";
import { v4Resources } from "./v4/resources.ts";

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
  ...v4Resources,
];
