/** Bodies of rows outside of the database: they are read as before, and go with the last row that names them. */
import { randomBytes } from "node:crypto";
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createEnvironment, startTestStore, type TestStore } from "../../../test/support/database.ts";
import { KeptPerson } from "../../../test/support/kept-person.ts";
import { announce, announced } from "../../ingest/announce.ts";
import { sendRequestedData } from "../../requests/send.ts";
import { inheritConnection } from "../connections.ts";
import { findChoosing } from "../data-choices.ts";
import { eraseConnection } from "../erasure.ts";
import { findEvent } from "../events.ts";
import { dropExpiredPartitions, ensurePartitions } from "../partitions.ts";
import { keepRawPayload, readRawPayload } from "../raw-payloads.ts";
import { deleteRecord, type RecordContent, writeRecord } from "../record-writer.ts";
import { readFrames } from "../records.ts";
import { decompress } from "../zstd.ts";
import { removeDueBodies } from "./removals.ts";
import { toArray } from "./to-array.fixture.ts";

let test: TestStore;
let person: KeptPerson;
beforeAll(async () => {
  test = await startTestStore(true);
});
afterAll(() => test.close());
beforeEach(async () => {
  person = await KeptPerson.connect(test.store, await createEnvironment(test.store));
});

const ref = { type: "daily", naturalKey: "2026-03-01" } as const;
const set = () => ({ ...person.id, type: "daily" }) as const;
const contentOf = (padding: string): RecordContent => ({
  ...ref,
  summaryId: null,
  mapperVersion: 1,
  json: Buffer.from(JSON.stringify({ padding })),
  summaryJson: "{}",
  startTime: "2026-03-01T00:00:00",
  endTime: null,
  rawPayloadIds: [],
});
const random = (): string => randomBytes(4_000).toString("base64");

/** Writes a record with its event, as ingest does. */
const write = (padding: string) =>
  test.store.db.transaction().execute(async (tx) => {
    const content = contentOf(padding);
    const written = await writeRecord(tx, person.id, content, test.store.outside);
    const connection = await findChoosing(tx, person.id);
    if (written === null || connection === null) throw new Error("nothing was written");
    await announce(tx, test.store, connection, { records: [announced(content, written)], traceId: random() });
  });

const keysOf = async (userId = person.id.userId): Promise<string[]> =>
  toArray(test.store.bodies.list(`${person.id.environmentId}/${userId}/`));
const newestEvent = async () => {
  const { event_id } = await test.store.db
    .selectFrom("events")
    .select("event_id")
    .where("user_id", "=", person.id.userId)
    .orderBy("event_id", "desc")
    .executeTakeFirstOrThrow();
  return findEvent(test.store, person.id.environmentId, event_id);
};
const remove = () => removeDueBodies(test.store);
const erase = () => test.store.db.transaction().execute((tx) => eraseConnection(tx, person.id));

async function keepRaw(body: string): Promise<string> {
  const fetched = {
    resource: "exercises",
    key: "list",
    connection: person.id,
    provider: "polar",
    request: { method: "GET" as const, path: "/v3/exercises" },
    response: { status: 200, contentType: "application/json", body: Buffer.from(body) },
    taskId: "00000000-0000-7000-8000-000000000000",
  };
  return test.store.db.transaction().execute((tx) => keepRawPayload(tx, fetched, test.store.outside));
}

describe("a record with its event", () => {
  it("has one body, named by environment, person and hash, from which both are read", async () => {
    const padding = random();
    await write(padding);
    const [key, ...others] = await keysOf();
    expect(others).toEqual([]);
    const [row] = await person.rows();
    expect(row).toMatchObject({ detailed: null, body_key: key });
    expect(key).toContain(`/${row?.content_hash.toString("hex")}-`);
    const [frame] = await readFrames(test.store, set(), [ref.naturalKey]);
    expect(JSON.parse(String(await decompress(frame?.zstd ?? Buffer.alloc(0))))).toEqual({ padding });
    const { body } = (await newestEvent()) ?? {};
    expect(JSON.parse(String(body))).toMatchObject({ type: "daily", data: [{ padding }] });
  });

  it("leaves a body to the event when it is revised, and nothing when both are gone", async () => {
    await write(random());
    const [former] = await keysOf();
    const sent = await newestEvent();
    await write(random());
    expect(await remove()).toBe(0);
    expect(await keysOf()).toContain(former);
    expect((await findEvent(test.store, person.id.environmentId, sent?.event_id ?? ""))?.body).toEqual(
      sent?.body,
    );
    await test.store.db.transaction().execute((tx) => deleteRecord(tx, person.id, ref));
    expect(await remove()).toBe(0);
    const now = new Date(Date.now() + 60 * 24 * 3_600_000);
    await ensurePartitions(test.store.db, now);
    expect(await dropExpiredPartitions(test.store.db, now)).not.toEqual([]);
    await ensurePartitions(test.store.db, new Date());
    expect(await remove()).toBe(2);
    expect(await keysOf()).toEqual([]);
  });

  it("keeps the record's body when its event's partition is dropped", async () => {
    await write(random());
    const now = new Date(Date.now() + 60 * 24 * 3_600_000);
    await ensurePartitions(test.store.db, now);
    await dropExpiredPartitions(test.store.db, now);
    await ensurePartitions(test.store.db, new Date());
    expect(await remove()).toBe(0);
    expect(await readFrames(test.store, set(), [ref.naturalKey])).toHaveLength(1);
  });
});

it("a body whose transaction ended in an error is removed in an hour, not before", async () => {
  const failing = test.store.db.transaction().execute(async (tx) => {
    await writeRecord(tx, person.id, contentOf(random()), test.store.outside);
    throw new Error("undone");
  });
  await expect(failing).rejects.toThrow("undone");
  expect(await keysOf()).toHaveLength(1);
  expect(await remove()).toBe(0);
  await sql`UPDATE body_removals SET due_at = now()`.execute(test.store.db);
  expect(await remove()).toBe(1);
  expect(await keysOf()).toEqual([]);
});

it("a body is stored before its row is written", async () => {
  const outside = {
    smallest: 1,
    put: async () => Promise.reject(new Error("no answer")),
  };
  const writing = test.store.db
    .transaction()
    .execute((tx) => writeRecord(tx, person.id, contentOf(random()), outside));
  await expect(writing).rejects.toThrow("no answer");
  expect(await person.rows()).toEqual([]);
});

it("a short body stays in its row", async () => {
  const outside = { smallest: 2_048, put: () => Promise.reject(new Error("not expected")) };
  await test.store.db.transaction().execute((tx) => writeRecord(tx, person.id, contentOf("short"), outside));
  expect((await person.rows())[0]).toMatchObject({ body_key: null });
});

it("a raw payload is read as before, and an equal one is not stored again", async () => {
  const body = random();
  const id = await keepRaw(body);
  expect(await keepRaw(body)).toBe(id);
  expect(await keysOf()).toHaveLength(1);
  expect(String(await readRawPayload(test.store, person.id, id))).toBe(body);
});

it("the event of a data request has a body of its own", async () => {
  const padding = random();
  await write(padding);
  const job = {
    ...person.id,
    type: "daily",
    reference: "r",
    traceId: "t",
    withSamples: true,
    naturalKeys: [ref.naturalKey],
  };
  await sendRequestedData(test.store, { ...job, requestedAt: Date.now() - 1_000 });
  expect(await keysOf()).toHaveLength(2);
  expect(JSON.parse(String((await newestEvent())?.body))).toMatchObject({ data: [{ padding }] });
});

describe("erasing", () => {
  it("leaves no body of the person, also of the connections before, and those of others", async () => {
    const other = await KeptPerson.connect(test.store, await createEnvironment(test.store));
    await test.store.db
      .transaction()
      .execute((tx) => writeRecord(tx, other.id, contentOf(random()), test.store.outside));
    await write(random());
    await keepRaw(random());
    const former = person.id;
    const environment = { environmentId: former.environmentId, devId: "", apiKey: "" };
    person = await KeptPerson.connect(test.store, environment);
    await test.store.db
      .transaction()
      .execute((tx) => inheritConnection(tx, former.environmentId, former.userId, person.id.userId));
    await write(random());
    const { deleted } = await erase();
    // Of the record's former revision the event has the body.
    expect(deleted.stored_bodies).toBe(3);
    expect(await remove()).toBe(3);
    expect([...(await keysOf()), ...(await keysOf(former.userId))]).toEqual([]);
    const all = await toArray(test.store.bodies.list(`${other.id.environmentId}/`));
    expect(all).toHaveLength(1);
  });

  it("gives up the double of a record that the new connection has", async () => {
    await write(random());
    const former = person.id;
    person = await KeptPerson.connect(test.store, {
      environmentId: former.environmentId,
      devId: "",
      apiKey: "",
    });
    await write(random());
    await test.store.db
      .transaction()
      .execute((tx) => inheritConnection(tx, former.environmentId, former.userId, person.id.userId));
    await sql`DELETE FROM events WHERE user_id = ${former.userId}`.execute(test.store.db);
    expect(await remove()).toBe(1);
    expect(await keysOf(former.userId)).toEqual([]);
  });
});

it("a body that is missing is an error that names it", async () => {
  await write(random());
  const [key = ""] = await keysOf();
  await test.store.bodies.remove(key);
  await expect(readFrames(test.store, set(), [ref.naturalKey])).rejects.toMatchObject({
    code: "BODY_MISSING",
    details: { key },
  });
});
