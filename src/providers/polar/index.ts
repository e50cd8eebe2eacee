import { defineProvider } from "../provider.ts";
import { apis } from "./apis.ts";
import { normalizers } from "./normalizers.ts";
import { consent } from "./oauth.ts";
import { resources } from "./resources.ts";
import { polarSettings } from "./settings.ts";
import { subscription } from "./subscription.ts";
import { notifications } from "./webhook.ts";

/** Polar AccessLink v3. The ledgers list every field of every body. */
export default defineProvider({
  name: "POLAR",
  slug: "polar",
  displayName: "Polar",
  dataTypes: ["activity", "daily", "sleep", "body", "athlete"],
  settings: polarSettings,
  connecting: { kind: "oauth", consents: [consent] },
  notifications,
  subscription,
  apis,
  resources,
  normalizers,
  mapperVersion: 5,
});
