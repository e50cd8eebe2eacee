/**
 * A correct provider: the pasted key itself is sent with each call; days are asked for by POST, one a call, with the
 * cursor of the next page in the body.
 */
import { z } from "zod";
import { SystoleError } from "../../../errors.ts";
import { bearer, call, jsonOf } from "../../kit/call.ts";
import { byDay } from "../../kit/discovery.ts";
import { isDate } from "../../kit/iso-time.ts";
import { ignored } from "../../ledger.ts";
import type { Provider, ProviderRequest, Resource } from "../../provider.ts";
import type { ProviderSubject } from "../cases.ts";
import { apiWith, dayNormalizer, dayResource, type Settings } from "./days.fixture.ts";
import { keyed, pasting } from "./keyed.fixture.ts";

const person = z.object({ person: z.string() });
const page = z.object({ cursor: z.string().nullish() });

const query = (asked: object): ProviderRequest => ({
  method: "POST",
  path: "/days/query",
  accept: "application/vnd.days+json",
  body: { contentType: "application/json", text: JSON.stringify(asked) },
});

const queriedDay: Resource = {
  ...dayResource,
  ledger: { ...dayResource.ledger, cursor: ignored("it only names the next page") },
  discovery: byDay({ announced: false, reachDays: 28 }),
  request(key) {
    if (!isDate(key)) throw new SystoleError("NOTIFICATION_BODY_INVALID", { key });
    return query({ day: key });
  },
  nextPage({ body: asked }, { body }) {
    const { cursor } = page.parse(JSON.parse(body.toString()));
    return cursor ? query({ ...JSON.parse(asked?.text ?? "{}"), cursor }) : null;
  },
};

const { notifications: _notifications, subscription: _subscription, ...silent } = keyed.provider;

const provider: Provider = {
  ...silent,
  connecting: {
    ...pasting,
    async exchange({ settings: given, http }, { key, endsAt }, signal) {
      const url = `${(given as Settings).url}/me`;
      const authorization = bearer(key);
      const answer = await call(http, { method: "GET", url, authorization, credentials: "person", signal });
      const { person: providerUserId } = jsonOf(answer, person, "/me");
      const renewal = { kind: "key", key, endsAt } as const;
      return { consent: "key", accessToken: key, expiresAt: null, renewal, providerUserId, scopes: [] };
    },
  },
  apis: { "fake-v1": apiWith() },
  resources: [queriedDay],
  normalizers: [dayNormalizer],
};

const dayOf = (day: string, cursor: string | null) => ({ day, steps: 3, list: [], cursor });

export const querying: ProviderSubject = {
  provider,
  providerUserId: "1",
  environment: {},
  bodies: [{ ref: { resource: "day", key: "2025-05-11" }, body: dayOf("2025-05-11", null) }],
  key: {
    isToken: true,
    issue: ({ refreshToken, expiresInSeconds, scopes }) =>
      refreshToken === null && expiresInSeconds === null && scopes === null
        ? [{ status: 200, body: { person: "1" } }]
        : null,
    refusal: { status: 401 },
  },
  pages: [
    {
      ref: { resource: "day", key: "2025-05-11" },
      replies: [
        { status: 200, body: dayOf("2025-05-11", "2") },
        { status: 200, body: dayOf("2025-05-12", null) },
      ],
    },
  ],
};
