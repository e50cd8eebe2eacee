import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createEnvironment, startTestStore, type TestStore } from "../../test/support/database.ts";
import type { Part, PartsRef } from "../providers/provider.ts";
import type { ConnectionId } from "./connections.ts";
import { newId } from "./identifiers.ts";
import {
  beginParsing,
  endParsing,
  findFingerprints,
  findPartSources,
  keepRawPayload,
  markDeleted,
  nextFetchOrder,
  pointParts,
  readRawPayload,
} from "./raw-payloads.ts";

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

const part = (key: string, value: unknown, resource = "sleep"): Part => ({ resource, key, value });

const point = (fetchOrder: string, parts: readonly Part[], rawPayloadId = newId(), whose = id) =>
  test.store.db
    .transaction()
    .execute((tx) => pointParts(tx, whose, { rawPayloadId, resourceKey: "list", fetchOrder }, parts));

const find = (...refs: PartsRef[]) => findPartSources(test.store.db, id, refs);
const keysOf = async (...refs: PartsRef[]) => (await find(...refs)).map(({ partKey }) => partKey);
const sourceOf = async (key: string) => (await find({ resource: "sleep", key }))[0]?.rawPayloadId;

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

describe("the source of a part", () => {
  it("is the answer to the newest request, in whatever order the answers come", async () => {
    const [older, newer] = [newId(), newId()];
    const added = await point("20", [part("a", 2)], newer);
    expect(added).toEqual({ added: [part("a", 2)], changed: [] });
    expect(await point("19", [part("a", 1)], older)).toEqual({ added: [], changed: [] });
    expect(await sourceOf("a")).toBe(newer);
  });

  it("compares requests as numbers", async () => {
    const newer = newId();
    await point("9", [part("a", 1)]);
    expect((await point("10", [part("a", 2)], newer)).changed).toEqual([part("a", 2)]);
    expect(await sourceOf("a")).toBe(newer);
  });

  it("moves to a newer answer with the same content, which is no change", async () => {
    const newer = newId();
    await point("1", [part("a", { steps: 1, note: null })]);
    const changes = await point("2", [part("a", { steps: 1, note: null }), part("b", 1)], newer);
    expect(changes).toEqual({ added: [part("b", 1)], changed: [] });
    expect(await sourceOf("a")).toBe(newer);
  });

  it("of a release that kept no hashes counts as changed", async () => {
    await point("1", [part("a", 1)]);
    await test.store.db
      .updateTable("raw_parts")
      .set({ content_hash: null })
      .where("user_id", "=", id.userId)
      .execute();
    expect((await point("2", [part("a", 1)])).changed).toEqual([part("a", 1)]);
  });

  it("is the newest also when many are written at the same time", async () => {
    const sources = Array.from({ length: 8 }, () => newId());
    const written = sources.map((source, order) => point(String(order + 1), [part("a", order)], source));
    await Promise.all(written);
    expect(await sourceOf("a")).toBe(sources.at(-1));
  });

  it("is found by its key or by the beginning of its key, in the order of keys", async () => {
    await point("1", [part("a_2", 1), part("a_1", 1), part("ab", 1), part("b", 1), part("a_1", 1, "files")]);
    expect(await keysOf({ resource: "sleep", key: "ab" })).toEqual(["ab"]);
    // The underscore is a letter here, not LIKE's wildcard.
    expect(await keysOf({ resource: "sleep", key: "a_", prefix: true })).toEqual(["a_1", "a_2"]);
    expect(await keysOf({ resource: "sleep", key: "b" }, { resource: "sleep", key: "ab" })).toEqual([
      "ab",
      "b",
    ]);
    expect(await keysOf({ resource: "sleep", key: "c" })).toEqual([]);
    expect(await keysOf()).toEqual([]);
  });

  it("is one connection's alone", async () => {
    const elsewhere = {
      environmentId: (await createEnvironment(test.store)).environmentId,
      userId: id.userId,
    };
    await point("1", [part("a", 1)], newId(), elsewhere);
    expect(await keysOf({ resource: "sleep", key: "a" })).toEqual([]);
    expect((await point("1", [part("a", 1)])).added).toHaveLength(1);
    await test.store.db
      .transaction()
      .execute((tx) => markDeleted(tx, id, [{ resource: "sleep", key: "a" }], "1"));
    expect(await keysOf({ resource: "sleep", key: "a" })).toEqual([]);
    expect(await findPartSources(test.store.db, elsewhere, [{ resource: "sleep", key: "a" }])).toHaveLength(
      1,
    );
  });

  it("is removed by name, and the others stay", async () => {
    await point("1", [part("a", 1), part("b", 1), part("a", 1, "files")]);
    await test.store.db
      .transaction()
      .execute((tx) => markDeleted(tx, id, [{ resource: "sleep", key: "a" }], "1"));
    expect(await keysOf({ resource: "sleep", key: "", prefix: true })).toEqual(["b"]);
    expect(await keysOf({ resource: "files", key: "a" })).toEqual(["a"]);
  });
});

describe("an index's description of stored parts", () => {
  it("is known of each part that had one, null of one without, and absent of one not stored", async () => {
    const source = { rawPayloadId: newId(), resourceKey: "list", fetchOrder: "1" };
    await test.store.db.transaction().execute((tx) =>
      pointParts(tx, id, source, [part("a", 1), part("b", 1)], {
        fingerprint: ({ key }) => (key === "a" ? "v1" : null),
      }),
    );
    const refs = ["a", "b", "c"].map((key) => ({ resource: "sleep", key }));
    expect([...(await findFingerprints(test.store.db, id, refs))].toSorted()).toEqual([
      ["sleep a", "v1"],
      ["sleep b", null],
    ]);
    expect(await findFingerprints(test.store.db, id, [])).toEqual(new Map());
  });
});
