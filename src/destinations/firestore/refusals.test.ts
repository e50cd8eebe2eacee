/** The meaning of Google's refusals; those that the emulator does not make are made in its place. */
import { describe, expect, it } from "vitest";
import { createAddressGuard } from "../../security/address-guard.ts";
import { deadline, failure, openGuard } from "../conformance/bench.ts";
import { dataEvent, newUser, revised } from "../conformance/events.ts";
import { DeliveryError } from "../destination.ts";
import { parseSettings } from "../settings.ts";
import firestore from "./index.ts";
import { usePlaces } from "./places.fixture.ts";
import { Accounts } from "./stand-in/accounts.ts";
import { type Asked, type Given, type Interception, refusal } from "./stand-in/server.ts";

/** Answers the first calls of this name in this way. */
function once(call: string, answer: (asked: Asked) => Given, times = 1): Interception {
  let left = times;
  return (asked) => (asked.call === call && left-- > 0 ? answer(asked) : null);
}

const statuses = (asked: Asked, ...codes: number[]) => ({
  status: 200,
  body: JSON.stringify({
    writeResults: asked.body.writes?.map(() => ({})),
    status: codes.map((code) => (code === 0 ? {} : { code, message: `as told: ${code}` })),
  }),
});

describe("Firestore's refusals", () => {
  const withPlace = usePlaces();

  const ofAll = [
    { call: "runQuery", status: 400, word: "FAILED_PRECONDITION", code: "DELIVERY_FAILED" },
    { call: "runQuery", status: 404, word: "NOT_FOUND", code: "DESTINATION_TARGET_MISSING" },
    { call: "runQuery", status: 400, word: "INVALID_ARGUMENT", code: "DELIVERY_FAILED" },
    { call: "batchWrite", status: 429, word: "RESOURCE_EXHAUSTED", code: "DELIVERY_FAILED" },
    { call: "batchWrite", status: 503, word: "UNAVAILABLE", code: "DELIVERY_FAILED" },
    { call: "batchWrite", status: 401, word: "UNAUTHENTICATED", code: "DESTINATION_CREDENTIALS_REFUSED" },
    { call: "batchWrite", status: 403, word: "PERMISSION_DENIED", code: "DESTINATION_PERMISSION_MISSING" },
  ];
  for (const { call, status, word, code } of ofAll) {
    withPlace(
      `${word} of ${call} befalls all of a batch, until later`,
      async ({ target, place, connect }) => {
        const [sender, events] = [connect(), [dataEvent(), dataEvent()]];
        const answer = { ...refusal(status, word, "as told"), headers: { "retry-after": "7" } };
        target.standIn.intercept = once(call, () => answer);
        const outcomes = await sender.deliverBatch?.(events, deadline());
        const expected = { code, retry: "later", retryAfterMs: 7_000, receipt: { status } };
        expect(outcomes).toMatchObject([expected, expected]);
        expect(outcomes).toMatchObject([{ details: { reason: expect.stringContaining("as told") } }, {}]);
        for (const event of events) await sender.deliver(event, deadline());
        expect(await place.arrivals()).toHaveLength(2);
      },
    );
  }

  withPlace("an API that is not enabled is a target that is missing", async ({ target, connect }) => {
    const details = [{ "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason: "SERVICE_DISABLED" }];
    const error = { code: 403, status: "PERMISSION_DENIED", message: "it is disabled", details };
    target.standIn.intercept = once("batchGet", () => ({ status: 403, body: JSON.stringify({ error }) }));
    expect((await failure(connect().check(deadline()))).code).toBe("DESTINATION_TARGET_MISSING");
  });

  const ofOne = [
    { status: 8, code: "DELIVERY_FAILED" },
    { status: 14, code: "DELIVERY_FAILED" },
    { status: 7, code: "DESTINATION_PERMISSION_MISSING" },
  ];
  for (const { status, code } of ofOne) {
    withPlace(`status ${status} of one write is its own affair`, async ({ target, place, connect }) => {
      target.standIn.intercept = once("batchWrite", (asked) => statuses(asked, status, 0));
      const outcomes = await connect().deliverBatch?.([dataEvent(), dataEvent()], deadline());
      expect(outcomes).toMatchObject([{ code, retry: "later" }, {}]);
      // The answer was invented: the second document was not written.
      expect(await place.arrivals()).toEqual([]);
    });
  }

  withPlace("a conflict is looked at again", async ({ target, place, connect }) => {
    const [aborted, changed, gone] = [10, 9, 5];
    const told = [aborted, changed, gone];
    target.standIn.intercept = once("batchWrite", (asked) => statuses(asked, told.shift() ?? 0), 3);
    await connect().deliver(dataEvent(), deadline());
    expect(await place.arrivals()).toHaveLength(1);
    expect(told).toEqual([]);
  });

  withPlace("a conflict that does not end is put off", async ({ target, place, connect }) => {
    target.standIn.intercept = once("batchWrite", (asked) => statuses(asked, 10), 1_000);
    expect(await failure(connect().deliver(dataEvent(), deadline()))).toMatchObject({
      code: "DELIVERY_FAILED",
      retry: "later",
    });
    expect(await place.arrivals()).toEqual([]);
  });

  withPlace("a newer revision that comes in between stands", async ({ target, place, connect }) => {
    const [sender, other] = [connect(), connect()];
    const [userId, record] = [newUser(), { naturalKey: "night" }];
    const [first, second, third] = [1, 2, 3].map((revision) => revised("sleep", record, revision, userId));
    if (!first || !second || !third) throw new Error("three were made");
    await sender.deliver(first, deadline());
    target.standIn.intercept = async ({ call, body }) => {
      if (call !== "batchWrite" || !JSON.stringify(body).includes(second.id)) return null;
      target.standIn.intercept = () => null;
      await other.deliver(third, deadline());
      return null;
    };
    await sender.deliver(second, deadline());
    expect((await place.arrivals()).map(({ eventId }) => eventId)).toEqual([third.id]);
  });

  withPlace(
    "what is invalid in each form is rejected, and harms no other",
    async ({ target, place, connect }) => {
      const [bad, good] = [dataEvent(), dataEvent()];
      target.standIn.intercept = ({ call, body }) => {
        const isBad = call === "batchWrite" && JSON.stringify(body).includes(bad.id);
        return isBad ? refusal(400, "INVALID_ARGUMENT", "as told") : null;
      };
      const outcomes = await connect().deliverBatch?.([bad, good], deadline());
      expect(outcomes).toMatchObject([{ code: "DELIVERY_REJECTED", retry: "never" }, {}]);
      expect((await place.arrivals()).map(({ eventId }) => eventId)).toEqual([good.id]);
    },
  );

  withPlace("what is invalid as fields arrives as text", async ({ target, place, connect }) => {
    const event = dataEvent();
    target.standIn.intercept = once("batchWrite", (asked) => statuses(asked, 3));
    await connect().deliver(event, deadline());
    const { docs } = await place.firestore.collection("terra/2022-03-16/sleep").get();
    expect(docs.map((document) => JSON.parse(document.data().systole.json))).toEqual(
      JSON.parse(event.body.toString("utf8")).data,
    );
  });

  withPlace("a token that was revoked is asked for anew", async ({ target: { standIn }, connect }) => {
    const [sender, event] = [connect(), dataEvent()];
    await sender.check(deadline());
    standIn.accounts.revokeTokens();
    const refused = { code: "DESTINATION_CREDENTIALS_REFUSED", receipt: { status: 401 } };
    expect(await failure(sender.deliver(event, deadline()))).toMatchObject(refused);
    await sender.deliver(event, deadline());
  });

  withPlace("many deliveries ask for one token", async ({ target: { standIn }, connect }) => {
    const before = standIn.tokensGiven;
    const sender = connect();
    await Promise.all(Array.from({ length: 20 }, () => sender.deliver(dataEvent(), deadline())));
    expect(standIn.tokensGiven - before).toBe(1);
  });
});

describe("the settings for Firestore", () => {
  const closed = createAddressGuard({ allowPrivate: false });
  const keyFor = (tokenUrl: string): string => new Accounts().unknownKey(tokenUrl);
  const service_account = keyFor("https://oauth2.googleapis.com/token");
  const given = { project_id: "your-project", service_account };

  it("take what Google hands out", () => {
    const settings = parseSettings(firestore, given);
    expect(settings).toMatchObject({ database: "(default)", endpoint: "https://firestore.googleapis.com" });
    expect(() => firestore.connect(settings, closed)).not.toThrow();
  });

  it.each([
    { project_id: "../other" },
    { project_id: "a/b" },
    { database: "a/b" },
    { database: "(other)" },
    { endpoint: "https://firestore.googleapis.com/v1" },
    { endpoint: "https://user:pw@example.com" },
    { service_account: "{}" },
  ])("refuse %j", (wrong) => {
    expect(firestore.settings.safeParse({ ...given, ...wrong }).success).toBe(false);
  });

  it.each([
    { endpoint: "http://127.0.0.1:8080" },
    { endpoint: "https://[::1]" },
    { service_account: keyFor("http://169.254.169.254/token") },
  ])("are refused for a private address: %#", (wrong) => {
    const settings = parseSettings(firestore, { ...given, ...wrong });
    expect(() => firestore.connect(settings, closed)).toThrow(DeliveryError);
    expect(() => firestore.connect(settings, openGuard)).not.toThrow();
  });
});
