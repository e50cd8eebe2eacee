import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createEnvironment, startTestStore, type TestStore } from "../../test/support/database.ts";
import { lockAwaited } from "../../test/support/locks.ts";
import { writeRecord } from "./record-writer.ts";
import type {
  RenormalizationCounts,
  RenormalizationCursor,
  RenormalizationDifference,
  RenormalizationFilter,
} from "./renormalization-job.ts";
import {
  findRenormalization,
  forgetInRenormalizations,
  insertRenormalization,
  listRenormalizations,
  lockRenormalization,
  moveRenormalization,
  type RenormalizationId,
  saveProgress,
} from "./renormalizations.ts";
import type { DatabaseTransaction } from "./tables.ts";

let test: TestStore;
let environmentId: string;
beforeAll(async () => {
  test = await startTestStore();
});
afterAll(() => test.close());
beforeEach(async () => {
  ({ environmentId } = await createEnvironment(test.store));
});

const everything: RenormalizationFilter = { userIds: null, types: null, from: null, to: null };
const counts: RenormalizationCounts = {
  records: 3,
  payloads: 0,
  types: {},
  unreadable: {},
  events: 0,
  pathsLeftOut: 0,
};
const inTransaction = <Answer>(work: (tx: DatabaseTransaction) => Promise<Answer>): Promise<Answer> =>
  test.store.db.transaction().execute(work);

async function create(filter: Partial<RenormalizationFilter> = {}, place = environmentId) {
  const job = await inTransaction((tx) =>
    insertRenormalization(tx, place, {
      filter: { ...everything, ...filter },
      options: { dryRun: false, sendEvents: false, recordsPerSecond: null },
      totals: { records: 3, payloads: 0 },
      cursor: { phase: "records", after: null },
    }),
  );
  return { environmentId: place, renormalizationId: job.renormalization_id };
}
async function find(id: RenormalizationId) {
  const job = await findRenormalization(test.store.db, id);
  if (job === null) throw new Error("the job is gone");
  return job;
}
const save = (
  id: RenormalizationId,
  cursor: RenormalizationCursor | null,
  differences: readonly RenormalizationDifference[] = [],
) => inTransaction((tx) => saveProgress(tx, id, { cursor, counts, differences }));

describe("a job that rebuilds records", () => {
  it("begins with nothing counted, before the first record", async () => {
    expect(await find(await create())).toMatchObject({
      state: "running",
      cursor: { phase: "records", after: null },
      counts: { records: 0, events: 0 },
      differences: [],
      finished_at: null,
    });
  });

  it("is one step further with each batch, so that a job of the former step is outdated", async () => {
    const id = await create();
    const cursor = { phase: "records", after: [randomUUID(), "daily", "2025-03-01"] } as const;
    const { step } = await find(id);
    await save(id, cursor);
    expect(await find(id)).toMatchObject({
      step: step + 1,
      cursor,
      counts: { records: 3 },
      state: "running",
    });
    await save(id, null);
    // The cursor stays, though there is nothing after it.
    expect(await find(id)).toMatchObject({
      step: step + 2,
      cursor,
      state: "done",
      finished_at: expect.any(Date),
    });
  });

  it("is stopped and resumes where it was", async () => {
    const id = await create();
    const stopped = await moveRenormalization(test.store.db, id, "failed", "INTERNAL");
    expect(stopped).toMatchObject({ state: "failed", code: "INTERNAL", finished_at: expect.any(Date) });
    const resumed = await moveRenormalization(test.store.db, id, "running");
    expect(resumed).toMatchObject({
      state: "running",
      code: null,
      finished_at: null,
      step: stopped.step + 1,
    });
  });

  it("is worked by one batch at a time", async () => {
    const id = await create();
    let second: Promise<unknown> = Promise.resolve();
    await inTransaction(async (tx) => {
      const { step } = (await lockRenormalization(tx, id)) ?? { step: 0 };
      second = inTransaction((other) => lockRenormalization(other, id));
      await lockAwaited(test.store.db);
      await saveProgress(tx, id, { cursor: null, counts, differences: [] });
      expect((await find(id)).step).toBe(step);
    });
    expect(await second).toMatchObject({ state: "done" });
  });

  it("is found and listed in its own environment alone, the newest first, in pages", async () => {
    const ids = [await create(), await create(), await create()];
    const other = (await createEnvironment(test.store)).environmentId;
    await create({}, other);
    const [first] = ids;
    if (first === undefined) throw new Error("no job was made");
    expect(await findRenormalization(test.store.db, { ...first, environmentId: other })).toBeNull();
    const list = async (limit: number, before?: string) =>
      (await listRenormalizations(test.store.db, environmentId, { limit, before })).map(
        ({ renormalization_id }) => renormalization_id,
      );
    const newestFirst = ids
      .map(({ renormalizationId }) => renormalizationId)
      .toSorted()
      .toReversed();
    expect(await list(10)).toEqual(newestFirst);
    expect(await list(2)).toEqual(newestFirst.slice(0, 2));
    expect(await list(2, newestFirst[1])).toEqual(newestFirst.slice(2));
  });
});

describe("a person who is erased", () => {
  const forget = (...userIds: string[]) =>
    inTransaction((tx) => forgetInRenormalizations(tx, environmentId, userIds));
  const difference = (userId: string): RenormalizationDifference => ({
    type: "daily",
    path: "steps",
    kind: "changed",
    records: 1,
    example: { userId, naturalKey: "2025-03-01", path: "steps" },
  });

  it("is removed from the filter; a filter that named nobody else then selects nobody, and not everybody", async () => {
    const [me, other] = [randomUUID(), randomUUID()];
    const [both, alone] = [
      await create({ userIds: [me, other] }),
      await create({ userIds: [me.toUpperCase()] }),
    ];
    await forget(me);
    expect((await find(both)).filter.userIds).toEqual([other]);
    expect((await find(alone)).filter.userIds).toEqual([]);
  });

  it("is no example of a difference; others' examples stay", async () => {
    const [me, other] = [randomUUID(), randomUUID()];
    const [named, unnamed] = [await create(), await create()];
    const cursor = { phase: "records", after: null } as const;
    await save(named, cursor, [difference(me), difference(other)]);
    await save(unnamed, cursor, [difference(other)]);
    await forget(me);
    expect((await find(named)).differences).toEqual([]);
    expect((await find(unnamed)).differences).toHaveLength(1);
  });

  it("is not named by a cursor, which becomes the last record before theirs, or the beginning", async () => {
    const [first = "", second = "", third = ""] = [randomUUID(), randomUUID(), randomUUID()].sort();
    for (const naturalKey of ["2025-03-01", "2025-03-02"]) {
      await inTransaction((tx) =>
        writeRecord(
          tx,
          { environmentId, userId: first },
          {
            type: "daily",
            naturalKey,
            summaryId: null,
            mapperVersion: 1,
            json: Buffer.from("{}"),
            summaryJson: "{}",
            startTime: null,
            endTime: null,
            rawPayloadIds: [],
          },
        ),
      );
    }
    const at = async (userId: string) => {
      const id = await create();
      await save(id, { phase: "records", after: [userId, "daily", "2025-03-09"] });
      return id;
    };
    const [ofFirst, ofSecond, ofThird] = [await at(first), await at(second), await at(third)];
    await forget(second);
    expect((await find(ofSecond)).cursor.after).toEqual([first, "daily", "2025-03-02"]);
    expect((await find(ofThird)).cursor.after).toEqual([third, "daily", "2025-03-09"]);
    await forget(first);
    expect((await find(ofFirst)).cursor.after).toBeNull();
  });

  it("stays in another environment's jobs", async () => {
    const me = randomUUID();
    const other = (await createEnvironment(test.store)).environmentId;
    const id = await create({ userIds: [me] }, other);
    await forget(me);
    expect((await find(id)).filter.userIds).toEqual([me]);
  });
});
