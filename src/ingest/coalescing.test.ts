/** One announcement made many times: one fetch for all that came before it began, another for what came after. */
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
import { newId } from "../store/identifiers.ts";
import { beginTry, findStandIns } from "../store/notification-tries.ts";
import { type NewNotification, type Notification, settleNotification } from "../store/notifications.ts";
import type { IngestDeps } from "./deps.ts";
import { NotificationWriter } from "./notification-writer.ts";
import { PostponedError } from "./planner/postponed.ts";
import { processNotification } from "./process.ts";

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
  origin: "provider",
  state: "accepted",
  traceId: "trace",
  event: "ACTIVITY_SUMMARY",
  providerUserId: person.connection.provider_user_id,
  fetches: [{ resource: "activity", key: "2026-03-01" }],
  body: Buffer.from("{}"),
  ...given,
});

const rows = (): Promise<Notification[]> =>
  test.store.db
    .selectFrom("notifications")
    .selectAll()
    .where("environment_id", "=", person.id.environmentId)
    .orderBy("notification_id")
    .execute();
const states = async () => (await rows()).map(({ state }) => state);
const jobs = async (): Promise<string[]> => {
  const { rows: found } = await sql<{ id: string }>`SELECT data->>'notificationId' AS id FROM pgboss.job
    WHERE name = 'ingest' AND data->>'environmentId' = ${person.id.environmentId}`.execute(test.store.db);
  return found.map(({ id }) => id);
};
const firstRow = async (): Promise<Notification> => {
  const [row] = await rows();
  if (row === undefined) throw new Error("nothing was written");
  return row;
};
const jobOf = ({ environment_id, notification_id }: Notification) => ({
  environmentId: environment_id,
  notificationId: notification_id,
});
const writeTimes = (count: number, given: Partial<NewNotification> = {}) =>
  Promise.all(Array.from({ length: count }, () => writer.write(announcement(given))));

describe("a notification that is still waiting for its try", () => {
  it("stands in for 500 repetitions, which are kept and say so", async () => {
    await writer.write(announcement());
    expect(new Set(await writeTimes(500))).toEqual(new Set([true]));
    const [first, ...repeated] = await rows();
    expect(first).toMatchObject({ state: "accepted", code: null });
    expect(repeated).toHaveLength(500);
    for (const row of repeated) {
      expect(row).toMatchObject({
        state: "ignored",
        code: "NOTIFICATION_COALESCED",
        details: { coalesced_with: first?.notification_id },
        body: Buffer.from("{}"),
      });
      expect(row.finished_at).not.toBeNull();
    }
    expect(await jobs()).toEqual([first?.notification_id]);
  });

  it("stands in for those that arrive together with it, written by several processes", async () => {
    const writers = Array.from({ length: 4 }, () => new NotificationWriter(test.store));
    await Promise.all(writers.flatMap((one) => Array.from({ length: 50 }, () => one.write(announcement()))));
    expect((await states()).filter((state) => state === "accepted")).toHaveLength(1);
    expect(await jobs()).toHaveLength(1);
  });

  it("stands in for nothing else", async () => {
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

  it("stands in while its next try is to come later", async () => {
    await writer.write(announcement());
    const until = new Date(Date.now() + 3_600_000);
    await processNotification(
      depsThat(() => Promise.reject(new PostponedError("polar", "notification", until))),
      jobOf(await firstRow()),
    );
    await writer.write(announcement());
    expect(await states()).toEqual(["accepted", "ignored"]);
  });

  it("does not when it has been open so long that it may be given up", async () => {
    await writer.write(announcement());
    const sixHoursFromNow = new Date(Date.now() + 6 * 3_600_000);
    vi.useFakeTimers({ toFake: ["Date"], now: sixHoursFromNow });
    await writer.write(announcement());
    expect(await states()).toEqual(["accepted", "accepted"]);
  });

  it("waits for a person nobody knows, as one, and says so each time", async () => {
    expect(new Set(await writeTimes(500, { providerUserId: newId() }))).toEqual(new Set([false]));
    expect((await states()).filter((state) => state === "waiting")).toHaveLength(1);
  });
});

/** Nothing gets farther than the planner, which does as the test says. */
const depsThat = (call: () => Promise<unknown>): IngestDeps =>
  ({
    store: test.store,
    log: collectingLog().log,
    clients: { clientFor: async () => ({}) },
    planner: { call },
  }) as unknown as IngestDeps;

describe("a notification whose try has begun", () => {
  it("does not swallow what is announced while it is fetched", async () => {
    await writer.write(announcement());
    const fetching = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<unknown>();
    const call = () => {
      fetching.resolve();
      return answer.promise;
    };
    const working = processNotification(depsThat(call), jobOf(await firstRow()));
    await fetching.promise;
    await writeTimes(3);
    const [begun, ...repeated] = await rows();
    const second = repeated.find(({ state }) => state === "accepted");
    expect(repeated.filter(({ state }) => state === "ignored").map(({ details }) => details)).toEqual([
      { coalesced_with: second?.notification_id },
      { coalesced_with: second?.notification_id },
    ]);
    expect(new Set(await jobs())).toEqual(new Set([begun?.notification_id, second?.notification_id]));
    answer.reject(new Error("no answer"));
    await working;
  });

  it("nor when it begins just as the repetition is written, which does not wait for it", async () => {
    await writer.write(announcement());
    const first = await firstRow();
    await test.store.db.transaction().execute(async (tx) => {
      expect(await beginTry(tx, jobOf(first))).not.toBeNull();
      await writer.write(announcement());
    });
    expect(await states()).toEqual(["accepted", "accepted"]);
  });

  it("cannot begin between being chosen to stand in and the repetition's being written", async () => {
    await writer.write(announcement());
    const job = jobOf(await firstRow());
    let begun: Promise<Notification | null> = Promise.resolve(null);
    await test.store.db.transaction().execute(async (tx) => {
      expect((await findStandIns(tx, [announcement()])).get(0)).toBe(job.notificationId);
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
    const first = await firstRow();
    await beginTry(test.store.db, jobOf(first));
    const later = { code: null, details: null, nextAttemptAt: new Date() };
    expect(await settleNotification(test.store.db, first, { ...later, state: "accepted" })).toBe(true);
    await writer.write(announcement());
    const done = { code: null, details: null, nextAttemptAt: null, state: "done" } as const;
    expect(await settleNotification(test.store.db, first, done)).toBe(false);
    expect(await states()).toEqual(["accepted", "ignored"]);
  });

  it("and has ended is followed by another for what is announced then", async () => {
    await writer.write(announcement());
    const first = await firstRow();
    await beginTry(test.store.db, jobOf(first));
    const done = { code: null, details: null, nextAttemptAt: null, state: "done" } as const;
    await settleNotification(test.store.db, first, done);
    await writer.write(announcement());
    expect(await states()).toEqual(["done", "accepted"]);
  });
});
