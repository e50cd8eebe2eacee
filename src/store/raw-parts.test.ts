import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createEnvironment, startTestStore, type TestStore } from "../../test/support/database.ts";
import type { Part, PartsRef, ResourceRef } from "../providers/provider.ts";
import type { ConnectionId } from "./connections.ts";
import { newId } from "./identifiers.ts";
import { findFingerprints, findHeldFiles, findPartSources, markDeleted, pointParts } from "./raw-parts.ts";

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

const part = (key: string, value: unknown, resource = "sleep"): Part => ({ resource, key, value });

const point = (fetchOrder: string, parts: readonly Part[], rawPayloadId = newId(), whose = id) =>
  test.store.db
    .transaction()
    .execute((tx) => pointParts(tx, whose, { rawPayloadId, resourceKey: "list", fetchOrder }, parts));

const remove = (ref: ResourceRef, fetchOrder: string) =>
  test.store.db.transaction().execute((tx) => markDeleted(tx, id, [ref], fetchOrder));

const find = (...refs: PartsRef[]) => findPartSources(test.store.db, id, refs);
const keysOf = async (...refs: PartsRef[]) => (await find(...refs)).map(({ partKey }) => partKey);
const sourceOf = async (key: string) => (await find({ resource: "sleep", key }))[0]?.rawPayloadId;

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
    await remove({ resource: "sleep", key: "a" }, "1");
    expect(await keysOf({ resource: "sleep", key: "a" })).toEqual([]);
    expect(await findPartSources(test.store.db, elsewhere, [{ resource: "sleep", key: "a" }])).toHaveLength(
      1,
    );
  });

  it("is removed by name, and the others stay", async () => {
    await point("1", [part("a", 1), part("b", 1), part("a", 1, "files")]);
    await remove({ resource: "sleep", key: "a" }, "1");
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

describe("the files of a thing", () => {
  const thing = { resource: "sleep", key: "a" };
  const file = { resource: "files", key: "a" };
  const held = () => findHeldFiles(test.store.db, id, thing, [file, { resource: "files", key: "b" }]);

  it("are held when they were fetched after it last changed, whether they changed themselves or not", async () => {
    await point("1", [part("a", 1)]);
    expect(await held()).toEqual([]);
    await point("2", [part("a", 1, "files"), part("c", 1, "files")]);
    expect(await held()).toEqual([file]);
    await point("3", [part("a", 1)]);
    expect(await held()).toEqual([file]);
    await point("4", [part("a", 2)]);
    expect(await held()).toEqual([]);
    await point("5", [part("a", 2)]);
    expect(await held()).toEqual([]);
    await point("6", [part("a", 1, "files")]);
    expect(await held()).toEqual([file]);
  });

  it("are held when it is not, or was stored by a release that did not note when it changed", async () => {
    await point("1", [part("a", 1, "files")]);
    expect(await held()).toEqual([file]);
    await point("2", [part("a", 1)]);
    await test.store.db
      .updateTable("raw_parts")
      .set({ changed_order: null })
      .where("user_id", "=", id.userId)
      .execute();
    expect(await held()).toEqual([file]);
  });

  it("are not held when they were deleted, nor after it was deleted and came back", async () => {
    await point("1", [part("a", 1), part("a", 1, "files")]);
    await remove(thing, "2");
    await point("3", [part("a", 1)]);
    expect(await held()).toEqual([]);
    await point("4", [part("a", 1, "files")]);
    expect(await held()).toEqual([file]);
    await remove(file, "5");
    expect(await held()).toEqual([]);
  });
});
