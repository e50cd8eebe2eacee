import { createHmac } from "node:crypto";
import { describe, it } from "vitest";
import { type ProviderSubject, providerCases } from "../conformance.ts";
import polar from "./index.ts";
import { fixture } from "./testing/bodies.ts";

const body = (resource: string, key: string, name: string) => ({
  ref: { resource, key },
  body: fixture(name),
});
const common = {
  user_id: 475,
  timestamp: "2025-05-11T14:22:24Z",
  url: "https://www.polaraccesslink.com/v3/x",
};
const json = (event: string, extra: object = {}) => JSON.stringify({ event, ...common, ...extra });

const subject: ProviderSubject = {
  provider: polar,
  providerUserId: "475",
  environment: { POLAR_CLIENT_ID: "id", POLAR_CLIENT_SECRET: "secret" },
  bodies: [
    body("exercise", "Ab3kQ9zX", "exercise-run"),
    body("exercise", "2AC312F", "exercise-documented"),
    body("exercise", "indoor1", "exercise-indoor"),
    body("sleep", "2025-05-12", "sleep-midnight"),
    body("sleep", "2025-05-13", "sleep-sentinels"),
    body("sleep", "2025-03-30", "sleep-spring"),
    body("sleep", "2025-10-26", "sleep-autumn"),
    body("nightly-recharge", "2025-05-12", "recharge-midnight"),
    body("activity", "2025-05-11", "activity-day"),
    body("activity", "*", "activity-list"),
    body("continuous-heart-rate", "2025-05-11", "heart-rate-day"),
    body("continuous-heart-rate", "2025-05-09..2025-05-10", "heart-rate-range"),
    body("cardio-load", "2025-05-11", "cardio-load-day"),
    body("physical-info", "current", "physical-info"),
    body("user", "current", "user"),
  ],
  notifications: {
    ping: JSON.stringify({ timestamp: common.timestamp, event: "PING" }),
    data: [
      json("EXERCISE", { entity_id: "aQlC83" }),
      json("SLEEP", { date: "2025-05-12" }),
      json("ACTIVITY_SUMMARY", { date: "2025-05-11" }),
      json("CONTINUOUS_HEART_RATE", { date: "2025-05-11" }),
      json("PHYSICAL_INFORMATION"),
    ],
    unknown: json("SLEEP_WISE_ALERTNESS", { from: "2025-05-01", to: "2025-05-11" }),
    invalid: [
      json("EXERCISE"),
      json("EXERCISE", { entity_id: "../users" }),
      json("SLEEP", { date: "2025-02-30" }),
      json("SLEEP", { date: "2025-05-12/../../x" }),
      json("ACTIVITY_SUMMARY", { date: "2025-05-11", user_id: "475/.." }),
      json("PHYSICAL_INFORMATION", { user_id: null }),
    ],
  },
  sign: (signed, secret) => ({
    "polar-webhook-signature": createHmac("sha256", secret).update(signed).digest("hex"),
  }),
};

describe("polar is a provider: it", () => {
  for (const [name, check] of Object.entries(providerCases)) it(name, () => check(subject));
});
