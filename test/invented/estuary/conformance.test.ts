import { generateKeyPairSync, sign } from "node:crypto";
import { consentExamples, testProvider } from "../examples.ts";
import { estuary } from "./plugin.ts";

const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const { x, y } = publicKey.export({ format: "jwk" });
const day = { event: "DAY", person: "e-1", day: "2025-05-11", steps: 3 };
const text = JSON.stringify;
const tidesOf = (...tides: readonly object[]) => ({ tides });

testProvider({
  provider: estuary,
  providerUserId: "e-1",
  environment: { ESTUARY_CLIENT_ID: "id", ESTUARY_CLIENT_SECRET: "client-secret" },
  bodies: [
    { ref: { resource: "days", key: "2025-05-11" }, body: { day: "2025-05-11", steps: 3 } },
    {
      ref: { resource: "tides", key: "2025-05-11" },
      body: tidesOf({ id: "1", floors: 2, day: "2025-05-11" }),
    },
  ],
  consents: {
    estuary: {
      ...consentExamples("e-1", "basic"),
      revoke: { done: [{ status: 204 }], gone: [{ status: 401 }] },
    },
  },
  notifications: {
    data: [
      text(day),
      text({ event: "GONE", person: "e-1", day: day.day }),
      text({ event: "SCOPES", person: "e-1", scopes: ["days"] }),
      text({ event: "LEFT", person: "e-1" }),
    ],
    unknown: text({ event: "MOON", person: "e-1" }),
    invalid: [text({ ...day, person: "" }), text({ ...day, day: "2025-02-30" })],
    signing: {
      by: "public-key",
      coversBody: true,
      coversTime: false,
      headers: (body) => ({
        "estuary-signature": `k1:${sign("sha256", body, privateKey).toString("base64")}`,
      }),
      publishedKeys: { status: 200, body: { keys: [{ id: "k1", x, y }] } },
    },
    handshake: {
      genuine: (challenge) => ({ method: "POST", query: { hello: challenge } }),
      answer: (challenge) => ({ status: 200, contentType: "text/plain", body: challenge }),
      refused: [],
      others: [{ method: "GET" }, { method: "POST" }],
    },
  },
  subscriptionServer: () => () => ({ status: 204 }),
  pages: [
    {
      ref: { resource: "tides", key: "2025-05-11" },
      replies: [
        { status: 200, headers: { "estuary-next": "1" }, body: tidesOf() },
        { status: 200, body: tidesOf({ id: "1", floors: 1, day: "2025-05-11" }) },
      ],
    },
  ],
});
