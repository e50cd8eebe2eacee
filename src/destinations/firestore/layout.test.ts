/** The contents of the database: names, fields and limits, as README.md says. */
import { describe, expect } from "vitest";
import { deadline } from "../conformance/bench.ts";
import { dataEvent, plainEvent, revised } from "../conformance/events.ts";
import type { OutgoingEvent } from "../destination.ts";
import { entriesOf } from "../kit/documents/entries.ts";
import { usePlaces } from "./places.fixture.ts";
import type { FirestorePlace } from "./target.ts";

const userId = "0f0c4b6e-54f5-4e2a-9bb8-6a3e1f6c3a11";
const startTime = "2025-10-01T06:00:00.000000+02:00";

async function standing({ firestore }: FirestorePlace, collection: string) {
  const { docs } = await firestore.collection(`terra/2022-03-16/${collection}`).get();
  return new Map(docs.map((document) => [document.id, document.data()]));
}

const identityOf = (event: OutgoingEvent): string | undefined => entriesOf(event)[0]?.identity;

describe("Firestore's documents", () => {
  const withPlace = usePlaces();

  withPlace("a record is under its user and start", async ({ place, connect }) => {
    const event = revised("sleep", { naturalKey: "night-1", startTime }, 4, userId);
    await connect().deliver(event, deadline());
    const [[id, document] = []] = await standing(place, "sleep");
    expect(id).toBe(`${userId}-2025-10-01T06:00:00+02:00.json`);
    const { user } = JSON.parse(event.body.toString("utf8"));
    expect(document).toMatchObject({
      metadata: { summary_id: "night-1", start_time: startTime },
      spelling: [1n, 100n, "éé♥"],
      state: "as of revision 4",
      user: { ...user },
    });
    expect(document?.systole).toEqual({
      identity: identityOf(event),
      event_id: event.id,
      revision: 4n,
      natural_key: "night-1",
    });
  });

  withPlace("athletes and events without records have their names", async ({ place, connect }) => {
    const sender = connect();
    const event = plainEvent("auth", { userId, orderingTimestamp: Date.UTC(2025, 9, 1, 6, 0, 0, 7) });
    await sender.deliver(event, deadline());
    await sender.deliver(dataEvent("athlete", [{}], { userId }), deadline());
    expect([...(await standing(place, "athlete")).keys()]).toEqual([`${userId}.json`]);
    const events = await standing(place, "user_events");
    expect([...events.keys()]).toEqual([`${userId}-2025-10-01T06:00:00Z.json`]);
    const [document] = events.values();
    expect(document?.systole).toEqual({ identity: identityOf(event), event_id: event.id });
  });

  withPlace("whoever finds a name taken has its natural key besides", async ({ place, connect }) => {
    const sender = connect();
    const events = ["a", "b/c"].map((naturalKey) => revised("sleep", { naturalKey, startTime }, 1, userId));
    await sender.deliverBatch?.([...events, ...events], deadline());
    for (const event of events) await sender.deliver(event, deadline());
    const name = `${userId}-2025-10-01T06:00:00+02:00`;
    expect([...(await standing(place, "sleep")).keys()].sort()).toEqual([
      `${name}-b%2Fc.json`,
      `${name}.json`,
    ]);
  });

  withPlace("a record whose start moves keeps its name", async ({ place, connect }) => {
    const sender = connect();
    const moved = { naturalKey: "night", startTime: "2025-10-01T05:00:00.000000+02:00" };
    const event = revised("sleep", moved, 2, userId);
    await sender.deliver(revised("sleep", { ...moved, startTime }, 1, userId), deadline());
    await sender.deliver(event, deadline());
    const all = [...(await standing(place, "sleep"))];
    expect(all.map(([id]) => id)).toEqual([`${userId}-2025-10-01T06:00:00+02:00.json`]);
    expect(all[0]?.[1].metadata.start_time).toBe(moved.startTime);
  });

  withPlace("numbers have the type of their value", async ({ place, connect }) => {
    const numbers = `[60, 60.0, 60.5, 9007199254740993, -9223372036854775808, 1e300]`;
    await connect().deliver(dataEvent("sleep", [{ members: `"numbers": ${numbers}` }]), deadline());
    const [document] = (await standing(place, "sleep")).values();
    expect(document?.numbers).toEqual([60n, 60n, 60.5, 9_007_199_254_740_993n, -(2n ** 63n), 1e300]);
  });

  withPlace("what cannot be a field is text, and can be found", async ({ place, connect }) => {
    const sender = connect();
    const deep = (levels: number): string => `${'{"a":'.repeat(levels)}1${"}".repeat(levels)}`;
    const odd = [
      `"__x__": 1`,
      `"": 1`,
      `"user": 1`,
      `"n": [[1]]`,
      `"n": 9223372036854775808`,
      `"n": ${deep(21)}`,
    ];
    const fine = [`"n": ${deep(20)}`, `"n": [{"a": [1]}]`];
    for (const members of [...odd, ...fine])
      await sender.deliver(dataEvent("sleep", [{ members }]), deadline());
    const documents = [...(await standing(place, "sleep")).values()];
    const texts = documents.filter(({ systole }) => systole.json !== undefined);
    expect(documents).toHaveLength(odd.length + fine.length);
    expect(texts).toHaveLength(odd.length);
    for (const document of texts) {
      expect(Object.keys(document).sort()).toEqual(["metadata", "systole", "user"]);
      const { start_time, end_time } = JSON.parse(document.systole.json).metadata;
      expect(document.metadata).toEqual({ start_time, end_time });
    }
  });

  const limits = [
    { what: "a document just below 1 MiB", member: `"a": "${"x".repeat(1_043_000)}"`, link: false },
    { what: "a document just above 1 MiB", member: `"a": "${"x".repeat(1_048_000)}"`, link: true },
    {
      what: "20,000 index entries",
      member: `"a": [${Array.from({ length: 20_000 }, (_, n) => n)}]`,
      link: false,
    },
    {
      what: "41,000 index entries",
      member: `"a": [${Array.from({ length: 41_000 }, (_, n) => n)}]`,
      link: true,
    },
  ];
  for (const { what, member, link } of limits) {
    withPlace(`${what} ${link ? "is a link" : "is whole"}`, async ({ place, connect }) => {
      const event = dataEvent("sleep", [{ members: member }]);
      await connect().deliver(event, deadline());
      const [document] = (await standing(place, "sleep")).values();
      expect(document?.type === "s3_payload").toBe(link);
      expect(document?.a === undefined).toBe(link);
      expect(event.linked.times).toBe(link ? 1 : 0);
    });
  }
});
