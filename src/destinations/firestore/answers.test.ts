/** What Google's refusals come to, in the words of its REST API, which the emulator never says. */
import { lookup } from "node:dns";
import type { LookupFunction } from "node:net";
import { describe, expect } from "vitest";
import { failure, patience } from "../conformance/bench.ts";
import { dataEvent, newUser, revised } from "../conformance/events.ts";
import type { SenderContext } from "../destination.ts";
import { usePlaces } from "./places.fixture.ts";
import { refusal, type StandIn } from "./stand-in/server.ts";

type Given = NonNullable<ReturnType<StandIn["intercept"]>>;

const night = { naturalKey: "night", startTime: "2025-10-01T23:00:00.000000+02:00" };

const about = (reason: string): Given => ({
  status: 403,
  body: JSON.stringify({
    error: {
      code: 403,
      message: "Cloud Firestore API has not been used in project 1 before or it is disabled.",
      status: "PERMISSION_DENIED",
      details: [{ "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason }],
    },
  }),
});

const noDatabase = "The database (default) does not exist for project systole-test";

describe("Firestore's answers", { timeout: 60_000 }, () => {
  const withPlace = usePlaces();

  for (const [answer, code] of [
    [refusal(404, "NOT_FOUND", noDatabase), "DESTINATION_TARGET_MISSING"],
    [about("SERVICE_DISABLED"), "DESTINATION_TARGET_MISSING"],
    [about("BILLING_DISABLED"), "DELIVERY_FAILED"],
    [refusal(403, "PERMISSION_DENIED", "Missing or insufficient"), "DESTINATION_PERMISSION_MISSING"],
    [refusal(401, "UNAUTHENTICATED", "invalid credentials"), "DESTINATION_CREDENTIALS_REFUSED"],
    [refusal(429, "RESOURCE_EXHAUSTED", "Quota exceeded."), "DELIVERY_FAILED"],
    [refusal(503, "UNAVAILABLE", "The service is currently unavailable."), "DELIVERY_FAILED"],
    [{ status: 502, body: "<html>a proxy's</html>" }, "DELIVERY_FAILED"],
  ] as const) {
    withPlace(`${answer.status} ${answer.body} is ${code}`, async ({ target: { standIn }, connect }) => {
      standIn.intercept = () => answer;
      const sender = connect();
      const expected = { code, retry: "later", receipt: { status: answer.status } };
      expect(await failure(sender.deliver(dataEvent(), patience()))).toMatchObject(expected);
      expect(await failure(sender.check(patience()))).toMatchObject(expected);
    });
  }

  withPlace("says when to come back", async ({ target: { standIn }, connect }) => {
    const quota = refusal(429, "RESOURCE_EXHAUSTED", "Quota exceeded.");
    standIn.intercept = () => ({ ...quota, headers: { "retry-after": "17" } });
    expect((await failure(connect().deliver(dataEvent(), patience()))).retryAfterMs).toBe(17_000);
  });

  withPlace("gets over a token that was revoked", async ({ target: { standIn }, connect }) => {
    const [sender, event] = [connect(), dataEvent()];
    await sender.check(patience());
    standIn.accounts.revokeTokens();
    expect((await failure(sender.deliver(event, patience()))).code).toBe("DESTINATION_CREDENTIALS_REFUSED");
    await sender.deliver(event, patience());
  });

  withPlace("asks for one token for many deliveries", async ({ target: { standIn }, connect }) => {
    const [before, sender] = [standIn.tokensGiven, connect()];
    await Promise.all(Array.from({ length: 10 }, () => sender.deliver(dataEvent(), patience())));
    expect(standIn.tokensGiven - before).toBe(1);
  });

  // google.rpc.Code: FAILED_PRECONDITION, NOT_FOUND, ABORTED.
  for (const code of [9, 5, 10]) {
    withPlace(`looks again when a write says ${code}`, async ({ target: { standIn }, place, connect }) => {
      let refused = 0;
      standIn.intercept = ({ call, body }) => {
        if (call !== "batchWrite" || refused++ > 1) return null;
        const status = body.writes.map(() => ({ code, message: "stale" }));
        return { status: 200, body: JSON.stringify({ writeResults: [{}], status }) };
      };
      const event = dataEvent();
      await connect().deliver(event, patience());
      expect(refused).toBeGreaterThan(2);
      expect(await place.arrivals()).toMatchObject([{ eventId: event.id }]);
    });
  }

  withPlace("a newer one that comes in between stands", async ({ target: { standIn }, place, connect }) => {
    const userId = newUser();
    const [first, older, newer] = [1, 2, 3].map((revision) => revised("sleep", night, revision, userId));
    if (!first || !older || !newer) throw new Error("three were made");
    const [sender, other] = [connect(), connect()];
    await sender.deliver(first, patience());
    let begun = false;
    let overtaking: Promise<unknown> = Promise.resolve();
    standIn.intercept = ({ call }) => {
      if (call !== "batchWrite" || begun) return null;
      begun = true;
      overtaking = other.deliver(newer, patience());
      return refusal(503, "UNAVAILABLE", "not now");
    };
    await failure(sender.deliver(older, patience()));
    await overtaking;
    await sender.deliver(older, patience());
    expect(await place.arrivals()).toMatchObject([{ eventId: newer.id, revision: 3 }]);
  });

  withPlace("a document that no form of passes is given up", async ({ target: { standIn }, connect }) => {
    let tried = 0;
    standIn.intercept = ({ call }) => {
      if (call !== "batchWrite") return null;
      tried++;
      return refusal(400, "INVALID_ARGUMENT", "field name is reserved");
    };
    const thrown = await failure(connect().deliver(dataEvent(), patience()));
    expect(thrown).toMatchObject({ code: "DELIVERY_REJECTED", retry: "never" });
    expect(thrown.details.reason).toContain("field name is reserved");
    expect(tried, "as fields and as text").toBe(2);
  });

  withPlace("connects to no address that the look-up refuses", async ({ target: { address }, connect }) => {
    const asked: string[] = [];
    const local: LookupFunction = (hostname, options, callback) => {
      asked.push(hostname);
      lookup("127.0.0.1", options, callback);
    };
    const context: SenderContext = { lookup: local, assertAddressAllowed: () => {} };
    const named = { endpoint: `http://firestore.example:${address.port}` };
    await connect(named, context).check(patience());
    expect(asked).toContain("firestore.example");
    const refusing: LookupFunction = (hostname, _, callback) => callback(new Error(`not ${hostname}`), []);
    const refused = connect(named, { ...context, lookup: refusing });
    expect((await failure(refused.check(patience()))).details.reason).toBe("not firestore.example");
  });
});
