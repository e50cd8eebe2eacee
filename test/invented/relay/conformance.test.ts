import { createHmac } from "node:crypto";
import { consentExamples, daysOf, testProvider } from "../examples.ts";
import { relay } from "./plugin.ts";

const secret = "client-secret";
const messages = (...said: readonly object[]) => JSON.stringify({ messages: said });
const day = { event: "DAY", person: "r-1", day: { day: "2025-05-11", steps: 3 } };
const deleted = { event: "DAY_DELETED", person: "r-2", day: "2025-05-11" };
const scopes = { event: "SCOPES", person: "r-1", scopes: ["days"] };
const left = { event: "LEFT", person: "r-3" };

testProvider({
  provider: relay,
  providerUserId: "r-1",
  environment: { RELAY_CLIENT_ID: "id", RELAY_CLIENT_SECRET: secret },
  bodies: [daysOf("days")],
  consents: { relay: consentExamples("r-1", "body") },
  notifications: {
    data: [messages(day), messages(deleted), messages(scopes), messages(left)],
    several: [
      {
        body: messages(day, deleted, scopes, left),
        says: [
          { kind: "pushed", providerUserId: "r-1" },
          { kind: "deleted", providerUserId: "r-2" },
          { kind: "scopes-changed", providerUserId: "r-1" },
          { kind: "permission-ended", providerUserId: "r-3" },
        ],
      },
    ],
    unknown: messages({ event: "NIGHT", person: "r-1" }),
    invalid: [messages(), messages({ ...day, person: "" }), messages({ ...deleted, day: "2025-02-30" })],
    signing: {
      by: "client",
      coversBody: true,
      coversTime: true,
      headers(body, { sentAt }) {
        const timestamp = String(Math.floor(sentAt.getTime() / 1_000));
        const signature = createHmac("sha256", secret).update(timestamp).update(body).digest("base64");
        return { "relay-timestamp": timestamp, "relay-signature": signature };
      },
    },
    handshake: {
      genuine: (challenge) => ({ method: "GET", query: { challenge }, headers: { "relay-client": "id" } }),
      answer: (challenge) => ({
        status: 200,
        contentType: "application/json",
        body: JSON.stringify({ challenge }),
      }),
      refused: [
        { method: "GET", query: { challenge: "x" } },
        { method: "GET", query: { challenge: "x" }, headers: { "relay-client": "another" } },
      ],
      others: [{ method: "GET" }, { method: "HEAD" }, { method: "POST", query: { challenge: "x" } }],
    },
  },
});
