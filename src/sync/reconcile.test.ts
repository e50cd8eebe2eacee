/** Which resources are reconciled, and when. The tasks created then: discover.test.ts. */
import { sql } from "kysely";
import { beforeEach, describe, expect, it } from "vitest";
import { CairnPerson, idOf } from "../../test/support/cairn-person.ts";
import { type Connection, updateConnection } from "../store/connections.ts";
import { listCoverage, markCovered, openCoverage } from "../store/coverage.ts";
import { addDays, utcDay } from "../store/days.ts";
import { coverNewResources, reconcileDue, refresh } from "./reconcile.ts";

const hourMs = 3_600_000;
const person = new CairnPerson();
beforeEach(async () => {
  // What another test left due is removed.
  await person.store.db.deleteFrom("coverage").execute();
});

/** Requests everything of the last four weeks, in as many looks as needed. */
async function cover(connection: Connection, resource = "day"): Promise<void> {
  const now = new Date();
  await openCoverage(person.store.db, idOf(connection), [{ resource, everyMs: hourMs }]);
  const days = { from: addDays(utcDay(now), -40), to: utcDay(now) };
  await markCovered(person.store.db, idOf(connection), {
    resource,
    days,
    askedUntil: now,
    begunAt: new Date(),
  });
}
async function due(connection: Connection = person.connection, resource = "day"): Promise<void> {
  await cover(connection, resource);
  await person.store.db
    .updateTable("coverage")
    .set({ next_reconcile_at: sql<Date>`now() - interval '1 minute'` })
    .where("user_id", "=", connection.user_id)
    .execute();
}
const reconcile = () => reconcileDue(person.store, new Date());
const whose = async () => (await person.tasks()).map(({ user_id }) => user_id);

describe("reconciliation", () => {
  it("creates tasks for due resources, and nothing more until they are due again", async () => {
    const later = await person.connect();
    await cover(later);
    await due();
    expect(await reconcile()).toBe(1);
    expect(await person.tasks()).toMatchObject([
      { kind: "reconcile", user_id: person.id.userId, priority: 1 },
    ]);
    expect(await reconcile()).toBe(0);
  });

  it("is done once, however many processes run", async () => {
    const people = [person.connection, await person.connect(), await person.connect()];
    for (const one of people) await due(one);
    const claimed = await Promise.all([reconcile(), reconcile(), reconcile()]);
    expect(claimed.reduce((sum, count) => sum + count, 0)).toBe(3);
    expect((await whose()).sort()).toEqual(people.map(({ user_id }) => user_id).sort());
  });

  it("continues over more resources than one transaction takes", async () => {
    for (let made = 0; made < 205; made++) await due(await person.connect());
    expect(await reconcile()).toBe(205);
    expect(new Set(await whose()).size).toBe(205);
  });

  it("requests nothing of a resource that the provider no longer has, or that is not granted", async () => {
    await due(person.connection, "former");
    const ungranted = await person.connect({ scopes: "days" });
    await updateConnection(person.store.db, idOf(ungranted), { consents: ["another"] });
    await due(ungranted);
    expect(await reconcile()).toBe(2);
    expect(await person.tasks()).toEqual([]);
  });
});

describe("a pull-to-refresh", () => {
  it("requests everything now, due or not, and brings forward what a person waits for", async () => {
    await cover(person.connection);
    const later = new Date(Date.now() + hourMs);
    const waiting = await person.task({ kind: "connect", startAfter: later });
    expect(await refresh(person.store, person.id, new Date())).toBe(1);
    const [made] = await person.tasks(waiting);
    expect(made).toMatchObject({ kind: "refresh", user_id: person.id.userId, priority: 2 });
    const jobs = (await person.jobs()).map(({ taskId }) => taskId);
    expect(jobs.sort()).toEqual([waiting.task_id, made?.task_id].sort());
  });

  it("for an unknown user says so", async () => {
    await person.leave();
    await expect(refresh(person.store, person.id, new Date())).rejects.toMatchObject({
      code: "USER_NOT_FOUND",
    });
  });

  it("for a paused connection requests nothing", async () => {
    await cover(person.connection);
    await updateConnection(person.store.db, person.id, { active: false });
    expect(await refresh(person.store, person.id, new Date())).toBe(0);
  });
});

describe("resources that a release introduces", () => {
  it("are added for those who granted them, and for nobody else", async () => {
    const ungranted = await person.connect();
    await updateConnection(person.store.db, idOf(ungranted), { consents: ["another"] });
    await coverNewResources(person.store);
    const resources = async (connection: Connection) =>
      (await listCoverage(person.store.db, idOf(connection))).map(({ resource, reconcileEveryMs }) => [
        resource,
        reconcileEveryMs / hourMs,
      ]);
    // An announced resource is reconciled every twelve hours at first.
    expect(await resources(person.connection)).toEqual([["day", 12]]);
    expect(await resources(ungranted)).toEqual([]);
  });
});
