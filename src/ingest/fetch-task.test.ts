import { describe, expect, it } from "vitest";
import { CairnPerson, daysReply, idOf, noteReply } from "../../test/support/cairn-person.ts";
import type { Connection } from "../store/connections.ts";
import { updateConnection } from "../store/connections.ts";
import { fetchTask } from "./fetch-task.ts";

const person = new CairnPerson();
const change = (values: Parameters<typeof updateConnection>[2], connection: Connection = person.connection) =>
  updateConnection(person.store.db, idOf(connection), values);
const announced = { kind: "announced" } as const;
const work = async (given: Parameters<CairnPerson["task"]>[0] = {}) =>
  fetchTask(person.deps(), await person.task(given));

/** Connects the same account once more. */
const second = (accessToken = "token") =>
  person.connect({ provider_user_id: person.connection.provider_user_id, grant: { accessToken } });

describe("a task without a usable connection", () => {
  it.each<[string, Parameters<typeof updateConnection>[2] | null, string]>([
    ["nobody has connected", null, "NOTIFICATION_USER_UNKNOWN"],
    ["the connection is paused", { active: false }, "CONNECTION_PAUSED"],
    ["the permission has ended", { state: "revoked" }, "PROVIDER_UNAUTHORIZED"],
  ])("waits where %s", async (_, values, code) => {
    if (values === null) await person.leave();
    else await change(values);
    expect(await work(announced)).toEqual({ state: "waiting", code, details: null, nextAttemptAt: null });
    expect(person.asked()).toEqual([]);
  });

  it("waits for the pause to end if another connection of the account has lost its permission", async () => {
    await change({ state: "revoked" });
    await change({ active: false }, await second());
    expect(await work(announced)).toMatchObject({ state: "waiting", code: "CONNECTION_PAUSED" });
  });

  it("waits while another task tries for a person whose calls are all refused; reconciliation notices by itself", async () => {
    await change({ error_code: "PROVIDER_FORBIDDEN" });
    expect(await work(announced)).toMatchObject({ state: "waiting", code: "PROVIDER_FORBIDDEN" });
    expect(person.asked()).toEqual([]);
    person.serve({ "/day/2025-03-01": daysReply({ "2025-03-01": 1 }) });
    expect(await work({ kind: "reconcile" })).toMatchObject({ state: "done" });
    // The waiting ones are resumed as soon as the provider answers again.
    expect((await person.reread()).error_code).toBeNull();
  });
});

describe("a task of an account that is connected twice", () => {
  it("is worked for both, and returns how many records changed in all", async () => {
    const other = await second();
    person.serve({ "/day/2025-03-01": daysReply({ "2025-03-01": 5 }) });
    expect(await work(announced)).toMatchObject({ state: "done", details: { records_changed: 2 } });
    for (const connection of [person.connection, other]) {
      expect(await person.days(connection)).toEqual({ "2025-03-01": [5, null, 1] });
    }
  });

  it("gives one its data though the other's permission has ended, which is then thrown", async () => {
    const other = await second("ended");
    person.server.script = ({ headers }) =>
      headers.authorization === "Bearer ended" ? { status: 401 } : daysReply({ "2025-03-01": 5 });
    await expect(work(announced)).rejects.toMatchObject({ code: "PROVIDER_UNAUTHORIZED" });
    expect(await person.days()).toEqual({ "2025-03-01": [5, null, 1] });
    expect([(await person.reread()).state, (await person.reread(other)).state]).toEqual([
      "active",
      "revoked",
    ]);
  });

  it("is tried again if one of two failures is worth it, in either order", async () => {
    await second("ended");
    person.server.script = ({ headers }) => ({
      status: headers.authorization === "Bearer ended" ? 401 : 503,
    });
    await expect(work(announced)).rejects.toMatchObject({ code: "PROVIDER_UNAVAILABLE" });
  });

  it("is for the one connection that it names", async () => {
    const other = await second();
    person.serve({ "/day/2025-03-01": daysReply({ "2025-03-01": 5 }) });
    await work({ kind: "backfill", userId: other.user_id });
    expect([await person.days(), Object.keys(await person.days(other))]).toEqual([{}, ["2025-03-01"]]);
  });
});

describe("a task that is done", () => {
  it("names what the provider does not have, at most twenty things", async () => {
    const fetches = Array.from({ length: 25 }, (_, index) => ({ resource: "note", key: `n${index}` }));
    const outcome = await work({ fetches });
    expect(outcome).toMatchObject({ state: "done", code: null, details: { records_changed: 0 } });
    expect(outcome.details?.missing).toEqual(fetches.slice(0, 20).map(({ key }) => `note ${key}`));
    expect(outcome.missing).toHaveLength(25);
  });

  it("names nothing if everything was there", async () => {
    person.serve({ "/day/2025-03-01": daysReply({ "2025-03-01": 5 }), "/note/2025-03-01": noteReply("n") });
    const fetches = ["day", "note"].map((resource) => ({ resource, key: "2025-03-01" }));
    expect(await work({ ...announced, fetches })).toMatchObject({
      details: { records_changed: 1 },
      missing: [],
    });
    expect(await person.days()).toEqual({ "2025-03-01": [5, "n", 1] });
  });
});

describe("a second look", () => {
  it("is tried again in a minute while its resource is missing, without a failure", async () => {
    const before = Date.now();
    const outcome = await work({ kind: "second-look", fetches: [{ resource: "note", key: "n" }] });
    expect(outcome).toMatchObject({ state: "accepted", code: null });
    const waitMs = (outcome.nextAttemptAt?.getTime() ?? 0) - before;
    expect(waitMs).toBeGreaterThanOrEqual(60_000);
    expect(waitMs).toBeLessThan(120_000);
  });
});

describe("a connection that is gone when the provider has answered", () => {
  it("makes the task find its connections again at once", async () => {
    person.server.script = () => (response) =>
      void person.leave().then(() => {
        response.writeHead(200, { "content-type": "application/json" });
        response.end('{"days":[]}');
      });
    const outcome = await work(announced);
    expect(outcome).toMatchObject({ state: "accepted", code: null });
    expect(outcome.nextAttemptAt?.getTime()).toBeLessThanOrEqual(Date.now());
  });
});
