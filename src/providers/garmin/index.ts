import { defineProvider } from "../provider.ts";
import { api } from "./api.ts";
import { connecting } from "./key.ts";
import { garminApi } from "./names.ts";
import { activityNormalizer } from "./normalize/activity.ts";
import { athleteNormalizer } from "./normalize/athlete.ts";
import { bodyNormalizer } from "./normalize/body.ts";
import { dailyNormalizer } from "./normalize/daily.ts";
import { menstruationNormalizer } from "./normalize/menstruation.ts";
import { nutritionNormalizer } from "./normalize/nutrition.ts";
import { sleepNormalizer } from "./normalize/sleep.ts";
import { resources } from "./resources.ts";
import { settings } from "./settings.ts";

/** Garmin's Personal API: a pasted key, and polling. The ledgers list every field of every body. */
export default defineProvider({
  name: "GARMIN",
  slug: "garmin",
  displayName: "Garmin",
  dataTypes: ["activity", "daily", "sleep", "body", "nutrition", "menstruation", "athlete"],
  settings,
  connecting,
  apis: { [garminApi]: api },
  resources,
  normalizers: [
    activityNormalizer,
    dailyNormalizer,
    sleepNormalizer,
    bodyNormalizer,
    nutritionNormalizer,
    menstruationNormalizer,
    athleteNormalizer,
  ],
  mapperVersion: 1,
});
