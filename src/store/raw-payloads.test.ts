import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createEnvironment, startTestStore, type TestStore } from "../../test/support/database.ts";
import type { ConnectionId } from "./connections.ts";
import { newId } from "./identifiers.ts";
import { beginParsing, endParsing, keepRawPayload, nextFetchOrder, readRawPayload } from "./raw-payloads.ts";

let test: TestStore;
let id: ConnectionId;
beforeAll(async () => {
  test = await startTestStore();
});
afterAll(() => test.close());
beforeEach(async () => {
  const { environmentId } = await createEnvironment(test.store);
  id = { environmentId, userId: newId() };
});

const keep = (body: Buffer | string, given: { key?: string; connection?: ConnectionId } = {}) =>
  keepRawPayload(test.store.db, {
    resource: "sleep",
    key: "a",
    connection: id,
    provider: "polar",
    request: { method: "GET", path: "/sleep/a" },
    response: { status: 200, contentType: "application/json", body: Buffer.from(body) },
    taskId: newId(),
    ...given,
  });

describe("the order of fetches", () => {
  it("is drawn once, however many draw at the same time, and rises from one draw to the next", async () => {
    const drawn = await Promise.all(Array.from({ length: 30 }, () => nextFetchOrder(test.store.db)));
    expect(new Set(drawn).size).toBe(30);
    const after = BigInt(await nextFetchOrder(test.store.db));
    expect(drawn.every((order) => BigInt(order) < after)).toBe(true);
  });
});

describe("a body", () => {
  it("is kept byte for byte, with its SHA-256", async () => {
    const bytes = Buffer.from([0, 255, 254, 128, 13, 10, 0]);
    expect(await readRawPayload(test.store, id, await keep(bytes))).toEqual(bytes);
    const { rows } = await sql<{ sha256: string; body_bytes: number }>`
      SELECT encode(sha256, 'hex') AS sha256, body_bytes FROM raw_payloads
      WHERE raw_payload_id = ${await keep("abc")}`.execute(test.store.db);
    // The first example of FIPS 180-2.
    const sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    expect(rows).toEqual([{ sha256, body_bytes: 3 }]);
  });

  it("may be empty", async () => {
    expect(await readRawPayload(test.store, id, await keep(""))).toEqual(Buffer.alloc(0));
  });

  it("that equals the newest one is not stored again; one that equals an older one is", async () => {
    const first = await keep("A");
    expect(await keep("A")).toBe(first);
    const second = await keep("B");
    const third = await keep("A");
    expect(new Set([first, second, third]).size).toBe(3);
  });

  it("is separate for each key and person, even if the bytes are equal", async () => {
    const other = { ...id, userId: newId() };
    const ids = [await keep("A"), await keep("A", { key: "b" }), await keep("A", { connection: other })];
    expect(new Set(ids).size).toBe(3);
  });

  it("is not read from another environment", async () => {
    const { environmentId } = await createEnvironment(test.store);
    expect(await readRawPayload(test.store, { ...id, environmentId }, await keep("A"))).toBeNull();
  });
});

describe("tries to read a body", () => {
  const begin = (...rawPayloadIds: string[]) => beginParsing(test.store.db, { ...id, rawPayloadIds });
  const end = (...rawPayloadIds: string[]) => endParsing(test.store.db, { ...id, rawPayloadIds });

  it("are counted until they end, and of several bodies the most tried one counts", async () => {
    const [one, other] = [await keep("A"), await keep("B")];
    expect([await begin(one), await begin(one), await begin(one, other)]).toEqual([1, 2, 3]);
    await end(one);
    expect(await begin(other)).toBe(2);
    expect(await begin(one)).toBe(3);
  });

  it("that end more often than they began count from nothing", async () => {
    const one = await keep("A");
    await end(one);
    await end(one);
    expect(await begin(one)).toBe(1);
  });

  it("go no higher than a hundred", async () => {
    const one = await keep("A");
    await test.store.db.updateTable("raw_payloads").set({ parse_tries: 100 }).execute();
    expect(await begin(one)).toBe(100);
  });

  it("of a missing body are first ones", async () => {
    expect(await begin(newId())).toBe(1);
  });
});
