import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createEnvironment, startTestStore, type TestStore } from "../../test/support/database.ts";
import type { ConnectionId } from "./connections.ts";
import { newId } from "./identifiers.ts";
import {
  deleteRecord,
  findRecordSource,
  isSameMaking,
  type RecordContent,
  writeRecord,
} from "./record-writer.ts";
import { decompress } from "./zstd.ts";

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

const content = (json: string, given: Partial<RecordContent> = {}): RecordContent => ({
  type: "daily",
  naturalKey: "2025-03-01",
  summaryId: null,
  mapperVersion: 1,
  json: Buffer.from(json),
  summaryJson: json,
  startTime: "2025-03-01T06:00:00.000000+02:00",
  endTime: null,
  rawPayloadIds: [],
  ...given,
});
const write = (written: RecordContent, whose = id) =>
  test.store.db.transaction().execute((tx) => writeRecord(tx, whose, written));
const remove = (ref: Pick<RecordContent, "type" | "naturalKey">, whose = id) =>
  test.store.db.transaction().execute((tx) => deleteRecord(tx, whose, ref));
const row = (whose = id) =>
  test.store.db
    .selectFrom("records")
    .selectAll()
    .where("environment_id", "=", whose.environmentId)
    .where("user_id", "=", whose.userId)
    .executeTakeFirst();

describe("a record", () => {
  it("is new with revision 1, and the bytes to be sent are those that were written", async () => {
    const written = await write(content('{"a": 1.0}'));
    expect(written?.revision).toBe(1);
    expect((await decompress(written?.detailed ?? Buffer.alloc(0))).toString()).toBe('{"a": 1.0}');
    expect(await row()).toMatchObject({ revision: 1, start_date: "2025-03-01", detailed_bytes: 10 });
  });

  it("with the same content changes only its sources", async () => {
    const [first, second] = [newId(), newId()];
    await write(content("{}", { rawPayloadIds: [first] }));
    const before = await row();
    expect(await write(content("{}", { rawPayloadIds: [second], mapperVersion: 2 }))).toBeNull();
    expect(await row()).toEqual({ ...before, raw_payload_ids: [second], mapper_version: 2 });
  });

  it("that comes again after it was deleted goes on from its last revision", async () => {
    const ref = content("1");
    await write(content("1"));
    await write(content("2"));
    expect(await remove(ref)).toBe(true);
    expect(await remove(ref)).toBe(false);
    expect((await write(content("2")))?.revision).toBe(3);
    expect(await remove(ref)).toBe(true);
    expect((await write(content("3")))?.revision).toBe(4);
    const another = { ...id, userId: newId() };
    expect((await write(content("1"), another))?.revision).toBe(1);
  });

  it("that moves to another key under the provider's id goes on from its last revision, there and back", async () => {
    const on = (day: string, json: string, ownId: string | null = "night") =>
      content(json, { type: "sleep", naturalKey: `${day}/${ownId ?? "night"}`, ownId });
    await write(on("2025-03-01", "1"));
    await write(on("2025-03-01", "2"));
    await remove(on("2025-03-01", ""));
    expect((await write(on("2025-03-02", "3")))?.revision).toBe(3);
    await remove(on("2025-03-02", ""));
    expect((await write(on("2025-03-01", "4")))?.revision).toBe(4);
    // Neither another's id, nor a key that only ends alike.
    expect((await write(on("2025-03-02", "5", "ight")))?.revision).toBe(1);
    expect((await write(on("2025-03-03", "6", null)))?.revision).toBe(1);
  });

  it("with different content is the next revision, as often as it changes", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom("1", "2", "3"), { minLength: 1, maxLength: 6 }),
        async (texts) => {
          const whose = { ...id, userId: newId() };
          let changes = 0;
          for (const [index, text] of texts.entries()) {
            if (text !== texts[index - 1]) changes++;
            const written = await write(content(text), whose);
            expect(written?.revision ?? null).toBe(text === texts[index - 1] ? null : changes);
          }
          expect((await row(whose))?.revision).toBe(changes);
        },
      ),
      { numRuns: 15 },
    );
  });

  it("is one for each environment, user, type and key", async () => {
    const { environmentId } = await createEnvironment(test.store);
    const written = [
      await write(content("{}")),
      await write(content("{}"), { ...id, environmentId }),
      await write(content("{}"), { ...id, userId: newId() }),
      await write(content("{}", { type: "body" })),
      await write(content("{}", { naturalKey: "2025-03-02" })),
    ];
    expect(written.map((one) => one?.revision)).toEqual([1, 1, 1, 1, 1]);
  });
});

describe("the sources of a record", () => {
  it("are known, and null for a missing one", async () => {
    const rawPayloadIds = [newId()];
    await write(content("{}", { rawPayloadIds, mapperVersion: 7, summaryId: "s" }));
    const find = (naturalKey: string) =>
      test.store.db.transaction().execute((tx) => findRecordSource(tx, id, { type: "daily", naturalKey }));
    expect(await find("2025-03-01")).toEqual({ rawPayloadIds, mapperVersion: 7, summaryId: "s" });
    expect(await find("2025-03-02")).toBeNull();
  });

  it("are the same only with the same mapping and the same payloads", () => {
    const made = { mapperVersion: 1, rawPayloadIds: ["a", "b"] };
    expect(isSameMaking(made, { ...made })).toBe(true);
    expect(isSameMaking(made, { ...made, mapperVersion: 2 })).toBe(false);
    expect(isSameMaking(made, { ...made, rawPayloadIds: ["a"] })).toBe(false);
    expect(isSameMaking({ ...made, rawPayloadIds: [] }, made)).toBe(false);
  });
});

describe("a record that is deleted", () => {
  it("is gone, and only that one; a second deletion finds none", async () => {
    await write(content("{}"));
    await write(content("{}", { naturalKey: "2025-03-02" }));
    const { environmentId } = await createEnvironment(test.store);
    expect(await remove(content("{}"), { ...id, environmentId })).toBe(false);
    expect(await remove(content("{}"))).toBe(true);
    expect(await remove(content("{}"))).toBe(false);
    expect((await row())?.natural_key).toBe("2025-03-02");
  });
});
