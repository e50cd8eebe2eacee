/**
 * An announcement made many times: one fetch for all that arrived before it began, another for those that
 * arrived later.
 */
import { sql } from "kysely";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import {
  createEnvironment,
  startTestStore,
  type TestEnvironment,
  type TestStore,
} from "../../test/support/database.ts";
import { collectingLog } from "../../test/support/delivery.ts";
import { KeptPerson } from "../../test/support/kept-person.ts";
import { waitFor } from "../../test/support/wait.ts";
import { lockAccountsKnown } from "../store/announcements.ts";
import type { FetchTask } from "../store/fetch-tasks.ts";
import { newId } from "../store/identifiers.ts";
import type { NewNotification } from "../store/notifications.ts";
import { listSyncLog } from "../store/sync-log.ts";
import { beginTry, settleTask } from "../store/task-tries.ts";
import { PostponedError } from "../sync/planner/postponed.ts";
import type { IngestDeps } from "./deps.ts";
import { NotificationWriter } from "./notification-writer.ts";
import { workTask } from "./work-task.ts";

let test: TestStore;
let environment: TestEnvironment;
let person: KeptPerson;
let writer: NotificationWriter;
beforeAll(async () => {
  test = await startTestStore();
  writer = new NotificationWriter(test.store);
});
afterAll(() => test.close());
afterEach(() => vi.useRealTimers());
beforeEach(async () => {
  environment = await createEnvironment(test.store);
  person = await KeptPerson.connect(test.store, environment);
});

const announcement = (given: Partial<NewNotification> = {}): NewNotification => ({
  environmentId: person.id.environmentId,
  provider: "polar",
  state: "accepted",
  traceId: "trace",
  event: "ACTIVITY_SUMMARY",
  providerUserId: person.connection.provider_user_id,
  fetches: [{ resource: "activity", key: "2026-03-01" }],
  body: Buffer.from("{}"),
  ...given,
});

/** Returns the notifications in their order; an accepted one with the state and code of its task. */
async function rows() {
  const { db } = test.store;
  const environmentId = person.id.environmentId;
  const notifications = await db
    .selectFrom("notifications")
    .selectAll()
    .where("environment_id", "=", environmentId)
    .orderBy("notification_id")
    .execute();
  const tasks = await db
    .selectFrom("fetch_tasks")
    .selectAll()
    .where("environment_id", "=", environmentId)
    .execute();
  return notifications.map((notification) => {
    const task = tasks.find(({ notification_id }) => notification_id === notification.notification_id);
    const { state, code } = task ?? notification;
    return { ...notification, state, code, task_id: task?.task_id };
  });
}
const states = async () => (await rows()).map(({ state }) => state);
const jobs = async (): Promise<string[]> => {
  const { rows: found } = await sql<{ id: string }>`SELECT data->>'taskId' AS id FROM pgboss.job
    WHERE name = 'ingest' AND data->>'environmentId' = ${person.id.environmentId}`.execute(test.store.db);
  return found.map(({ id }) => id);
};
const firstTask = (): Promise<FetchTask> =>
  test.store.db
    .selectFrom("fetch_tasks")
    .selectAll()
    .where("environment_id", "=", person.id.environmentId)
    .orderBy("task_id")
    .executeTakeFirstOrThrow();
const jobOf = ({ environment_id, task_id }: FetchTask) => ({
  environmentId: environment_id,
  taskId: task_id,
});
const writeTimes = (count: number, given: Partial<NewNotification> = {}) =>
  Promise.all(Array.from({ length: count }, () => writer.write(announcement(given))));

describe("a notification whose task has not been tried yet", () => {
  it("covers 500 repetitions, which are kept as such", async () => {
    await writer.write(announcement());
    expect(new Set(await writeTimes(500))).toEqual(new Set([true]));
    const [first, ...repeated] = await rows();
    expect(first).toMatchObject({ state: "accepted", code: null });
    expect(repeated).toHaveLength(500);
    for (const row of repeated) {
      expect(row).toMatchObject({
        state: "ignored",
        code: "NOTIFICATION_COALESCED",
        details: { coalesced_with: first?.task_id },
        body: Buffer.from("{}"),
      });
    }
    const listed = await listSyncLog(test.store.db, [person.id.environmentId], {
      state: "ignored",
      limit: 501,
    });
    expect(listed).toHaveLength(500);
    for (const { fetches, finished_at } of listed) {
      expect(fetches).toEqual(announcement().fetches);
      expect(finished_at).not.toBeNull();
    }
    expect(await jobs()).toEqual([first?.task_id]);
  });

  it("covers those that arrive together with it, written by several processes", async () => {
    const writers = Array.from({ length: 4 }, () => new NotificationWriter(test.store));
    await Promise.all(writers.flatMap((one) => Array.from({ length: 50 }, () => one.write(announcement()))));
    expect((await states()).filter((state) => state === "accepted")).toHaveLength(1);
    expect(await jobs()).toHaveLength(1);
  });

  it("covers no different announcement", async () => {
    const other = await KeptPerson.connect(test.store, environment);
    await writer.write(announcement());
    await writer.write(announcement({ fetches: [{ resource: "activity", key: "2026-03-02" }] }));
    await writer.write(announcement({ providerUserId: other.connection.provider_user_id }));
    await writer.write(announcement({ state: "ignored", code: "NOTIFICATION_EVENT_UNKNOWN" }));
    const codes = (await rows()).map(({ state, code }) => [state, code]);
    expect(codes).toEqual([
      ["accepted", null],
      ["accepted", null],
      ["accepted", null],
      ["ignored", "NOTIFICATION_EVENT_UNKNOWN"],
    ]);
  });

  it("covers repetitions while its next try is due later", async () => {
    await writer.write(announcement());
    const until = new Date(Date.now() + 3_600_000);
    await workTask(
      depsThat(() => Promise.reject(new PostponedError("polar", "notification", until))),
      jobOf(await firstTask()),
    );
    await writer.write(announcement());
    expect(await states()).toEqual(["accepted", "ignored"]);
  });

  it("covers none when it has been open so long that it may be given up", async () => {
    await writer.write(announcement());
    const sixHoursFromNow = new Date(Date.now() + 6 * 3_600_000);
    vi.useFakeTimers({ toFake: ["Date"], now: sixHoursFromNow });
    await writer.write(announcement());
    expect(await states()).toEqual(["accepted", "accepted"]);
  });

  it("waits with its repetitions for an unknown person, and each is answered so", async () => {
    expect(new Set(await writeTimes(500, { providerUserId: newId() }))).toEqual(new Set([false]));
    expect((await states()).filter((state) => state === "waiting")).toHaveLength(1);
  });
});

/** Returns dependencies whose planner does as the test says; no call reaches a provider. */
const depsThat = (ask: () => Promise<unknown>): IngestDeps =>
  ({
    store: test.store,
    log: collectingLog().log,
    clients: { clientFor: async () => ({ access: {}, budget: {} }) },
    planner: { ask },
  }) as unknown as IngestDeps;

describe("a notification whose try has begun", () => {
  it("does not cover what is announced during the fetch", async () => {
    await writer.write(announcement());
    const fetching = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<unknown>();
    const call = () => {
      fetching.resolve();
      return answer.promise;
    };
    const working = workTask(depsThat(call), jobOf(await firstTask()));
    await fetching.promise;
    await writeTimes(3);
    const [begun, ...repeated] = await rows();
    const second = repeated.find(({ state }) => state === "accepted");
    expect(repeated.filter(({ state }) => state === "ignored").map(({ details }) => details)).toEqual([
      { coalesced_with: second?.task_id },
      { coalesced_with: second?.task_id },
    ]);
    expect(new Set(await jobs())).toEqual(new Set([begun?.task_id, second?.task_id]));
    answer.reject(new Error("no answer"));
    await working;
  });

  it("does not cover a repetition that is written just as it begins; neither waits for the other", async () => {
    await writer.write(announcement());
    const first = await firstTask();
    await test.store.db.transaction().execute(async (tx) => {
      expect(await beginTry(tx, jobOf(first))).not.toBeNull();
      await writer.write(announcement());
    });
    expect(await states()).toEqual(["accepted", "accepted"]);
  });

  it("cannot begin between its choice as the covering task and the writing of the repetition", async () => {
    await writer.write(announcement());
    const job = jobOf(await firstTask());
    let begun: Promise<FetchTask | null> = Promise.resolve(null);
    await test.store.db.transaction().execute(async (tx) => {
      const [known] = await lockAccountsKnown(tx, [
        { ...announcement(), providerUserId: person.connection.provider_user_id },
      ]);
      expect(known?.coveredBy).toBe(job.taskId);
      begun = beginTry(test.store.db, job);
      await waitFor("the try to wait", async () => {
        const { rows: waiting } = await sql`SELECT FROM pg_locks WHERE NOT granted`.execute(test.store.db);
        return waiting.length > 0;
      });
    });
    expect((await begun)?.begun_at).not.toBeNull();
  });

  it("that was handed out twice is not finished by a try that may have begun before the repetition", async () => {
    await writer.write(announcement());
    const first = await firstTask();
    await beginTry(test.store.db, jobOf(first));
    const later = { code: null, details: null, nextAttemptAt: new Date() };
    expect(await settleTask(test.store.db, first, { ...later, state: "accepted" })).toBe(true);
    await writer.write(announcement());
    const done = { code: null, details: null, nextAttemptAt: null, state: "done" } as const;
    expect(await settleTask(test.store.db, first, done)).toBe(false);
    expect(await states()).toEqual(["accepted", "ignored"]);
  });

  it("and has ended is followed by a new task for the next announcement", async () => {
    await writer.write(announcement());
    const first = await firstTask();
    await beginTry(test.store.db, jobOf(first));
    const done = { code: null, details: null, nextAttemptAt: null, state: "done" } as const;
    await settleTask(test.store.db, first, done);
    await writer.write(announcement());
    expect(await states()).toEqual(["done", "accepted"]);
  });
});
