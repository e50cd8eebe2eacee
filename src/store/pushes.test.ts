import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createEnvironment, startTestStore, type TestStore } from "../../test/support/database.ts";
import { connect } from "../api/testing/data.ts";
import { type ConnectionId, connectionIdOf, inheritConnection } from "./connections.ts";
import { eraseConnection } from "./erasure.ts";
import { countSilent, notePush, readPushes } from "./pushes.ts";

let test: TestStore;
beforeAll(async () => {
  test = await startTestStore();
});
afterAll(() => test.close());

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

async function person(): Promise<ConnectionId> {
  return connectionIdOf(await connect(test.store, await createEnvironment(test.store)));
}

const push = (id: ConnectionId, format = "days", isByHand = false) =>
  test.store.db.transaction().execute((tx) => notePush(tx, id, { format, isByHand }));

/** Moves everything of a connection so far into the past. */
async function later(ms: number, { userId }: ConnectionId): Promise<void> {
  const back = (column: Date | null) => column && new Date(column.getTime() - ms);
  const { db } = test.store;
  for (const row of await db.selectFrom("pushes").selectAll().where("user_id", "=", userId).execute()) {
    await db
      .updateTable("pushes")
      .set({ pushed_at: new Date(row.pushed_at.getTime() - ms), silent_after: back(row.silent_after) })
      .where("user_id", "=", userId)
      .where("format", "=", row.format)
      .execute();
  }
  const { created_at } = await db
    .selectFrom("connections")
    .select("created_at")
    .where("user_id", "=", userId)
    .executeTakeFirstOrThrow();
  await db
    .updateTable("connections")
    .set({ created_at: new Date(created_at.getTime() - ms) })
    .where("user_id", "=", userId)
    .execute();
}

const isSilent = async (id: ConnectionId) => (await readPushes(test.store.db, id)).isSilent;

async function pushEvery(gapMs: number, times: number, id: ConnectionId): Promise<void> {
  for (let time = 0; time < times; time++) {
    await later(gapMs, id);
    await push(id);
  }
}

describe("a connection", () => {
  it("that never pushed is silent after two days", async () => {
    const id = await person();
    await later(2 * dayMs - hourMs, id);
    expect(await isSilent(id)).toBe(false);
    await later(2 * hourMs, id);
    expect(await isSilent(id)).toBe(true);
  });

  it("that pushes often is silent after two days, however short its gaps are", async () => {
    const id = await person();
    await pushEvery(hourMs / 2, 6, id);
    await pushEvery(8 * hourMs, 3, id);
    await later(2 * dayMs - hourMs, id);
    expect(await isSilent(id)).toBe(false);
    await later(2 * hourMs, id);
    expect(await isSilent(id)).toBe(true);
    await push(id);
    expect(await isSilent(id)).toBe(false);
  });

  it("that pushes once a week is given three weeks", async () => {
    const id = await person();
    await pushEvery(7 * dayMs, 4, id);
    const { formats } = await readPushes(test.store.db, id);
    expect(formats[0]).toMatchObject({ format: "days", pushes: 4 });
    expect(Math.round((formats[0]?.usualGapMs ?? 0) / hourMs)).toBe(7 * 24);
    await later(21 * dayMs - hourMs, id);
    expect(await isSilent(id)).toBe(false);
    await later(2 * hourMs, id);
    expect(await isSilent(id)).toBe(true);
  });

  it("learns little from one long absence: it counts as four usual gaps, with a weight of a fifth", async () => {
    const id = await person();
    await pushEvery(dayMs, 5, id);
    await pushEvery(100 * dayMs, 1, id);
    const { formats } = await readPushes(test.store.db, id);
    // 0.8 × 24 h + 0.2 × 4 × 24 h
    expect((formats[0]?.usualGapMs ?? 0) / hourMs).toBeCloseTo(38.4, 1);
  });

  it("to which files are sent by hand only is never silent", async () => {
    const id = await person();
    await push(id, "file", true);
    await later(100 * dayMs, id);
    expect(await readPushes(test.store.db, id)).toMatchObject({ isSilent: false, silentAfter: null });
  });

  it("is not silent while another of its formats comes", async () => {
    const id = await person();
    await push(id, "old app");
    await later(10 * dayMs, id);
    await push(id, "new app");
    expect(await isSilent(id)).toBe(false);
    expect((await readPushes(test.store.db, id)).formats.map(({ format }) => format)).toEqual([
      "new app",
      "old app",
    ]);
  });

  it("hands what was learned to the one that replaces it", async () => {
    const [old, next] = [await person(), await person()];
    await pushEvery(7 * dayMs, 3, old);
    const moved = { ...next, environmentId: old.environmentId };
    await test.store.db
      .updateTable("connections")
      .set({ environment_id: old.environmentId })
      .where("user_id", "=", next.userId)
      .execute();
    await test.store.db
      .transaction()
      .execute((tx) => inheritConnection(tx, old.environmentId, old.userId, next.userId));
    expect((await readPushes(test.store.db, moved)).formats).toMatchObject([{ format: "days", pushes: 3 }]);
  });

  it("that was erased meanwhile gets nothing, and the push is refused", async () => {
    const id = await person();
    await push(id);
    await test.store.db.transaction().execute((tx) => eraseConnection(tx, id));
    await expect(push(id)).rejects.toMatchObject({ code: "UPLOAD_CONNECTION_ENDED" });
    const left = await test.store.db
      .selectFrom("pushes")
      .selectAll()
      .where("user_id", "=", id.userId)
      .execute();
    expect(left).toEqual([]);
  });
});

it("silent connections are counted by provider, paused ones left out", async () => {
  const counted = () => countSilent(test.store.db, ["polar", "other"]);
  const before = (await counted()).get("polar") ?? 0;
  const [silent, paused] = [await person(), await person()];
  for (const id of [silent, paused]) await later(3 * dayMs, id);
  await test.store.db
    .updateTable("connections")
    .set({ active: false })
    .where("user_id", "=", paused.userId)
    .execute();
  expect([...(await counted())]).toEqual([
    ["polar", before + 1],
    ["other", 0],
  ]);
});
