/** All resources of the Dynamic API v4. Each is declared in `resources/`. */
import type { ServedResource } from "../../provider.ts";
import { account } from "./resources/account.ts";
import { activityDates, v4Activity } from "./resources/activity.ts";
import { calendar, calendarDates } from "./resources/calendar.ts";
import { v4ContinuousSamples } from "./resources/continuous-samples.ts";
import { v4Recharge, v4RechargeSamples } from "./resources/nightly-recharge.ts";
import { ppiDates, v4PpiSamples } from "./resources/ppi-samples.ts";
import { route } from "./resources/route.ts";
import { skinContacts } from "./resources/skin-contacts.ts";
import { sleepIndex, v4Sleep } from "./resources/sleep.ts";
import { v4SleepWake } from "./resources/sleep-wake.ts";
import { sportCatalogue } from "./resources/sports.ts";
import { subscriptions } from "./resources/subscriptions.ts";
import { temperature } from "./resources/temperature.ts";
import { test, testSamples } from "./resources/test.ts";
import { trainingSession } from "./resources/training-session/training-session.ts";
import { trainingSessionIndex } from "./resources/training-session/training-session-index.ts";
import { calendarTargets, favoriteTargets } from "./resources/training-targets.ts";
import { userDevices } from "./resources/user-devices.ts";

export const v4Resources: readonly ServedResource[] = [
  v4Sleep,
  sleepIndex,
  v4SleepWake,
  v4Recharge,
  v4RechargeSamples,
  v4ContinuousSamples,
  v4PpiSamples,
  ppiDates,
  v4Activity,
  activityDates,
  trainingSession,
  trainingSessionIndex,
  sportCatalogue,
  temperature,
  skinContacts,
  test,
  testSamples,
  calendar,
  calendarDates,
  calendarTargets,
  favoriteTargets,
  account,
  userDevices,
  subscriptions,
  route,
];
