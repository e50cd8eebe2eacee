import { createHmac } from "node:crypto";
import { describe, it } from "vitest";
import { type ExampleReply, type ProviderSubject, providerCases } from "../conformance/cases.ts";
import type { HttpRequest } from "../provider.ts";
import oura from "./index.ts";
import { ouraApi } from "./names.ts";
import * as bodies from "./testing/bodies.ts";
import { verificationToken } from "./webhook.ts";

const secret = "client-secret";
const days = "2025-05-12..2025-05-12";
const list = (resource: string, ...data: readonly object[]) => ({
  ref: { resource, key: days },
  body: bodies.listOf(...data),
});

const told = (event_type: string, data_type: string, extra: object = {}) =>
  JSON.stringify({
    event_type,
    data_type,
    object_id: bodies.id(1),
    event_time: "2025-05-12T08:00:00+00:00",
    user_id: "person-1",
    ...extra,
  });

/** Two pages of one answer, the first without any document. */
const pagesOf = (resource: string, ...pages: readonly (readonly object[])[]) => ({
  ref: { resource, key: resource === "ring-configuration" ? "*" : days },
  replies: [[], ...pages].map((data, index, all) => ({
    status: 200,
    body: { data, next_token: index < all.length - 1 ? `page&${index + 1}` : null },
  })),
});

const documents: Readonly<Record<string, object>> = {
  sleep: bodies.night,
  "daily-activity": bodies.activityDay,
  "daily-sleep": bodies.sleepScore,
  "daily-readiness": bodies.readinessScore,
  "daily-spo2": bodies.spo2,
  "daily-stress": bodies.stress,
  "daily-resilience": bodies.resilience,
  "cardiovascular-age": bodies.cardiovascularAge,
  "vo2-max": bodies.vo2Max,
  "sleep-time": bodies.bedtime,
  "enhanced-tag": bodies.enhancedTag,
  tag: bodies.note,
  "rest-mode-period": bodies.restMode,
  workout: bodies.workout,
  session: bodies.session,
  "ring-configuration": bodies.ring,
};

const token = verificationToken({
  client_id: "id",
  client_secret: secret,
  authorize_url: "",
  token_url: "",
  api_url: "",
});

const subject: ProviderSubject = {
  provider: oura,
  providerUserId: "person-1",
  environment: { OURA_CLIENT_ID: "id", OURA_CLIENT_SECRET: secret },
  bodies: [
    ...Object.entries(documents)
      .filter(([resource]) => resource !== "sleep" && resource !== "ring-configuration")
      .map(([resource, body]) => list(resource, body)),
    list("sleep", bodies.night, bodies.lateNap, bodies.rejectedNap),
    {
      ref: { resource: "heartrate", key: "2025-05-11..2025-05-12" },
      body: bodies.listOf(...bodies.heartRate),
    },
    { ref: { resource: "ring-battery-level", key: days }, body: bodies.listOf(...bodies.battery) },
    { ref: { resource: "personal-info", key: "current" }, body: bodies.person },
    { ref: { resource: "ring-configuration", key: "*" }, body: bodies.listOf(bodies.ring) },
  ],
  consents: {
    [ouraApi]: {
      // Refresh tokens rotate: a renewal always brings a new one.
      issue: ({ accessToken, refreshToken, expiresInSeconds, scopes }, grantedFor) =>
        refreshToken === null
          ? null
          : [
              {
                status: 200,
                body: {
                  access_token: accessToken,
                  refresh_token: refreshToken,
                  token_type: "bearer",
                  ...(expiresInSeconds !== null && { expires_in: expiresInSeconds }),
                  ...(scopes !== null && { scope: scopes.join(" ") }),
                },
              },
              ...(grantedFor === "code" ? [{ status: 200, body: { id: "person-1" } }] : []),
            ],
      refusal: { status: 400, body: { error: "invalid_grant" } },
      clientAuthentication: "body",
      revoke: { done: [{ status: 405 }, { status: 200 }], gone: [{ status: 401 }] },
    },
  },
  notifications: {
    data: [
      told("create", "sleep"),
      told("update", "vo2_max"),
      told("update", "daily_activity", { event_time: undefined }),
      told("delete", "workout"),
    ],
    unknown: told("create", "meal"),
    invalid: [
      told("create", "sleep", { object_id: "../x" }),
      told("create", "sleep", { object_id: "2025-05-12" }),
      told("create", "sleep", { user_id: "" }),
      told("delete", "sleep", { object_id: null }),
      told("create", "workout", { event_time: "yesterday" }),
    ],
    signing: {
      by: "client",
      coversBody: true,
      coversTime: true,
      headers(body, { sentAt }) {
        const timestamp = String(Math.floor(sentAt.getTime() / 1_000));
        const signature = createHmac("sha256", secret).update(timestamp).update(body).digest("hex");
        return { "x-oura-timestamp": timestamp, "x-oura-signature": signature.toUpperCase() };
      },
    },
    handshake: {
      genuine: (challenge) => ({ method: "GET", query: { verification_token: token, challenge } }),
      answer: (challenge) => ({
        status: 200,
        contentType: "application/json",
        body: JSON.stringify({ challenge }),
      }),
      refused: [
        { method: "GET", query: { challenge: "x" } },
        { method: "GET", query: { challenge: "x", verification_token: "another" } },
      ],
      others: [{ method: "GET" }, { method: "HEAD" }, { method: "POST", query: { challenge: "x" } }],
    },
  },
  subscriptionServer,
  pages: [
    ...Object.entries(documents).map(([resource, body]) => pagesOf(resource, [body])),
    pagesOf("heartrate", [bodies.heartRate[1] ?? {}]),
    pagesOf("ring-battery-level", bodies.battery),
  ],
  failures: [
    { api: ouraApi, reply: { status: 403, body: { detail: "Forbidden" } }, code: "PROVIDER_FORBIDDEN" },
    {
      api: ouraApi,
      reply: { status: 403, body: { detail: "Missing scope: tag" } },
      code: "PROVIDER_REFUSED",
    },
    {
      api: ouraApi,
      reply: {
        status: 403,
        body: {
          detail:
            "The requested resource requires additional permissions or the user's Oura subscription has expired.",
        },
      },
      code: "PROVIDER_FORBIDDEN",
    },
    {
      api: ouraApi,
      reply: { status: 404, body: { detail: "Document not found." } },
      code: "PROVIDER_RESOURCE_MISSING",
    },
    { api: ouraApi, reply: { status: 422, body: { detail: [] } }, code: "PROVIDER_REFUSED" },
    { api: ouraApi, reply: { status: 400, body: "bad" }, code: "PROVIDER_REFUSED" },
  ],
};

/** A server with one subscription for each data type and operation, each of which lasts ninety days. */
function subscriptionServer(): (request: HttpRequest) => ExampleReply {
  const held = new Map<string, { id: string; callback_url: string; event_type: string; data_type: string }>();
  const shown = (one: object) => ({
    ...one,
    expiration_time: new Date(Date.now() + 90 * 86_400_000).toISOString(),
  });
  return ({ method, url, headers, body }) => {
    if (headers["x-client-id"] !== "id" || headers["x-client-secret"] !== secret)
      return { status: 403, body: { detail: "Forbidden" } };
    const { callback_url, event_type, data_type } = body ? JSON.parse(body) : {};
    if (method === "GET") return { status: 200, body: [...held.values()].map(shown) };
    if (method === "POST") {
      const one = { id: `s${held.size + 1}`, callback_url, event_type, data_type };
      held.set(one.id, one);
      return { status: 201, body: shown(one) };
    }
    const one = held.get(url.split("/").at(-1) ?? "");
    if (one === undefined) return { status: 404, body: { detail: "No webhook id found." } };
    if (callback_url !== undefined) one.callback_url = callback_url;
    return { status: 200, body: shown(one) };
  };
}

describe("oura is a provider: it", () => {
  for (const [name, check] of Object.entries(providerCases)) it(name, () => check(subject));
});
