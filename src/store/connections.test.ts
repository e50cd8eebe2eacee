import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  createEnvironment,
  startTestStore,
  type TestEnvironment,
  type TestStore,
} from "../../test/support/database.ts";
import { lockAwaited } from "../../test/support/locks.ts";
import { connect } from "../api/testing/data.ts";
import {
  type Connection,
  type ConnectionId,
  countConnections,
  findByProviderUser,
  findByReference,
  findConnection,
  findMany,
  inheritConnection,
  listConnections,
  lockConnection,
  notePolled,
  updateConnection,
} from "./connections.ts";
import { insertTasks, listOpenFetches, type NewTask } from "./fetch-tasks.ts";
import { newId } from "./identifiers.ts";
import { writeRecord } from "./record-writer.ts";
import { readSummaries } from "./records.ts";
import type { TaskState } from "./tables.ts";

let test: TestStore;
let environment: TestEnvironment;
beforeAll(async () => {
  test = await startTestStore();
});
afterAll(() => test.close());
beforeEach(async () => {
  environment = await createEnvironment(test.store);
});

const idOf = (connection: Connection): ConnectionId => ({
  environmentId: connection.environment_id,
  userId: connection.user_id,
});
const person = (referenceId?: string, place = environment) =>
  connect(test.store, place, referenceId === undefined ? {} : { referenceId });
const find = (id: ConnectionId) => findConnection(test.store.db, id);

/** Inserts the same row in another environment, with the same user_id. */
async function twinOf(connection: Connection): Promise<Connection> {
  const { environmentId } = await createEnvironment(test.store);
  return test.store.db
    .insertInto("connections")
    .values({ ...connection, environment_id: environmentId })
    .returningAll()
    .executeTakeFirstOrThrow();
}

describe("a connection", () => {
  it("is found only in its own environment", async () => {
    const one = await person();
    const other = await createEnvironment(test.store);
    expect(await find(idOf(one))).toEqual(one);
    expect(await find({ ...idOf(one), environmentId: other.environmentId })).toBeNull();
  });

  it("is found by reference, by account and by ids, the oldest first, and never from another environment", async () => {
    const [first, second] = [await person("me"), await person("me")];
    const twin = await twinOf(first);
    const { environmentId } = environment;
    const ids = (found: readonly Connection[]) => found.map(({ user_id }) => user_id);
    expect(ids(await findByReference(test.store.db, environmentId, "me"))).toEqual(ids([first, second]));
    const account = first.provider_user_id;
    expect(await findByProviderUser(test.store.db, environmentId, "polar", account)).toEqual([first]);
    expect(await findByProviderUser(test.store.db, twin.environment_id, "polar", account)).toEqual([twin]);
    expect(await findByProviderUser(test.store.db, environmentId, "other", account)).toEqual([]);
    expect(await findMany(test.store.db, environmentId, [first.user_id, newId()])).toEqual([first]);
    expect(await findMany(test.store.db, environmentId, [])).toEqual([]);
  });

  it("is changed alone; a change of a missing one changes nothing", async () => {
    const one = await person();
    const twin = await twinOf(one);
    expect(await updateConnection(test.store.db, idOf(one), { active: false })).toMatchObject({
      active: false,
    });
    expect((await find(idOf(twin)))?.active).toBe(true);
    expect(
      await updateConnection(test.store.db, { ...idOf(one), userId: newId() }, { active: false }),
    ).toBeNull();
  });

  it("was last polled at the later of two times, in whatever order they are noted", async () => {
    const id = idOf(await person());
    const [earlier, later] = [new Date("2025-03-01T08:00:00Z"), new Date("2025-03-01T09:00:00Z")];
    for (const at of [earlier, later, earlier]) await notePolled(test.store.db, id, at);
    expect((await find(id))?.last_polled_at).toEqual(later);
  });
});

describe("a list of connections", () => {
  it("has everybody once over its pages, and nobody of another environment", async () => {
    const everybody: string[] = [];
    for (let made = 0; made < 5; made++) everybody.push((await person()).user_id);
    await person(undefined, await createEnvironment(test.store));
    const page = async (number: number) =>
      (await listConnections(test.store.db, environment.environmentId, { page: number, perPage: 2 })).map(
        ({ user_id }) => user_id,
      );
    const pages = [await page(0), await page(1), await page(2), await page(3)];
    expect(pages.map(({ length }) => length)).toEqual([2, 2, 1, 0]);
    expect(pages.flat()).toEqual(everybody);
    expect(await listConnections(test.store.db, environment.environmentId, null)).toHaveLength(5);
    expect(await countConnections(test.store.db, environment.environmentId)).toBe(5);
  });
});

describe("a connection that is locked", () => {
  it("is given to the next writer when the first has ended, in its new state", async () => {
    const id = idOf(await person("before"));
    let second: Promise<Connection | null> = Promise.resolve(null);
    await test.store.db.transaction().execute(async (tx) => {
      await lockConnection(tx, id);
      second = test.store.db.transaction().execute((other) => lockConnection(other, id));
      await lockAwaited(test.store.db);
      await updateConnection(tx, id, { reference_id: "after" });
    });
    expect((await second)?.reference_id).toBe("after");
  });

  it("is null when the first writer removed it", async () => {
    const id = idOf(await person());
    let second: Promise<Connection | null | "waiting"> = Promise.resolve("waiting");
    await test.store.db.transaction().execute(async (tx) => {
      await lockConnection(tx, id);
      second = test.store.db.transaction().execute((other) => lockConnection(other, id));
      await lockAwaited(test.store.db);
      await tx.deleteFrom("connections").where("user_id", "=", id.userId).execute();
    });
    expect(await second).toBeNull();
  });
});

describe("a connection that replaces another", () => {
  const keep = (whose: Connection, naturalKey: string, text: string) =>
    test.store.db.transaction().execute((tx) =>
      writeRecord(tx, idOf(whose), {
        type: "daily",
        naturalKey,
        summaryId: null,
        mapperVersion: 1,
        json: Buffer.from(text),
        summaryJson: text,
        startTime: `${naturalKey}T00:00:00.000000Z`,
        endTime: null,
        rawPayloadIds: [],
      }),
    );
  const order = (whose: Connection, state: TaskState, kind: NewTask["kind"] = "backfill") =>
    insertTasks(test.store.db, [
      {
        environmentId: whose.environment_id,
        userId: whose.user_id,
        provider: "polar",
        providerUserId: whose.provider_user_id,
        traceId: "trace",
        fetches: [{ resource: "sleep", key: `${kind} ${state}` }],
        kind,
        state,
      },
    ]);
  const inherit = (from: Connection, to: Connection) =>
    test.store.db
      .transaction()
      .execute((tx) => inheritConnection(tx, from.environment_id, from.user_id, to.user_id));
  const records = (whose: Connection) =>
    readSummaries(test.store.db, { ...idOf(whose), type: "daily" }, null);

  it("has the data of both; where both have the same, its own", async () => {
    const [old, next] = [await person(), await person()];
    await keep(old, "2025-03-01", '"old 1"');
    await keep(old, "2025-03-02", '"old 2"');
    await keep(next, "2025-03-02", '"new 2"');
    await inherit(old, next);
    expect(await records(next)).toEqual(['"old 1"', '"new 2"']);
    expect(await find(idOf(old))).toBeNull();
  });

  it("has the open tasks, but neither the finished ones nor one that ends the old permission", async () => {
    const [old, next] = [await person(), await person()];
    await order(old, "accepted");
    await order(old, "waiting");
    await order(old, "done");
    await order(old, "accepted", "revoke");
    await inherit(old, next);
    const open = await listOpenFetches(test.store.db, idOf(next));
    expect(open.map(({ key }) => key).sort()).toEqual(["backfill accepted", "backfill waiting"]);
    const left = await listOpenFetches(test.store.db, idOf(old));
    expect(left.map(({ key }) => key)).toEqual(["revoke accepted"]);
  });

  it("knows the ids of all former ones, and when they last had data", async () => {
    const [first, second, third] = [await person(), await person(), await person()];
    const newest = new Date("2025-03-01T08:00:00Z");
    await updateConnection(test.store.db, idOf(first), { most_recent_data_at: newest });
    await inherit(first, second);
    await inherit(second, third);
    expect(await find(idOf(third))).toMatchObject({
      former_user_ids: [first.user_id, second.user_id],
      most_recent_data_at: newest,
    });
  });

  it("takes nothing of the same user_id in another environment", async () => {
    const [old, next] = [await person(), await person()];
    const twin = await twinOf(old);
    await keep(twin, "2025-03-01", '"twin"');
    await order(twin, "accepted");
    await inherit(old, next);
    expect(await records(next)).toEqual([]);
    expect(await records(twin)).toEqual(['"twin"']);
    expect(await listOpenFetches(test.store.db, idOf(twin))).toHaveLength(1);
  });
});
