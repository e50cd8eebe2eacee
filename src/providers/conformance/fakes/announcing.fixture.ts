/**
 * A correct provider: OAuth with Basic authentication, and one webhook for each client that announces days, signed with
 * its own secret.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { SystoleError } from "../../../errors.ts";
import { basic, bearer, call, jsonOf } from "../../kit/call.ts";
import {
  type ClientSubscription,
  defineProvider,
  type Grant,
  type HttpRequest,
  type Notifications,
  type OAuthConsent,
  type Provider,
  type ProviderAccess,
  ProviderError,
} from "../../provider.ts";
import type { ConsentExamples, ExampleReply, NotificationExamples, ProviderSubject } from "../cases.ts";
import {
  apiWith,
  consentWith,
  dayBodies,
  dayNormalizer,
  dayResource,
  refusedGrant,
  type Settings,
  settings,
  tokenReply,
} from "./days.fixture.ts";

export const digest = (body: Buffer, secret: string) => createHmac("sha256", secret).update(body).digest();
export const signatureOf = (value: unknown) => Buffer.from(String(value ?? ""), "hex");
export const fits = (given: Buffer, expected: Buffer) =>
  given.length === expected.length && timingSafeEqual(given, expected);

export const announcements: Notifications<unknown> = {
  maxBytes: 1024,
  verify: ({ headers, body }, { secrets }) =>
    secrets.map((secret) => fits(signatureOf(headers.signature), digest(body, secret))).includes(true),
  read(body) {
    const parsed = z.object({ is: z.string() }).safeParse(readJson(body));
    if (!parsed.success) throw new SystoleError("NOTIFICATION_BODY_INVALID", {});
    const { is } = parsed.data;
    if (is === "ping") return [{ kind: "ping" }];
    if (is !== "day") return [{ kind: "unknown", event: is }];
    const fetches = [{ resource: "day", key: "2025-05-11" }];
    return [{ kind: "data", event: is, providerUserId: "1", fetches }];
  },
};

export function readJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}

type Access = ProviderAccess<unknown>;

/** Calls for a person. A status listed in `fine` is no failure. */
async function asPerson(
  { settings: given, http }: Access,
  { accessToken }: Grant,
  asked: { readonly method: "POST" | "DELETE"; readonly fine: number; readonly signal: AbortSignal },
): Promise<void> {
  const { method, signal } = asked;
  const url = `${(given as Settings).url}/people`;
  try {
    await call(http, { method, url, authorization: bearer(accessToken), credentials: "person", signal });
  } catch (error) {
    if (!(error instanceof ProviderError) || error.details.status !== asked.fine) throw error;
  }
}

export const announcingConsent: OAuthConsent<unknown> = {
  ...consentWith(false, "basic"),
  register: async (access, grant, { signal }) => {
    await asPerson(access, grant, { method: "POST", fine: 409, signal });
    return grant;
  },
  revoke: (access, grant, signal) => asPerson(access, grant, { method: "DELETE", fine: 404, signal }),
};

const heldAnswer = z.object({
  id: z.string(),
  secret: z.string().nullable(),
  action: z.enum(["created", "updated", "unchanged"]),
});

export const oneWebhook: ClientSubscription<unknown> = {
  kind: "client",
  async ensure({ settings: given, http }, { url: where, known, signal }) {
    const { url, secret } = given as Settings;
    const answer = await call(http, {
      method: "PUT",
      url: `${url}/webhook`,
      authorization: basic("client", secret),
      credentials: "client",
      json: { where, known },
      signal,
    });
    const { id, ...held } = jsonOf(answer, heldAnswer, "/webhook");
    return { ...held, remoteId: id };
  },
};

/** Answers as the provider: makes a webhook again unless the caller knows its id. */
export function webhookServer(): (request: HttpRequest) => ExampleReply {
  let held = { id: 0, where: "" };
  return ({ body }) => {
    const { where, known } = JSON.parse(body ?? "");
    if (!known.includes(String(held.id))) {
      held = { id: held.id + 1, where };
      return {
        status: 200,
        body: { id: String(held.id), secret: `told-once-${held.id}`, action: "created" },
      };
    }
    const action = held.where === where ? "unchanged" : "updated";
    held = { ...held, where };
    return { status: 200, body: { id: String(held.id), secret: null, action } };
  };
}

const provider = defineProvider({
  name: "FAKE",
  slug: "fake",
  displayName: "Fake",
  dataTypes: ["daily"],
  settings,
  connecting: { kind: "oauth", consents: [announcingConsent] },
  notifications: announcements,
  subscription: oneWebhook,
  apis: { "fake-v1": apiWith() },
  resources: [dayResource],
  normalizers: [dayNormalizer],
  mapperVersion: 1,
}) as Provider;

export const announcementExamples: NotificationExamples = {
  ping: '{"is":"ping"}',
  data: ['{"is":"day"}'],
  unknown: '{"is":"moon"}',
  invalid: ['{"was":1}'],
  signing: {
    by: "subscription",
    coversBody: true,
    coversTime: false,
    headers: (body, { secret }) => ({ signature: digest(body, secret).toString("hex") }),
  },
};

export const announcingConsentExamples: ConsentExamples = {
  issue: (tokens) => [tokenReply(tokens)],
  refusal: refusedGrant,
  clientAuthentication: "basic",
  register: { done: [{ status: 201 }], known: [{ status: 409 }] },
  revoke: { done: [{ status: 204 }], gone: [{ status: 404 }] },
};

export const announcing: ProviderSubject = {
  provider,
  providerUserId: "1",
  environment: { FAKE_SECRET: "client-secret" },
  bodies: dayBodies,
  consents: {
    fake: announcingConsentExamples,
  },
  notifications: announcementExamples,
  subscriptionServer: webhookServer,
};
