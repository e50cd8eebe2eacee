/** What makes the records, each with what the bodies it is made of say beyond Terra's fields. */
import type { Normalizer } from "../provider.ts";
import { type Offered, withProviderData } from "../provider-data.ts";
import { activityNormalizer } from "./normalize/activity.ts";
import { athleteNormalizer } from "./normalize/athlete.ts";
import { bodyNormalizer } from "./normalize/body.ts";
import { dailyNormalizer } from "./normalize/daily.ts";
import { sleepNormalizer } from "./normalize/sleep.ts";
import { bodyTemperature, ecg, skinContacts, skinTemperature, spo2 } from "./resources/biosensing.ts";
import { activity, cardioLoad, continuousHeartRate } from "./resources/day.ts";
import { exercise } from "./resources/exercise.ts";
import { exerciseFit, exerciseTcx } from "./resources/files.ts";
import { nightlyRecharge, sleep } from "./resources/night.ts";
import { physicalInfo, user } from "./resources/person.ts";
import { alertness, circadianBedtime } from "./resources/sleepwise.ts";
import { toldOfActivity, toldOfAthlete, toldOfDaily } from "./told.ts";

const offering = (normalizer: Normalizer, offered: Offered): Normalizer =>
  withProviderData("polar", normalizer, offered);

export const normalizers: readonly Normalizer[] = [
  offering(activityNormalizer, { one: [exercise, exerciseFit, exerciseTcx], told: toldOfActivity }),
  offering(dailyNormalizer, { one: [activity, continuousHeartRate, cardioLoad], told: toldOfDaily }),
  offering(sleepNormalizer, {
    one: [sleep, nightlyRecharge],
    several: [skinTemperature, alertness, circadianBedtime],
  }),
  offering(bodyNormalizer, { one: [physicalInfo], several: [bodyTemperature, skinContacts, ecg, spo2] }),
  offering(athleteNormalizer, { one: [user, physicalInfo], told: toldOfAthlete }),
];
