/** An erased person leaves nothing behind, in no row that names them. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createEnvironment, startTestStore, type TestStore } from "../../test/support/database.ts";
import { KeptPerson } from "../../test/support/kept-person.ts";
import { inheritConnection } from "./connections.ts";
import { eraseConnection } from "./erasure.ts";
import { insertTasks, type NewTask } from "./fetch-tasks.ts";
import { newId } from "./identifiers.ts";
import { insertNotifications } from "./notifications.ts";

let test: TestStore;
let person: KeptPerson;
beforeAll(async () => {
  test = await startTestStore();
});
afterAll(() => test.close());
beforeEach(async () => {
  person = await KeptPerson.connect(test.store, await createEnvironment(test.store));
});

const taskOf = (given: Partial<NewTask>): NewTask => ({
  environmentId: person.id.environmentId,
  provider: "polar",
  kind: "second-look",
  state: "done",
  traceId: "trace",
  providerUserId: person.connection.provider_user_id,
  fetches: [{ resource: "nightly-recharge", key: "2026-03-01" }],
  ...given,
});
const create = (given: Partial<NewTask>) => insertTasks(test.store.db, [taskOf(given)]);

async function announce(): Promise<void> {
  const notificationId = newId();
  const task = taskOf({ kind: "announced", notificationId });
  const received = { ...task, notificationId, state: "accepted", event: "SLEEP", body: null } as const;
  await insertNotifications(test.store.db, [received], [task]);
}
const erase = () => test.store.db.transaction().execute((tx) => eraseConnection(tx, person.id));
const left = async () => {
  const account = person.connection.provider_user_id;
  const tasks = await test.store.db
    .selectFrom("fetch_tasks")
    .select("kind")
    .where("provider_user_id", "=", account)
    .execute();
  const notifications = await test.store.db
    .selectFrom("notifications")
    .select("event")
    .where("provider_user_id", "=", account)
    .execute();
  return [...tasks.map(({ kind }) => kind), ...notifications.map(({ event }) => event)];
};

describe("erasing a person", () => {
  it("deletes the announcements of the account, and the tasks created because of them", async () => {
    await announce();
    await create({});
    await erase();
    expect(await left()).toEqual([]);
  });

  it("deletes the tasks of the connections that this one replaced; a task that has to revoke a permission stays", async () => {
    const former = person;
    await create({ kind: "backfill", userId: former.id.userId });
    await create({ kind: "revoke", state: "accepted", userId: former.id.userId });
    await test.store.db.transaction().execute(async (tx) => {
      const { user_id: _, ...same } = former.connection;
      const userId = "00000000-0000-4000-8000-000000000001";
      await tx
        .insertInto("connections")
        .values({ ...same, user_id: userId })
        .execute();
      await inheritConnection(tx, former.id.environmentId, former.id.userId, userId);
      await eraseConnection(tx, { ...former.id, userId });
    });
    expect(await left()).toEqual(["revoke"]);
  });
});
