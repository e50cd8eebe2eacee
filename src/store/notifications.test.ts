import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createEnvironment, startTestStore, type TestStore } from "../../test/support/database.ts";
import type { NewTask } from "./fetch-tasks.ts";
import { newId } from "./identifiers.ts";
import { insertNotifications, type NewNotification } from "./notifications.ts";

let test: TestStore;
let environmentId: string;
beforeAll(async () => {
  test = await startTestStore();
});
afterAll(() => test.close());
beforeEach(async () => {
  ({ environmentId } = await createEnvironment(test.store));
});

const notification = (given: Partial<NewNotification> = {}): NewNotification => ({
  environmentId,
  provider: "polar",
  state: "accepted",
  traceId: "trace",
  event: "SLEEP",
  providerUserId: "7",
  fetches: [{ resource: "sleep", key: "2025-03-01" }],
  body: Buffer.from("{}"),
  ...given,
});
const taskOf = (notificationId: string): NewTask & { taskId: string } => ({
  ...notification(),
  state: "accepted",
  body: Buffer.from("of the task"),
  kind: "announced",
  taskId: newId(),
  notificationId,
});
const rows = () =>
  test.store.db
    .selectFrom("notifications")
    .selectAll()
    .where("environment_id", "=", environmentId)
    .orderBy("code")
    .execute();
const tasks = () =>
  test.store.db.selectFrom("fetch_tasks").selectAll().where("environment_id", "=", environmentId).execute();

describe("notifications", () => {
  it("are kept byte for byte, with the reason why they were not acted upon", async () => {
    const body = Buffer.from([0, 255, 128, 10]);
    const details = { field: "event" };
    const state = "ignored";
    await insertNotifications(test.store.db, [
      notification({ body, state, code: "NOTIFICATION_EVENT_UNKNOWN", details }),
      notification({ body: null, state }),
    ]);
    expect(await rows()).toMatchObject([
      { body, state, code: "NOTIFICATION_EVENT_UNKNOWN", details, event: "SLEEP", provider_user_id: "7" },
      { body: null, state, code: null, details: null },
    ]);
  });

  it("are written with their tasks; only these have the fetches", async () => {
    const notificationId = newId();
    const task = taskOf(notificationId);
    await insertNotifications(test.store.db, [notification({ notificationId })], [task]);
    expect((await rows())[0]).not.toHaveProperty("fetches");
    expect(await tasks()).toMatchObject([
      {
        task_id: task.taskId,
        notification_id: notificationId,
        fetches: [{ resource: "sleep", key: "2025-03-01" }],
        body: Buffer.from("of the task"),
      },
    ]);
  });

  it("are not written when one of their tasks cannot be", async () => {
    const [first, second] = [newId(), newId()];
    const task = taskOf(first);
    const twice = [task, { ...task, notificationId: second }];
    const written = insertNotifications(
      test.store.db,
      [notification({ notificationId: first }), notification({ notificationId: second })],
      twice,
    );
    await expect(written).rejects.toThrow(/duplicate key/);
    expect([await rows(), await tasks()]).toEqual([[], []]);
  });

  it("are kept in the week of their own id", async () => {
    await insertNotifications(test.store.db, [notification()]);
    const { rows: kept } = await sql<{ partition: string }>`SELECT tableoid::regclass::text AS partition
      FROM notifications WHERE environment_id = ${environmentId}`.execute(test.store.db);
    expect(kept[0]?.partition).toMatch(/^notifications_\d{8}$/);
  });
});
