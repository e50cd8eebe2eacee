/**
 * Keyed: no OAuth and no webhook. The person pastes a key; it is exchanged for a token that lives a day. At most two
 * calls may be in progress at the same time.
 */
import { z } from "zod";
import { baseUrl } from "../../../src/providers/kit/base-url.ts";
import { call, jsonOf } from "../../../src/providers/kit/call.ts";
import { sendAsBearer } from "../../../src/providers/kit/send-as-bearer.ts";
import { defineProvider, type Grant, type KeyConnecting } from "../../../src/providers/provider.ts";
import { dailyFrom, daysResource } from "../days.ts";
import { keySteps } from "../words.ts";

const settings = z.object({ api_url: baseUrl.default("https://keyed.example") });
type Settings = z.output<typeof settings>;

const reply = z.object({ token: z.string().min(1), seconds: z.int().positive(), person: z.string().min(1) });

const exchange: KeyConnecting<Settings>["exchange"] = async (
  { settings: { api_url }, http },
  { key, endsAt },
  signal,
): Promise<Grant> => {
  const requestedAt = Date.now();
  const asked = { method: "POST", url: `${api_url}/token`, authorization: `Key ${key}`, signal } as const;
  const answer = await call(http, { ...asked, credentials: "person" });
  const { token, seconds, person } = jsonOf(answer, reply, "/token");
  return {
    consent: "key",
    accessToken: token,
    expiresAt: new Date(requestedAt + seconds * 1_000),
    renewal: { kind: "key", key, endsAt },
    providerUserId: person,
    scopes: [],
  };
};

export const keyed = defineProvider({
  name: "KEYED",
  slug: "keyed",
  displayName: "Keyed",
  dataTypes: ["daily"],
  settings,
  connecting: {
    kind: "key",
    apis: ["keyed-v1"],
    instructions: {
      url: "https://keyed.example/keys",
      steps: keySteps,
    },
    hasEndDate: true,
    exchange,
  },
  apis: {
    "keyed-v1": {
      rateLimits: [{ name: "an hour", lengthMs: 3_600_000, callsOfClient: 1_000, callsPerUser: 0 }],
      parallelCalls: 2,
      limitedAs: ({ api_url }) => api_url,
      send: sendAsBearer(({ api_url }) => api_url),
    },
  },
  resources: [daysResource({ api: "keyed-v1" })],
  normalizers: [dailyFrom("days")],
  mapperVersion: 1,
});
