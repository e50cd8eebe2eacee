/** The meaning of the server's refusals: with its own fail point, and Atlas's messages as they are known. */
import { describe, expect, it } from "vitest";
import { deadline, failure } from "../conformance/bench.ts";
import { dataEvent } from "../conformance/events.ts";
import { refusal } from "./failure.ts";
import { usePlaces } from "./places.fixture.ts";
import { type MongoPlace, settingsOf } from "./target.ts";

/** https://github.com/mongodb/mongo/wiki/The-%22failCommand%22-fail-point */
async function failNext(
  { db }: MongoPlace,
  collection: string,
  failCommands: string[],
  how: object,
): Promise<void> {
  const data = { failCommands, namespace: `${db.databaseName}.${collection}`, ...how };
  await db.admin().command({ configureFailPoint: "failCommand", mode: { times: 1 }, data });
}

describe("MongoDB's refusals", () => {
  const withPlace = usePlaces();

  const ofUpdates = [
    { name: "PrimarySteppedDown", errorCode: 189, code: "DELIVERY_FAILED" },
    { name: "NotWritablePrimary", errorCode: 10_107, code: "DELIVERY_FAILED" },
    { name: "InterruptedAtShutdown", errorCode: 11_600, code: "DELIVERY_FAILED" },
    { name: "WriteConflict", errorCode: 112, code: "DELIVERY_FAILED" },
    { name: "OutOfDiskSpace", errorCode: 14_031, code: "DELIVERY_FAILED" },
    { name: "MaxTimeMSExpired", errorCode: 50, code: "DELIVERY_TIMEOUT" },
    { name: "Unauthorized", errorCode: 13, code: "DESTINATION_PERMISSION_MISSING" },
    { name: "AuthenticationFailed", errorCode: 18, code: "DESTINATION_CREDENTIALS_REFUSED" },
    { name: "InvalidNamespace", errorCode: 73, code: "DESTINATION_TARGET_MISSING" },
  ];
  for (const { name, errorCode, code } of ofUpdates) {
    withPlace(`${name} befalls all of a batch, until later`, async ({ place, connect }) => {
      const [sender, events] = [connect(), [dataEvent(), dataEvent()]];
      await failNext(place, "sleep", ["update"], { errorCode });
      const outcomes = await sender.deliverBatch?.(events, deadline());
      const expected = { code, retry: "later", details: { reason: expect.stringContaining("failpoint") } };
      expect(outcomes).toMatchObject([expected, expected]);
      for (const event of events) await sender.deliver(event, deadline());
      expect(await place.arrivals()).toHaveLength(2);
    });
  }

  withPlace("a write that the majority has not confirmed is not taken", async ({ place, connect }) => {
    const [sender, event] = [connect(), dataEvent()];
    const writeConcernError = { code: 64, errmsg: "waiting for replication timed out" };
    await failNext(place, "sleep", ["update"], { writeConcernError });
    expect(await failure(sender.deliver(event, deadline()))).toMatchObject({
      code: "DELIVERY_FAILED",
      retry: "later",
      details: { reason: expect.stringContaining("waiting for replication") },
    });
    await sender.deliver(event, deadline());
    expect(await place.arrivals()).toHaveLength(1);
  });

  withPlace("a command refused for one document's sake is sent document by document", async (given) => {
    const { place, connect } = given;
    const [sender, events] = [connect(), [dataEvent(), dataEvent(), dataEvent()]];
    await failNext(place, "sleep", ["update"], { errorCode: 22 });
    expect(await sender.deliverBatch?.(events, deadline())).toEqual([{}, {}, {}]);
    expect(await place.arrivals()).toHaveLength(3);
  });

  withPlace("check names all actions that are missing", async ({ target, place, connect }) => {
    const user = await settingsOf(place.db, "reads_only", ["find"], target.address);
    expect(await failure(connect(user).check(deadline()))).toMatchObject({
      code: "DESTINATION_PERMISSION_MISSING",
      details: { reason: expect.stringMatching(/^insert on .*; update on .*; createIndex on /) },
    });
  });

  withPlace("indexes that may not be made are named", async ({ place, connect }) => {
    const sender = connect(place.lacking?.createIndex);
    expect(await failure(sender.deliver(dataEvent(), deadline()))).toMatchObject({
      code: "DESTINATION_PERMISSION_MISSING",
      details: { reason: expect.stringMatching(/^createIndex/) },
    });
  });

  withPlace("indexes that are there in another way do not keep anything out", async ({ place, connect }) => {
    await failNext(place, "sleep", ["createIndexes"], { errorCode: 85 });
    await connect().deliver(dataEvent(), deadline());
    expect(await place.db.collection("sleep").listIndexes().toArray()).toHaveLength(6);
  });
});

describe("Atlas's refusals", () => {
  it.each([
    ["bad auth : authentication failed", "DESTINATION_CREDENTIALS_REFUSED"],
    ["user is not allowed to do action [createIndex] on [terra.sleep]", "DESTINATION_PERMISSION_MISSING"],
    ["not authorized on terra to execute command { update: 1 }", "DESTINATION_PERMISSION_MISSING"],
    ["you are over your space quota, using 512 MB of 512 MB", "DELIVERY_FAILED"],
  ])("%s", (errmsg, code) => {
    expect(refusal({ code: 8_000, errmsg }, "update")).toMatchObject({ code, retry: "later" });
  });

  it("begin with the permission's name", () => {
    const errmsg = "user is not allowed to do action [createIndex] on [terra.sleep]";
    expect(refusal({ code: 8_000, errmsg }, "update").details.reason).toMatch(/^createIndex: /);
  });
});
