import { describe, it } from "vitest";
import { type ProviderSubject, providerCases } from "../conformance/cases.ts";
import garmin from "./index.ts";
import { garminApi } from "./names.ts";
import { pageSize } from "./resources/activities.ts";
import * as bodies from "./testing/bodies.ts";

const day = "2025-05-12";
const days = `${day}..${day}`;
const at = (resource: string, key: string, body: unknown) => ({ ref: { resource, key }, body });

const page = (from: number, count: number) => ({
  status: 200,
  body: Array.from({ length: count }, (_, index) => ({ ...bodies.activity, activityId: from + index })),
});

const subject: ProviderSubject = {
  provider: garmin,
  providerUserId: String(bodies.personId),
  environment: {},
  bodies: [
    at("daily-summary", day, bodies.day),
    at("spo2", day, bodies.spo2Day),
    at("heart-rate", day, bodies.heartRateDay),
    at("body-battery", days, [bodies.batteryDay]),
    at("sleep", days, [bodies.night, bodies.noNight]),
    at("hrv-daily", days, bodies.hrvNights),
    at("hrv", day, bodies.hrvNight),
    at("activities", days, [bodies.activity]),
    at("activity", String(bodies.activity.activityId), bodies.activityDetail),
    at("wellness-activities", days, [bodies.breathing]),
    at("weight", days, bodies.weights(bodies.weighIn)),
    at("fitness-age", day, bodies.fitnessAge),
    at("food-log", day, bodies.foods),
    at("hydration", days, [bodies.water]),
    at("menstrual-summary", day, bodies.cycle),
    at("menstrual-day", day, bodies.cycleView),
    at("user-settings", "current", bodies.settings),
    at("heart-rate-zones", "*", bodies.zones),
    at("weight-goals", days, bodies.goals),
  ],
  key: {
    // The token is bare text; its end is inside it, where the suite does not look (key.test.ts does).
    issue: ({ accessToken, refreshToken, expiresInSeconds, scopes }) =>
      refreshToken === null && scopes === null && expiresInSeconds === null
        ? [
            { status: 200, body: accessToken },
            { status: 200, body: bodies.emptyDay },
          ]
        : null,
    refusal: { status: 403 },
  },
  pages: [
    {
      ref: { resource: "activities", key: days },
      replies: [page(1, pageSize), page(1 + pageSize, pageSize), page(1 + 2 * pageSize, 3)],
    },
  ],
  failures: [
    { api: garminApi, reply: { status: 403 }, code: "PROVIDER_REFUSED" },
    {
      api: garminApi,
      reply: { status: 404, body: { message: "None", error: "NotFoundException" } },
      code: "PROVIDER_RESOURCE_MISSING",
    },
    { api: garminApi, reply: { status: 405 }, code: "PROVIDER_REFUSED" },
  ],
};

describe("garmin is a provider: it", () => {
  for (const [name, check] of Object.entries(providerCases)) it(name, () => check(subject));
});
