import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createEnvironment, startTestStore, type TestStore } from "../../test/support/database.ts";
import type { ConnectionId } from "./connections.ts";
import { newId } from "./identifiers.ts";
import { type RecordContent, writeRecord } from "./record-writer.ts";
import {
  countRecords,
  listEntries,
  type RecordSet,
  readFrames,
  readNamedSummaries,
  readSummaries,
} from "./records.ts";
import { decompress } from "./zstd.ts";

let test: TestStore;
let set: RecordSet;
beforeAll(async () => {
  test = await startTestStore();
});
afterAll(() => test.close());
beforeEach(async () => {
  const { environmentId } = await createEnvironment(test.store);
  set = { environmentId, userId: newId(), type: "daily" };
});

async function keep(
  naturalKey: string,
  startTime: string | null,
  given: Partial<RecordContent> = {},
  whose: ConnectionId = set,
): Promise<void> {
  const content: RecordContent = {
    type: "daily",
    naturalKey,
    summaryId: null,
    mapperVersion: 1,
    json: Buffer.from(JSON.stringify({ of: naturalKey, samples: [1, 2] })),
    summaryJson: JSON.stringify({ of: naturalKey, samples: [] }),
    startTime,
    endTime: startTime,
    rawPayloadIds: [],
    ...given,
  };
  await test.store.db.transaction().execute((tx) => writeRecord(tx, whose, content));
}

const { parse } = JSON;
const keysOf = (texts: readonly string[]) => texts.map((text) => parse(text).of);
const summaries = async (span: Parameters<typeof readSummaries>[2] = null) =>
  keysOf(await readSummaries(test.store.db, set, span));

describe("records", () => {
  it("come in the order of the wearer's own clock, then by their keys", async () => {
    await keep("d", "2025-03-02T00:00:00.000000-08:00");
    await keep("b", "2025-03-01T09:00:00.000000+02:00");
    await keep("c", "2025-03-01T08:00:00.000000Z");
    await keep("a", "2025-03-01T08:00:00.000000Z");
    expect(await summaries()).toEqual(["a", "c", "b", "d"]);
  });

  it("of some days are those that start on them, including the first and the last", async () => {
    for (const day of ["01", "02", "03", "04"]) await keep(day, `2025-03-${day}T23:30:00.000000-11:00`);
    expect(await summaries({ from: "2025-03-02", to: "2025-03-03" })).toEqual(["02", "03"]);
    expect(await summaries({ from: "2025-03-05", to: "2025-03-09" })).toEqual([]);
  });

  it("without a start are included unless days are given", async () => {
    await keep("profile", null);
    expect(await summaries()).toEqual(["profile"]);
    expect(await summaries({ from: "0001-01-01", to: "9999-12-31" })).toEqual([]);
  });

  it("are returned as the text they were written as", async () => {
    const summaryJson = '{"z": 1.0, "a": "\\u00e9", "z2": 1e3}';
    await keep("a", null, { summaryJson, json: Buffer.from(`${summaryJson} `) });
    expect(await readSummaries(test.store.db, set, null)).toEqual([summaryJson]);
    const [frame] = await readFrames(test.store, set, ["a"]);
    expect((await decompress(frame?.zstd ?? Buffer.alloc(0))).toString()).toBe(`${summaryJson} `);
  });

  it("are as large as their text in bytes, with samples or without", async () => {
    // A letter of two bytes, one of three, one of four.
    await keep("a", null, { summaryJson: '"é"', json: Buffer.from('"é€😀"') });
    const sizes = async (withSamples: boolean) => listEntries(test.store.db, set, null, { withSamples });
    expect(await sizes(false)).toEqual([{ naturalKey: "a", bytes: 4 }]);
    expect(await sizes(true)).toEqual([{ naturalKey: "a", bytes: 11 }]);
    expect((await readFrames(test.store, set, ["a"]))[0]?.bytes).toBe(11);
  });
});

describe("records that are named", () => {
  it("come in the order in which they are named, without deleted ones", async () => {
    for (const key of ["a", "b", "c"]) await keep(key, "2025-03-01T00:00:00.000000Z");
    const names = ["c", "gone", "a"];
    const read = await readNamedSummaries(test.store.db, set, names);
    expect(read.map(({ naturalKey, revision }) => [naturalKey, revision])).toEqual([
      ["c", 1],
      ["a", 1],
    ]);
    expect((await readFrames(test.store, set, names)).map(({ naturalKey }) => naturalKey)).toEqual([
      "c",
      "a",
    ]);
    expect(await readFrames(test.store, set, [])).toEqual([]);
  });

  it("may be more than a statement may have parameters", async () => {
    await keep("70000", null);
    const names = Array.from({ length: 70_001 }, (_, index) => String(index));
    const read = await readNamedSummaries(test.store.db, set, names);
    expect(read.map(({ naturalKey }) => naturalKey)).toEqual(["70000"]);
  });
});

describe("a connection's records", () => {
  it("are counted by type, with the days they span", async () => {
    await keep("a", "2025-03-05T00:00:00.000000Z");
    await keep("b", "2025-02-01T00:00:00.000000Z");
    await keep("athlete", null, { type: "athlete" });
    expect(await countRecords(test.store.db, set)).toEqual([
      { type: "athlete", records: 1, from: null, to: null },
      { type: "daily", records: 2, from: "2025-02-01", to: "2025-03-05" },
    ]);
  });

  it("are never another's: of the same user_id elsewhere, of another user, of another type", async () => {
    const { environmentId } = await createEnvironment(test.store);
    await keep("a", null, {}, { ...set, environmentId });
    await keep("a", null, {}, { ...set, userId: newId() });
    await keep("a", null, { type: "body" });
    expect(await summaries()).toEqual([]);
    expect(await listEntries(test.store.db, set, null, { withSamples: true })).toEqual([]);
    expect(await readFrames(test.store, set, ["a"])).toEqual([]);
    expect(await readNamedSummaries(test.store.db, set, ["a"])).toEqual([]);
    expect(await countRecords(test.store.db, set)).toEqual([
      { type: "body", records: 1, from: null, to: null },
    ]);
  });
});
