import { defineProvider } from "../provider.ts";
import { connect } from "./client.ts";
import { normalizers } from "./normalizers.ts";
import { resources } from "./resources.ts";
import { polarSettings, settingsFromEnvironment } from "./settings.ts";
import { notifications } from "./webhook.ts";

/** Polar AccessLink v3. The ledgers have every field of every body. */
export default defineProvider({
  name: "POLAR",
  slug: "polar",
  displayName: "Polar",
  dataTypes: ["activity", "daily", "sleep", "body", "athlete"],
  settings: polarSettings,
  settingsFromEnvironment,
  notifications,
  // D: "15 min: 500 + 20 × users; 24 h: 5,000 + 100 × users" (POLAR-API §1).
  rateLimits: [
    { name: "15 minutes", lengthMs: 15 * 60_000, callsOfClient: 500, callsPerUser: 20 },
    { name: "24 hours", lengthMs: 24 * 3_600_000, callsOfClient: 5_000, callsPerUser: 100 },
  ],
  limitedAs: (settings) => `${settings.api_url} ${settings.client_id}`,
  resources,
  normalizers,
  mapperVersion: 2,
  connect,
});
