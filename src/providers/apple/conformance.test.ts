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
  ],
  uploads: {
    "health-auto-export": { good: [JSON.stringify(healthAutoExport)], invalid: [] },
    // A file, which is read in pieces; `formats/export` has its tests.
    export: { good: [], invalid: [] },
    healthkit: { good: [JSON.stringify(healthkit)], invalid: [] },
    "open-wearables": { good: [JSON.stringify(openWearables)], invalid: [] },
  },
};

describe("apple is a provider: it", () => {
  for (const [name, check] of Object.entries(providerCases)) it(name, () => check(subject));
});
