/** The requested days, and the time of a resource's next reconciliation. */
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  createEnvironment,
  startTestStore,
  type TestEnvironment,
  type TestStore,
} from "../../test/support/database.ts";
import { connect } from "../api/testing/data.ts";
import { type ConnectionId, updateConnection } from "./connections.ts";
import {
  type Coverage,
  type Covered,
  claimDue,
  forgetCovered,
  keepPace,
  listCoverage,
  markCovered,
  type NeededGrant,
  noteGaps,
  noteNoGaps,
  openCoverage,
  openCoverageOfAll,
  updateCoverage,
} from "./coverage.ts";

const hourMs = 3_600_000;
const resource = "sleep";

let test: TestStore;
let environment: TestEnvironment;
let id: ConnectionId;
beforeAll(async () => {
  test = await startTestStore();
});
afterAll(() => test.close());
beforeEach(async () => {
  // What another test left due is removed.
  await test.store.db.deleteFrom("coverage").execute();
  environment = await createEnvironment(test.store);
  id = await person();
});

async function person(place = environment, given: Parameters<typeof connect>[2] = {}): Promise<ConnectionId> {
  const { environment_id: environmentId, user_id: userId } = await connect(test.store, place, given);
  return { environmentId, userId };
}

const open = (whose: ConnectionId, everyMs = 6 * hourMs, ...names: string[]) =>
  openCoverage(
    test.store.db,
    whose,
    [resource, ...names].map((name) => ({ resource: name, everyMs })),
  );

async function read(whose = id): Promise<Coverage> {
  const [first] = await listCoverage(test.store.db, whose);
  if (first === undefined) throw new Error("no coverage was opened");
  return first;
}

const claim = (limit = 100, only?: ConnectionId) =>
  test.store.db.transaction().execute((tx) => claimDue(tx, limit, only));

const makeDue = (whose: ConnectionId, minutesAgo = 1) =>
  test.store.db
    .updateTable("coverage")
    .set({ next_reconcile_at: sql<Date>`now() - ${minutesAgo} * interval '1 minute'` })
    .where("user_id", "=", whose.userId)
    .execute();

/** Notes a request of the resource that begins now, unless the test says otherwise. */
const cover = (told: Pick<Covered, "days" | "askedUntil">, begunAt = new Date()) =>
  markCovered(test.store.db, id, { resource, ...told, begunAt });

describe("the requested days", () => {
  it("are joined where they overlap or touch, and stay apart otherwise", async () => {
    await open(id);
    const mark = (from: string, to: string) => cover({ days: { from, to }, askedUntil: null });
    await mark("2025-03-10", "2025-03-12");
    await mark("2025-03-01", "2025-03-03");
    await mark("2025-03-03", "2025-03-04");
    await mark("2025-03-05", "2025-03-05");
    expect((await read()).days).toEqual([
      { from: "2025-03-01", to: "2025-03-05" },
      { from: "2025-03-10", to: "2025-03-12" },
    ]);
  });

  it("keep the latest time of a request, in whatever order it is noted", async () => {
    await open(id);
    const [earlier, later] = [new Date("2025-03-01T08:00:00Z"), new Date("2025-03-01T09:00:00Z")];
    expect((await read()).askedUntil).toBeNull();
    for (const until of [later, earlier, null]) await cover({ days: null, askedUntil: until });
    expect(await read()).toMatchObject({ askedUntil: later, days: [] });
  });

  it("are not those of a request that was under way when something was left out", async () => {
    await open(id);
    const day = { from: "2025-03-01", to: "2025-03-01" };
    const begunAt = new Date();
    await forgetCovered(test.store.db, id, [resource]);
    await cover({ days: day, askedUntil: begunAt }, begunAt);
    expect(await read()).toMatchObject({ days: [], askedUntil: null });
    const later = new Date(begunAt.getTime() + 2 * 60_000);
    await cover({ days: day, askedUntil: later }, later);
    expect(await read()).toMatchObject({ days: [day], askedUntil: later });
  });

  it("of which something was left out are due at once", async () => {
    await open(id, 12 * hourMs);
    await forgetCovered(test.store.db, id, [resource]);
    const due = await test.store.db.transaction().execute((tx) => claimDue(tx, 10));
    expect(due).toEqual([{ ...id, resource }]);
  });

  it("stay when the person connects again", async () => {
    await open(id);
    await cover({ days: { from: "2025-03-01", to: "2025-03-02" }, askedUntil: new Date() });
    const before = await read();
    await open(id, 12 * hourMs, "activity");
    const [opened, kept] = await listCoverage(test.store.db, id);
    expect([opened?.resource, kept]).toEqual(["activity", before]);
  });

  it("belong to one person and one resource, also if another environment has the same user_id", async () => {
    const elsewhere = { ...id, environmentId: (await createEnvironment(test.store)).environmentId };
    await open(id, 6 * hourMs, "activity");
    await open(elsewhere);
    const day = { from: "2025-03-01", to: "2025-03-01" };
    await cover({ days: day, askedUntil: null });
    const mine = await listCoverage(test.store.db, id);
    expect(mine.map((one) => [one.resource, one.days.length])).toEqual([
      ["activity", 0],
      ["sleep", 1],
    ]);
    expect((await read(elsewhere)).days).toEqual([]);
  });
});

describe("the interval between looks", () => {
  it("is halved by gaps down to an hour, and each gap is counted", async () => {
    await open(id, 3 * hourMs);
    await noteGaps(test.store.db, id, { resource, count: 2 });
    expect(await read()).toMatchObject({ gapsFound: 2, reconcileEveryMs: 1.5 * hourMs });
    await noteGaps(test.store.db, id, { resource, count: 1 });
    const { gapsFound, reconcileEveryMs, lastGapAt, nextReconcileAt } = await read();
    expect([gapsFound, reconcileEveryMs]).toEqual([3, hourMs]);
    expect(lastGapAt).not.toBeNull();
    // By the database's clock, so that the two times are of one moment.
    expect(nextReconcileAt.getTime() - (lastGapAt?.getTime() ?? 0)).toBeLessThanOrEqual(hourMs);
  });

  it("postpones no look that is due sooner", async () => {
    await open(id);
    await makeDue(id);
    const { nextReconcileAt } = await read();
    await noteGaps(test.store.db, id, { resource, count: 1 });
    expect((await read()).nextReconcileAt).toEqual(nextReconcileAt);
  });

  it("grows by half if nothing was missing, up to a day", async () => {
    await open(id, 12 * hourMs);
    const intervals: number[] = [];
    for (let look = 0; look < 3; look++) {
      await noteNoGaps(test.store.db, id, { resource });
      intervals.push((await read()).reconcileEveryMs / hourMs);
    }
    expect(intervals).toEqual([18, 24, 24]);
  });

  it("of a polled resource is its own again with whatever is new, and grows up to its quiet one", async () => {
    const pace = { shortestMs: hourMs / 4, longestMs: hourMs / 2, afterNewsMs: hourMs / 4 };
    await open(id, hourMs / 4);
    const intervals: number[] = [];
    for (let look = 0; look < 3; look++) {
      await noteNoGaps(test.store.db, id, { resource, pace });
      intervals.push((await read()).reconcileEveryMs / hourMs);
    }
    expect(intervals).toEqual([0.375, 0.5, 0.5]);
    await noteGaps(test.store.db, id, { resource, count: 1, pace });
    expect((await read()).reconcileEveryMs).toBe(hourMs / 4);
  });

  it("grows no further than its quiet one for some days after something came unannounced", async () => {
    const pace = {
      shortestMs: hourMs,
      longestMs: 24 * hourMs,
      afterNewsMs: hourMs,
      longestAfterGapsMs: 2 * hourMs,
    };
    const grown = async () => {
      for (let look = 0; look < 3; look++) await noteNoGaps(test.store.db, id, { resource, pace });
      return (await read()).reconcileEveryMs / hourMs;
    };
    await open(id, hourMs);
    expect(await grown()).toBe(3.375);
    await noteGaps(test.store.db, id, { resource, count: 1, pace });
    expect((await read()).reconcileEveryMs).toBe(hourMs);
    expect(await grown()).toBe(2);
    await updateCoverage(test.store.db, id, resource)
      .set({ last_gap_at: sql<Date>`now() - interval '4 days'` })
      .execute();
    expect(await grown()).toBe(6.75);
  });

  it("is brought within another pace, and the next look with it", async () => {
    const pace = { shortestMs: hourMs / 4, longestMs: hourMs };
    await open(id, 12 * hourMs);
    await keepPace(test.store.db, id, { resource, everyMs: hourMs / 2, pace });
    const { reconcileEveryMs, nextReconcileAt } = await read();
    expect(reconcileEveryMs).toBe(hourMs / 2);
    expect(nextReconcileAt.getTime()).toBeLessThan(Date.now() + 0.6 * hourMs);
    await keepPace(test.store.db, id, { resource, everyMs: hourMs / 4, pace });
    expect((await read()).reconcileEveryMs).toBe(hourMs / 2);
  });

  it("declared below an hour stays as it is, whatever is found", async () => {
    await open(id, hourMs / 3);
    await noteGaps(test.store.db, id, { resource, count: 5 });
    expect((await read()).reconcileEveryMs).toBe(hourMs / 3);
    await noteNoGaps(test.store.db, id, { resource });
    expect((await read()).reconcileEveryMs).toBe(hourMs / 3);
  });

  it("begins with a first look after three quarters of it at the earliest, and after all of it at the latest", async () => {
    const people = await Promise.all(Array.from({ length: 20 }, () => person()));
    await Promise.all(people.map((one) => open(one)));
    const { rows } = await sql<{ hours: number }>`SELECT
      (extract(epoch FROM next_reconcile_at - now()) / 3600)::float8 AS hours FROM coverage`.execute(
      test.store.db,
    );
    expect(rows).toHaveLength(20);
    for (const { hours } of rows) {
      // A minute for the test itself.
      expect(hours).toBeGreaterThan(4.5 - 1 / 60);
      expect(hours).toBeLessThanOrEqual(6);
    }
    expect(new Set(rows.map(({ hours }) => hours)).size).toBeGreaterThan(10);
  });
});

describe("the due resources", () => {
  it("are taken oldest first, up to the limit, and postponed by their interval", async () => {
    const [other, third] = [await person(), await person()];
    for (const [index, one] of [id, other, third].entries()) {
      await open(one);
      await makeDue(one, 10 - index);
    }
    expect(await claim(2)).toEqual([
      { ...id, resource },
      { ...other, resource },
    ]);
    expect(await claim(2)).toEqual([{ ...third, resource }]);
    expect(await claim(2)).toEqual([]);
    expect((await read()).nextReconcileAt.getTime()).toBeGreaterThan(Date.now() + 4 * hourMs);
  });

  it("leave out paused connections and ended permissions", async () => {
    const [paused, revoked] = [await person(), await person()];
    for (const one of [id, paused, revoked]) {
      await open(one);
      await makeDue(one);
    }
    await updateConnection(test.store.db, paused, { active: false });
    await updateConnection(test.store.db, revoked, { state: "revoked" });
    expect(await claim()).toEqual([{ ...id, resource }]);
    expect(await claim(100, paused)).toEqual([]);
  });

  it("are shared by processes: none takes what another holds, nor anything else of that person", async () => {
    const other = await person();
    for (const one of [id, other]) {
      await open(one, 6 * hourMs, "activity");
      await makeDue(one, one === id ? 2 : 1);
    }
    await test.store.db.transaction().execute(async (tx) => {
      const [first] = await claimDue(tx, 1);
      expect(first?.userId).toBe(id.userId);
      const second = await claim();
      expect(second.map(({ userId }) => userId)).toEqual([other.userId, other.userId]);
    });
    expect(await claim()).toHaveLength(1);
  });

  it("are all resources of a person when that person is named", async () => {
    const other = await person();
    for (const one of [id, other]) await open(one, 6 * hourMs, "activity");
    const claimed = await claim(100, id);
    expect(claimed.map((one) => one.resource).sort()).toEqual(["activity", "sleep"]);
    expect(new Set(claimed.map(({ userId }) => userId))).toEqual(new Set([id.userId]));
  });
});

describe("a new resource", () => {
  const needed: NeededGrant = {
    provider: "polar",
    api: "api",
    consents: ["first", "second"],
    isFormer: true,
    scope: "heart",
  };
  const openNew = (grant: Partial<NeededGrant> = {}) =>
    openCoverageOfAll(test.store.db, { ...needed, ...grant }, { resource: "ecg", everyMs: hourMs });
  const covered = async () => (await listCoverage(test.store.db, id)).map((one) => one.resource);

  it.each<[string, Parameters<typeof updateConnection>[2], Partial<NeededGrant>, boolean]>([
    ["nothing is known of scopes or consents", { scopes: null, consents: null }, {}, true],
    ["the scope is among those given", { scopes: "steps heart" }, {}, true],
    ["only a longer name has the scope's letters", { scopes: "steps heartrate" }, {}, false],
    ["the resource needs no scope", { scopes: "steps" }, { scope: null }, true],
    ["one of the consents was given", { consents: ["second"] }, {}, true],
    ["another consent was given", { consents: ["third"] }, {}, false],
    ["the former consent is not the one", { consents: null }, { isFormer: false }, false],
    ["another consent was found to open its API", { consents: ["third"], apis: ["other", "api"] }, {}, true],
    ["the consent was found not to open its API", { consents: ["first"], apis: ["other"] }, {}, false],
    ["the permission ended", { state: "revoked" }, {}, false],
    ["the person is another provider's", { active: true }, { provider: "other" }, false],
  ])("is asked for, or not, where %s", async (_, change, grant, isCovered) => {
    await updateConnection(test.store.db, id, change);
    await openNew(grant);
    expect(await covered()).toEqual(isCovered ? ["ecg"] : []);
  });

  it("is opened once, however many processes start", async () => {
    await Promise.all([openNew(), openNew(), openNew()]);
    expect(await covered()).toEqual(["ecg"]);
  });
});
