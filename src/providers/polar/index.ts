import { defineProvider } from "../provider.ts";
import { apis } from "./apis.ts";
import { accesslink } from "./names.ts";
import { normalizers } from "./normalizers.ts";
import { consent } from "./oauth.ts";
import { resources } from "./resources.ts";
import { polarSettings } from "./settings.ts";
import { subscription } from "./subscription.ts";
import { dynamicConsent } from "./v4/oauth.ts";
import { probe } from "./v4/probe/probe.ts";
import { notifications } from "./webhook.ts";

/** Polar: AccessLink v3 and the Dynamic API v4. The ledgers list every field of every body. */
export default defineProvider({
  name: "POLAR",
  slug: "polar",
  displayName: "Polar",
  dataTypes: ["activity", "daily", "sleep", "body", "athlete"],
  settings: polarSettings,
  connecting: { kind: "oauth", consents: [dynamicConsent, consent], formerConsent: accesslink },
  notifications,
  subscription,
  apis,
  resources,
  normalizers,
  probe,
  mapperVersion: 6,
});
