import { createHmac } from "node:crypto";
import type { ExampleReply } from "../../../src/providers/conformance/cases.ts";
import type { HttpRequest } from "../../../src/providers/provider.ts";
import { consentExamples, daysOf, testProvider } from "../examples.ts";
import { tideline } from "./plugin.ts";

const told = (event: string, person = "t-1") => JSON.stringify({ event, person, day: "2025-05-11" });

/** A server with a subscription for each event, made again unless the caller knows its id. */
function subscriptionServer(): (request: HttpRequest) => ExampleReply {
  const held = new Map<string, string>();
  let made = 0;
  return ({ url, body }) => {
    const [event = ""] = url.split("/").slice(-1);
    const { known } = JSON.parse(body ?? "");
    const ends = new Date(Date.now() + 7 * 86_400_000).toISOString();
    const id = held.get(event);
    if (id !== undefined && known.includes(id)) return { status: 200, body: { id, secret: null, ends } };
    made += 1;
    held.set(event, `s${made}`);
    return { status: 200, body: { id: `s${made}`, secret: `secret${made}`, ends } };
  };
}

testProvider({
  provider: tideline,
  providerUserId: "t-1",
  environment: { TIDELINE_CLIENT_ID: "id", TIDELINE_CLIENT_SECRET: "client-secret" },
  bodies: [daysOf("days")],
  consents: { tideline: consentExamples("t-1", "basic") },
  notifications: {
    data: [told("DAY_CREATED"), told("DAY_CHANGED")],
    unknown: told("NIGHT_CREATED"),
    invalid: [told("DAY_CREATED", ""), JSON.stringify({ event: "DAY_CREATED", person: "t-1", day: "../x" })],
    signing: {
      by: "subscription",
      coversBody: true,
      coversTime: false,
      headers: (body, { secret }) => ({
        "tideline-signature": createHmac("sha256", secret).update(body).digest("hex"),
      }),
    },
  },
  subscriptionServer,
  pages: [
    {
      ref: { resource: "days", key: "2025-05-11..2025-05-13" },
      replies: [
        { status: 200, body: { days: [], next: "0" } },
        { status: 200, body: { days: [{ day: "2025-05-11", steps: 1 }, { day: "2025-05-12" }], next: "2" } },
        { status: 200, body: { days: [{ day: "2025-05-13", steps: 3 }], next: null } },
      ],
    },
  ],
});
