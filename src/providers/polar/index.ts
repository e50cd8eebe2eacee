import { defineProvider } from "../provider.ts";
import { apis } from "./apis.ts";
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
  apis,
  resources,
  normalizers,
  mapperVersion: 5,
  addresses: ({ token_url, api_url }) => [token_url, api_url],
  connect,
});
