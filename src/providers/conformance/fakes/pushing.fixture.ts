/**
 * A correct provider: OAuth with PKCE and the client's secret in the body, refreshed tokens, pages, errors inside HTTP
 * 200, and a webhook that pushes days of several people, signed over its time. It tests our address by a challenge.
 * Each event has a subscription that expires.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { SystoleError } from "../../../errors.ts";
import { header } from "../../kit/failure.ts";
import { isWithinWindow } from "../../kit/signed-time.ts";
import {
  type Api,
  defineProvider,
  type EventSubscriptions,
  type NotificationMeaning,
  type Notifications,
  type Provider,
  ProviderError,
  type Resource,
} from "../../provider.ts";
import type { HandshakeExamples, NotificationExamples, ProviderSubject } from "../cases.ts";
import { oneWebhook, readJson, webhookServer } from "./announcing.fixture.ts";
import {
  apiWith,
  consentWith,
  dayBodies,
  dayDiscovery,
  dayNormalizer,
  dayResource,
  refusedGrant,
  type Settings,
  settings,
  tokenReply,
} from "./days.fixture.ts";

const macOf = (timestamp: string, body: Buffer, secret: string) =>
  createHmac("sha256", secret).update(timestamp).update(body).digest("base64");

const messages = z
  .array(z.object({ is: z.string(), who: z.string().min(1), day: z.looseObject({ day: z.string() }) }))
  .min(1);

function meaningOf({ is, who, day }: z.output<typeof messages>[number]): NotificationMeaning {
  const about = { event: is, providerUserId: who };
  const ref = { resource: "day", key: day.day };
  if (is === "day") return { ...about, kind: "pushed", bodies: [{ ...ref, body: day }] };
  if (is === "deleted") return { ...about, kind: "deleted", parts: [ref] };
  return is === "left" ? { ...about, kind: "permission-ended" } : { kind: "unknown", event: is };
}

export const pushes: Notifications<unknown> = {
  maxBytes: 4_096,
  verify({ headers, body }, { settings: given }) {
    const [timestamp, mac] = [header(headers, "sent-at") ?? "", header(headers, "mac") ?? ""];
    const expected = Buffer.from(macOf(timestamp, body, (given as Settings).secret));
    const isFresh = isWithinWindow(timestamp, { unit: "seconds", withinMs: 300_000 });
    const [shown, isWhole] = [Buffer.from(mac), mac.length === expected.length];
    return isWhole && timingSafeEqual(shown, expected) && isFresh;
  },
  read(body) {
    const read = messages.safeParse(readJson(body));
    if (!read.success) throw new SystoleError("NOTIFICATION_BODY_INVALID", {});
    return read.data.map(meaningOf);
  },
  handshake({ method, query, headers }, { settings: given }) {
    const challenge = query.get("challenge");
    if (method !== "GET" || challenge === null) return null;
    if (header(headers, "shown") !== (given as Settings).secret) return { status: 403 };
    return { status: 200, contentType: "text/plain", body: challenge };
  },
  acknowledgement: { status: 204 },
};

export const oneForEachEvent: EventSubscriptions<unknown> = {
  kind: "events",
  events: ["day", "deleted"],
  renewBeforeMs: 3_600_000,
  ensure: async (access, event, request) => {
    const { remoteId, ...held } = await oneWebhook.ensure(access, request);
    return { ...held, remoteId: `${event} ${remoteId}`, expiresAt: new Date(Date.now() + 7_200_000) };
  },
};

const page = z.object({ next: z.string().nullable() });

/** Days in pages, fetched by day. */
export const dayPages: Resource = {
  ...dayResource,
  name: "days",
  discovery: { ...dayDiscovery, announced: false },
  parts: (_key, body) =>
    listOf(body).flatMap((day) => dayResource.parts("", day).map((part) => ({ ...part, resource: "days" }))),
  nextPage(request, { body }) {
    const { next } = page.parse(JSON.parse(body.toString()));
    return next === null ? null : { ...request, path: `${request.path.split("?")[0]}?after=${next}` };
  },
};

const list = z.object({ days: z.array(z.unknown()) });

function listOf(body: unknown): readonly unknown[] {
  const { data, error } = list.safeParse(body);
  if (data !== undefined) return data.days;
  throw new ProviderError("PROVIDER_BODY_INVALID", "later", { resource: "days", issues: error.issues });
}

/** Nights, which are fetched when their day is there. */
export const nights: Resource = {
  ...dayResource,
  name: "night",
  discovery: null,
  after: { resource: "day", refs: ({ key }) => [{ resource: "night", key }] },
  parts: (key, body) => dayResource.parts(key, body).map((part) => ({ ...part, resource: "night" })),
};
const named = (name: string, resource: Resource): Resource => ({
  ...resource,
  parts(key, body) {
    try {
      return resource.parts(key, body);
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      throw new ProviderError(error.code, error.retry, { ...error.details, resource: name });
    }
  },
});

const pushingApi: Api<unknown> = {
  ...apiWith(),
  rateLimits: [
    { name: "a minute", lengthMs: 60_000, callsOfClient: 100, callsPerUser: 0 },
    { name: "an hour", lengthMs: 3_600_000, callsOfClient: 0, callsPerUser: 10 },
  ],
  personRateLimits: [{ name: "a day", lengthMs: 86_400_000, calls: 1_000 }],
  parallelCalls: 4,
  async send(access, request, grant, signal) {
    const answer = await apiWith().send(access, request, grant, signal);
    const failed = answer.body.toString().includes('"failed":true');
    if (failed) throw new ProviderError("PROVIDER_REFUSED", "never", { status: answer.status });
    return answer;
  },
};

const provider = defineProvider({
  name: "FAKE",
  slug: "fake",
  displayName: "Fake",
  dataTypes: ["daily"],
  settings,
  connecting: { kind: "oauth", consents: [consentWith(true, "body")] },
  notifications: pushes,
  subscription: oneForEachEvent,
  apis: { "fake-v1": pushingApi },
  resources: [{ ...dayResource, scope: "days" }, named("days", dayPages), named("night", nights)],
  normalizers: [dayNormalizer],
  mapperVersion: 1,
}) as Provider;

const day = (name: string) => ({ day: name, steps: 3, list: [] });
const push = (is: string, who: string, name: string) => ({ is, who, day: day(name) });
const json = JSON.stringify;
const first = push("day", "1", "2025-05-11");
const shown = { shown: "client-secret" };

/** A server with one webhook for each event. A single id is enough here, returned with the event's name. */
function eventServer() {
  const server = webhookServer();
  return (request: Parameters<typeof server>[0]) => {
    const { where, known } = JSON.parse(request.body ?? "");
    const ids = known.map((id: string) => id.split(" ")[1]);
    return server({ ...request, body: json({ where, known: ids }) });
  };
}

export const challenges: HandshakeExamples = {
  genuine: (challenge) => ({ method: "GET", query: { challenge }, headers: shown }),
  answer: (challenge) => ({ status: 200, contentType: "text/plain", body: challenge }),
  refused: [{ method: "GET", query: { challenge: "x" } }],
  others: [{ method: "GET" }, { method: "HEAD", headers: shown }, { method: "POST", body: "{}" }],
};

export const pushExamples: NotificationExamples = {
  data: [json([first])],
  several: [
    {
      body: json([first, push("deleted", "2", "2025-05-12"), push("left", "3", "2025-05-12")]),
      says: [
        { kind: "pushed", providerUserId: "1" },
        { kind: "deleted", providerUserId: "2" },
        { kind: "permission-ended", providerUserId: "3" },
      ],
    },
  ],
  unknown: json([push("moon", "1", "2025-05-11")]),
  invalid: [json([{ ...first, who: "" }])],
  signing: {
    by: "client",
    coversBody: true,
    coversTime: true,
    headers(body, { sentAt }) {
      const timestamp = String(Math.floor(sentAt.getTime() / 1_000));
      return { "sent-at": timestamp, mac: macOf(timestamp, body, "client-secret") };
    },
  },
  handshake: challenges,
};

export const pushing: ProviderSubject = {
  provider,
  providerUserId: "1",
  environment: { FAKE_SECRET: "client-secret" },
  bodies: dayBodies,
  consents: {
    fake: {
      issue: (tokens) => [tokenReply(tokens)],
      refusal: refusedGrant,
      clientAuthentication: "body",
    },
  },
  notifications: pushExamples,
  subscriptionServer: eventServer,
  pages: [
    {
      ref: { resource: "days", key: "2025-05-11" },
      replies: [
        { status: 200, body: { days: [day("2025-05-11")], next: "a" } },
        { status: 200, body: { days: [], next: "b" } },
        { status: 200, body: { days: [day("2025-05-12")], next: null } },
      ],
    },
  ],
  failures: [{ api: "fake-v1", reply: { status: 200, body: { failed: true } }, code: "PROVIDER_REFUSED" }],
};
