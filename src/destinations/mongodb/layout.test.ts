/** The contents of the database: keys, fields, types and indexes, as README.md says. */
import type { BSON, Document } from "mongodb";
import { afterEach, describe, expect, vi } from "vitest";
import { deadline, failure } from "../conformance/bench.ts";
import { dataEvent, newUser, plainEvent, revised } from "../conformance/events.ts";
import type { OutgoingEvent } from "../destination.ts";
import { entriesOf } from "../kit/documents/entries.ts";
import { usePlaces } from "./places.fixture.ts";
import type { MongoPlace } from "./target.ts";

const userId = "0f0c4b6e-54f5-4e2a-9bb8-6a3e1f6c3a11";
const startTime = "2025-10-01T06:00:00.000000+02:00";

const standing = ({ db }: MongoPlace, collection: string): Promise<Document[]> =>
  db.collection(collection).find({}).sort({ "systole.natural_key": 1 }).toArray();

const identityOf = (event: OutgoingEvent): string | undefined => entriesOf(event)[0]?.identity;

describe("MongoDB's documents", () => {
  const withPlace = usePlaces();
  afterEach(() => {
    vi.useRealTimers();
  });

  withPlace("a record is under its user and start", async ({ place, connect }) => {
    const event = revised("activity", { naturalKey: "run-1", startTime }, 4, userId);
    await connect().deliver(event, deadline());
    const { data, user } = JSON.parse(event.body.toString("utf8"));
    const systole = { identity: identityOf(event), event_id: event.id, revision: 4, natural_key: "run-1" };
    expect(await standing(place, "activity")).toEqual([
      { _id: { user_id: userId, start_time: startTime }, ...data[0], user, systole },
    ]);
  });

  withPlace("an athlete is under the user's id", async ({ place, connect }) => {
    await connect().deliver(dataEvent("athlete", [{}], { userId }), deadline());
    expect((await standing(place, "athlete")).map(({ _id }) => _id)).toEqual([userId]);
  });

  withPlace("an event without records is under its user and time", async ({ place, connect }) => {
    const event = plainEvent("auth", { userId, orderingTimestamp: Date.UTC(2025, 9, 1, 6, 0, 0, 7) });
    await connect().deliver(event, deadline());
    expect(await standing(place, "user_events")).toEqual([
      {
        _id: { user_id: userId, event_time: "2025-10-01T06:00:00.007000Z" },
        ...JSON.parse(event.body.toString("utf8")),
        systole: { identity: identityOf(event), event_id: event.id },
      },
    ]);
  });

  withPlace("whoever finds a key taken has its natural key besides", async ({ place, connect }) => {
    const sender = connect();
    const events = ["a", "b"].map((naturalKey) => revised("sleep", { naturalKey, startTime }, 1, userId));
    for (const event of [...events, ...events]) await sender.deliver(event, deadline());
    const id = { user_id: userId, start_time: startTime };
    expect((await standing(place, "sleep")).map(({ _id }) => _id)).toEqual([id, { ...id, natural_key: "b" }]);
  });

  withPlace("a record whose start moves keeps its key", async ({ place, connect }) => {
    const sender = connect();
    const moved = { naturalKey: "night", startTime: "2025-10-01T05:00:00.000000+02:00" };
    const event = revised("sleep", moved, 2, userId);
    await sender.deliver(revised("sleep", { ...moved, startTime }, 1, userId), deadline());
    await sender.deliver(event, deadline());
    expect(await standing(place, "sleep")).toMatchObject([
      {
        _id: { user_id: userId, start_time: startTime },
        metadata: { start_time: moved.startTime },
        systole: { event_id: event.id, revision: 2 },
      },
    ]);
  });

  withPlace("a record whose start moves is one, whoever comes first", async ({ place, connect }) => {
    const senders = Array.from({ length: 4 }, () => connect());
    const nights = Array.from({ length: 10 }, (_, night) => `night-${night}`);
    const begun = (minute: number): string => `2025-10-01T06:0${minute}:00.000000+02:00`;
    const events = nights.flatMap((naturalKey) =>
      [4, 1, 3, 2].map((revision) =>
        revised("sleep", { naturalKey, startTime: begun(revision) }, revision, userId),
      ),
    );
    const deliveries = events.map((event, index) => senders[index % 4]?.deliver(event, deadline()));
    await Promise.all(deliveries);
    const found = (await standing(place, "sleep")).map(({ systole, metadata }) => [
      systole.natural_key,
      metadata.start_time,
    ]);
    expect(found).toEqual(nights.map((night) => [night, begun(4)]));
  });

  withPlace("numbers have the type of their value", async ({ place, connect }) => {
    const numbers = `[60, 60.0, 60.5, 3000000000, -9007199254740993, 1e300]`;
    await connect().deliver(dataEvent("sleep", [{ members: `"numbers": ${numbers}` }]), deadline());
    const found = await place.db.collection("sleep").findOne({}, { promoteValues: false });
    const values: BSON.BSONValue[] = found?.numbers ?? [];
    const types = values.map(({ _bsontype: type }) => type);
    expect(types).toEqual(["Int32", "Int32", "Double", "Long", "Long", "Double"]);
  });

  withPlace("what cannot be a field is text, and can be found", async ({ place, connect }) => {
    const sender = connect();
    const odd = [
      `"_id": 1`,
      `"user": 1`,
      `"systole": 1`,
      `"$set": {"a": 1}`,
      `"n": {"\\u0000": 1}`,
      `"n": 1e0`,
    ];
    const wide = [`"n": 9223372036854775808`, `"n": {"_bsontype": "ObjectId"}`];
    for (const members of [...odd, ...wide])
      await sender.deliver(dataEvent("sleep", [{ members }]), deadline());
    const documents = await standing(place, "sleep");
    const texts = documents.filter(({ systole }) => systole.json !== undefined);
    expect(texts).toHaveLength(odd.length + wide.length - 1);
    for (const document of texts) {
      expect(Object.keys(document).sort()).toEqual(["_id", "metadata", "systole", "user"]);
      const { start_time, end_time } = JSON.parse(document.systole.json).metadata;
      expect(document.metadata).toEqual({ start_time, end_time });
    }
  });

  withPlace("each collection has its indexes, and again when it was dropped", async ({ place, connect }) => {
    const sender = connect();
    const names = async (collection: string): Promise<string[]> =>
      (await place.db.collection(collection).listIndexes().toArray()).map(({ name }) => name).sort();
    await sender.deliver(dataEvent("daily"), deadline());
    await sender.deliver(plainEvent("auth"), deadline());
    const ofUser = ["_id_", "systole_identity", "user.reference_id", "user.user_id"];
    const ofData = ["metadata.end_time_desc", "metadata.start_time_desc", ...ofUser].sort();
    expect(await names("daily")).toEqual(ofData);
    expect(await names("user_events")).toEqual(ofUser);
    await place.db.dropCollection("daily");
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 61_000 });
    await sender.deliver(dataEvent("daily"), deadline());
    expect(await names("daily")).toEqual(ofData);
  });

  withPlace(
    "a unique index of the developer's own refuses, and harms no other",
    async ({ place, connect }) => {
      await place.db
        .collection("sleep")
        .createIndex({ "user.user_id": 1 }, { name: "one_night", unique: true });
      const sender = connect();
      const [one, two] = [dataEvent("sleep", [{}], { userId }), dataEvent("sleep", [{}], { userId })];
      const other = dataEvent("sleep", [{}], { userId: newUser() });
      await sender.deliver(one, deadline());
      expect(await failure(sender.deliver(two, deadline()))).toMatchObject({
        code: "DELIVERY_REJECTED",
        retry: "never",
        details: { reason: expect.stringContaining("one_night") },
      });
      const outcomes = await sender.deliverBatch?.([two, other], deadline());
      expect(outcomes).toMatchObject([{ code: "DELIVERY_REJECTED" }, {}]);
      expect((await place.arrivals()).map(({ eventId }) => eventId).sort()).toEqual(
        [one.id, other.id].sort(),
      );
    },
  );
});
