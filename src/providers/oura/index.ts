import { defineProvider } from "../provider.ts";
import { api } from "./api.ts";
import { ouraApi } from "./names.ts";
import { activityNormalizer } from "./normalize/activity.ts";
import { athleteNormalizer } from "./normalize/athlete.ts";
import { dailyNormalizer } from "./normalize/daily.ts";
import { sleepNormalizer } from "./normalize/sleep.ts";
import { consent } from "./oauth.ts";
import { resources } from "./resources.ts";
import { settings } from "./settings.ts";
import { subscription } from "./subscription.ts";
import { notifications } from "./webhook.ts";

/** Oura API v2. The ledgers list every field of every body. */
export default defineProvider({
  name: "OURA",
  slug: "oura",
  displayName: "Oura",
  dataTypes: ["activity", "daily", "sleep", "athlete"],
  settings,
  connecting: { kind: "oauth", consents: [consent] },
  notifications,
  subscription,
  apis: { [ouraApi]: api },
  resources,
  normalizers: [activityNormalizer, dailyNormalizer, sleepNormalizer, athleteNormalizer],
  mapperVersion: 1,
});
