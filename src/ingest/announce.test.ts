import { describe, expect, it } from "vitest";
import { CairnPerson } from "../../test/support/cairn-person.ts";
import { findEvent, listEvents } from "../store/events.ts";
import { compress } from "../store/zstd.ts";
import { type Announced, announce } from "./announce.ts";

const person = new CairnPerson();

async function record(given: Partial<Announced> = {}, json = '{"a":"é"}'): Promise<Announced> {
  const startTime = "2025-03-01T06:00:00.000000Z";
  const times = { startTime, endTime: "2025-03-01T07:00:00.000000Z" };
  const written = {
    revision: 3,
    detailed: await compress(json),
    bodyKey: null,
    bytes: Buffer.byteLength(json),
  };
  const summaryJson = '{"a":"summary"}';
  return { type: "daily", naturalKey: "2025-03-01", ...times, ...written, summaryJson, ...given };
}
const tell = (...records: Announced[]) =>
  person.store.db
    .transaction()
    .execute((tx) => announce(tx, person.store, person.connection, { records, traceId: "trace" }));
const events = () =>
  listEvents(person.store.db, person.id.environmentId, { userId: person.id.userId }, { limit: 10 });
const newest = async () => (await person.reread()).most_recent_data_at?.toISOString() ?? null;

describe("records that were written", () => {
  it("make one event each, with the record's own bytes and the number of records", async () => {
    await tell(await record(), await record({ naturalKey: "2025-03-02", revision: 1 }, '{"a":2}'));
    const found = await events();
    expect(found.map(({ trace_id }) => trace_id).sort()).toEqual([
      "trace:daily:2025-03-01:3",
      "trace:daily:2025-03-02:1",
    ]);
    const first = found.find(({ trace_id }) => trace_id.endsWith(":3"));
    expect(first).toMatchObject({
      type: "daily",
      provider: "cairn",
      records: [{ type: "daily", naturalKey: "2025-03-01", revision: 3 }],
    });
    const event = await findEvent(person.store, person.id.environmentId, first?.event_id ?? "");
    expect(event?.body.length).toBe(event?.body_bytes);
    expect(JSON.parse(event?.body.toString() ?? "")).toMatchObject({ type: "daily", data: [{ a: "é" }] });
  });

  it("make no event when there are none", async () => {
    await tell();
    expect([await events(), (await person.reread()).last_webhook_update]).toEqual([[], null]);
  });
});

describe("the person's newest data", () => {
  it("is the latest end of a record, whatever order they arrive in; without an end its start", async () => {
    expect(await newest()).toBeNull();
    await tell(await record(), await record({ endTime: "2025-02-01T07:00:00.000000Z" }));
    expect(await newest()).toBe("2025-03-01T07:00:00.000Z");
    person.connection = await person.reread();
    await tell(await record({ endTime: null, startTime: "2025-02-02T06:00:00.000000Z" }));
    expect(await newest()).toBe("2025-03-01T07:00:00.000Z");
    await tell(await record({ endTime: null, startTime: "2025-03-02T06:00:00.000000+02:00" }));
    expect(await newest()).toBe("2025-03-02T04:00:00.000Z");
  });

  it("never lies in the future, even if the day is not over", async () => {
    const before = Date.now();
    await tell(await record({ endTime: "2999-12-31T23:59:59.000000" }));
    const at = Date.parse((await newest()) ?? "");
    expect(at).toBeGreaterThanOrEqual(before);
    expect(at).toBeLessThanOrEqual(Date.now());
  });

  it("is not changed by a record without a time", async () => {
    await tell(await record());
    person.connection = await person.reread();
    await tell(await record({ startTime: null, endTime: null }));
    expect(await newest()).toBe("2025-03-01T07:00:00.000Z");
  });
});
