import { describe, it } from "vitest";
import { type ProviderSubject, providerCases } from "../conformance/cases.ts";
import { body as healthAutoExport } from "./fixtures/health-auto-export.ts";
import { body as healthkit } from "./fixtures/healthkit.ts";
import { body as openWearables } from "./fixtures/open-wearables.ts";
import apple from "./index.ts";

const subject: ProviderSubject = {
  provider: apple,
  providerUserId: "a-1",
  environment: {},
  bodies: [
    { ref: { resource: "health-auto-export", key: "body" }, body: healthAutoExport },
    { ref: { resource: "healthkit", key: "body" }, body: healthkit },
    { ref: { resource: "open-wearables", key: "body" }, body: openWearables },
    { ref: { resource: "connection-settings", key: "connection" }, body: { zone: "Europe/Berlin" } },
  ],
  uploads: {
    "health-auto-export": { good: [JSON.stringify(healthAutoExport)], invalid: [] },
    // A file, which is read in pieces; `formats/export` has its tests.
    export: { good: [], invalid: [] },
    healthkit: { good: [JSON.stringify(healthkit)], invalid: [] },
    settings: {
      good: [JSON.stringify({ zone: "Europe/Berlin", ignored: ["com.example.app"] })],
      invalid: [JSON.stringify({ zone: "Mars/Olympus" }), JSON.stringify({ zones: null })],
    },
    "open-wearables": { good: [JSON.stringify(openWearables)], invalid: [] },
  },
};

describe("apple is a provider: it", () => {
  for (const [name, check] of Object.entries(providerCases)) it(name, () => check(subject));
});
