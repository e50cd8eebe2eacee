import { createHmac } from "node:crypto";
import { describe, it } from "vitest";
import { type ExampleReply, type ProviderSubject, providerCases } from "../conformance/cases.ts";
import type { HttpRequest } from "../provider.ts";
import polar from "./index.ts";
import { accesslink, dynamic } from "./names.ts";
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

/** The decoded content of the files; `files/files.test.ts` reads them from bytes. */
const runFit = {
  file_id: [{ manufacturer: "development", type: "activity" }],
  session: [{ total_ascent: 21, total_descent: 20, avg_cadence: 84 }],
  lap: [
    { start_time: "2025-05-11T03:59:58.000Z", timestamp: "2025-05-11T04:00:00.000Z", lap_trigger: "manual" },
    {
      start_time: "2025-05-11T04:00:00.000Z",
      timestamp: "2025-05-11T04:00:03.000Z",
      lap_trigger: "session_end",
    },
  ],
};
const runTcx = {
  training_center_database: {
    activities: { activity: [{ lap: [{ start_time: "2025-05-11T03:59:58.000Z" }] }] },
  },
};

const tooOld = { status: 400, body: { message: "Date cannot be older than 2024-05-11" } };

const subject: ProviderSubject = {
  provider: polar,
  providerUserId: "475",
  environment: { POLAR_CLIENT_ID: "id", POLAR_CLIENT_SECRET: "secret" },
  bodies: [
    body("exercise", "Ab3kQ9zX", "exercise-run"),
    { ref: { resource: "exercise-fit", key: "Ab3kQ9zX" }, body: runFit },
    { ref: { resource: "exercise-tcx", key: "Ab3kQ9zX" }, body: runTcx },
    { ref: { resource: "exercise-gpx", key: "Ab3kQ9zX" }, body: { gpx: { version: "1.1" } } },
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
    body("skin-temperature", "*", "skin-temperature"),
    body("sleepwise-alertness", "2025-05-12..2025-05-13", "sleepwise-alertness"),
    body("sleepwise-circadian-bedtime", "2025-05-12", "sleepwise-circadian-bedtime"),
    body("body-temperature", "2025-05-11..2025-05-12", "body-temperature"),
    body("skin-contacts", "*", "skin-contacts"),
    body("ecg", "*", "ecg"),
    body("spo2", "2025-05-11", "spo2"),
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
      json("SLEEP_WISE_ALERTNESS", { from: "2025-05-01", to: "2025-05-11" }),
      json("SLEEP_WISE_CIRCADIAN_BEDTIME", { from: "2025-05-11", to: "2025-05-11" }),
      json("PHYSICAL_INFORMATION"),
    ],
    unknown: json("BIOSENSING", { from: "2025-05-01", to: "2025-05-11" }),
    invalid: [
      json("EXERCISE"),
      json("EXERCISE", { entity_id: "../users" }),
      json("SLEEP", { date: "2025-02-30" }),
      json("SLEEP", { date: "2025-05-12/../../x" }),
      json("ACTIVITY_SUMMARY", { date: "2025-05-11", user_id: "475/.." }),
      json("SLEEP_WISE_ALERTNESS", { from: "2025-05-11", to: "2025-05-01" }),
      json("SLEEP_WISE_ALERTNESS", { from: "2025-05-01", to: "2025-05-11&x=1" }),
      json("PHYSICAL_INFORMATION", { user_id: null }),
    ],
    signing: {
      by: "subscription",
      coversBody: true,
      coversTime: false,
      headers: (signed, { secret }) => ({
        "polar-webhook-signature": createHmac("sha256", secret).update(signed).digest("hex"),
      }),
    },
  },
  consents: {
    [dynamic]: {
      issue: ({ accessToken, refreshToken, expiresInSeconds, scopes }) => [
        {
          status: 200,
          body: {
            access_token: accessToken,
            token_type: "bearer",
            x_user_id: 475,
            ...(refreshToken !== null && { refresh_token: refreshToken }),
            ...(expiresInSeconds !== null && { expires_in: expiresInSeconds }),
            ...(scopes !== null && { scope: scopes.join(" ") }),
          },
        },
      ],
      refusal: { status: 400, body: { error: "invalid_grant" } },
      clientAuthentication: "basic",
      register: {
        done: [
          { status: 403 },
          { status: 200, body: { "polar-user-id": 475 } },
          { status: 200, body: [] },
          { status: 200, body: { "polar-user-id": 475 } },
        ],
        known: [
          { status: 200, body: [] },
          { status: 200, body: { "polar-user-id": 475 } },
        ],
      },
      // v4 has no revocation, and the grant here was not found to open v3.
      revoke: { done: [], gone: [] },
    },
    [accesslink]: {
      // Polar has no refresh tokens.
      issue: ({ accessToken, refreshToken, expiresInSeconds, scopes }) =>
        refreshToken === null
          ? [
              {
                status: 200,
                body: {
                  access_token: accessToken,
                  token_type: "bearer",
                  x_user_id: 475,
                  ...(expiresInSeconds !== null && { expires_in: expiresInSeconds }),
                  ...(scopes !== null && { scope: scopes.join(" ") }),
                },
              },
            ]
          : null,
      refusal: { status: 400, body: { error: "invalid_grant" } },
      clientAuthentication: "basic",
      register: {
        done: [{ status: 200, body: { "polar-user-id": 475 } }],
        known: [{ status: 409 }, { status: 200, body: { "polar-user-id": 475 } }],
      },
      revoke: { done: [{ status: 204 }], gone: [{ status: 404 }] },
    },
  },
  subscriptionServer: webhookServer,
  failures: [{ api: accesslink, reply: tooOld, code: "PROVIDER_OUT_OF_REACH" }],
};

/**
 * A server with the one webhook of a client. It tells the secret when it makes the webhook, and never again (POLAR-API
 * §4).
 */
function webhookServer(): (request: HttpRequest) => ExampleReply {
  let made = 0;
  let held: { id: string; events: string[]; url: string } | null = null;
  return ({ method, body }) => {
    const given = body ? JSON.parse(body) : {};
    switch (method) {
      case "GET":
        return { status: 200, body: { data: held === null ? [] : [{ ...held, active: true }] } };
      case "POST":
        made += 1;
        held = { id: `webhook${made}`, ...given };
        return { status: 201, body: { data: { ...held, signature_secret_key: `secret${made}` } } };
      case "PATCH":
        held = { id: `webhook${made}`, ...held, ...given };
        return { status: 200, body: { data: held ?? {} } };
      default:
        held = null;
        return { status: 204 };
    }
  };
}

describe("polar is a provider: it", () => {
  for (const [name, check] of Object.entries(providerCases)) it(name, () => check(subject));
});
