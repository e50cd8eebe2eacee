import type { ExampleReply } from "../../../src/providers/conformance/cases.ts";
import type { HttpRequest } from "../../../src/providers/provider.ts";
import { consentExamples, daysOf, testProvider } from "../examples.ts";
import { duo } from "./plugin.ts";

const hint = { person: "d-1", day: "2025-05-11" };

const consent = {
  ...consentExamples("d-1", "body"),
  revoke: { done: [{ status: 204 }], gone: [{ status: 401 }] },
};

/** A server with one subscriber, who may be removed twice. */
function subscriptionServer(): (request: HttpRequest) => ExampleReply {
  const subscribed = new Set<string>();
  return ({ method, headers }) => {
    const { authorization = "" } = headers;
    if (method === "PUT") subscribed.add(authorization);
    else if (!subscribed.delete(authorization)) return { status: 404 };
    return { status: 204 };
  };
}

testProvider({
  provider: duo,
  providerUserId: "d-1",
  environment: { DUO_CLIENT_ID: "id", DUO_CLIENT_SECRET: "client-secret" },
  bodies: [
    daysOf("past-days"),
    daysOf("today"),
    daysOf("night"),
    { ref: { resource: "climbs", key: "2025-05-11" }, body: { day: "2025-05-11", floors: 7 } },
  ],
  consents: { duo: consent, "duo-night": consent },
  notifications: {
    data: [JSON.stringify(hint)],
    invalid: [JSON.stringify({ ...hint, day: "../x" }), JSON.stringify({ ...hint, person: "" })],
  },
  subscriptionServer,
});
