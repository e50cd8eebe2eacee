import { describe, expect, it } from "vitest";
import { cairn, cairnWith, dayResource, single } from "../../test/support/cairn.ts";
import { CairnPerson } from "../../test/support/cairn-person.ts";
import type { Discovery, Provider } from "../providers/provider.ts";
import { listCoverage, markCovered } from "../store/coverage.ts";
import { addDays, newestDay, oldestYesterday, slicesOf, utcDay } from "../store/days.ts";
import { type DiscoverableResource, isDiscoverable } from "./coverage.ts";
import { createFirstTasks, createNewsTasks } from "./discover.ts";

const person = new CairnPerson();
const today = utcDay(new Date());
const ago = (days: number) => addDays(today, -days);
const range = (from: number, to: number) => `day ${ago(from)}..${ago(to)}`;

/** Days in calls of seven, four weeks back; a list without dates; and a note, which cannot be discovered. */
const discovery = dayResource.discovery as Discovery;
const listed = single("list", { discovery: { ...discovery, key: () => "*" }, scope: "lists" });
const provider: Provider = cairnWith({}, listed);
const discoverable = (of: Provider): DiscoverableResource[] => of.resources.filter(isDiscoverable);

const first = async (of: Provider = provider) =>
  person.store.db
    .transaction()
    .execute((tx) =>
      createFirstTasks(tx, person.store.queue, { provider: of, connection: person.connection }),
    );
const news = (kind: "refresh" | "reconcile", of: Provider = cairn, now = new Date()) =>
  person.store.db.transaction().execute((tx) =>
    createNewsTasks(tx, person.store.queue, {
      kind,
      connection: person.connection,
      resources: discoverable(of),
      now,
    }),
  );
const made = async () =>
  (await person.tasks()).map(({ kind, fetches }) => [
    kind,
    ...fetches.map(({ resource, key }) => `${resource} ${key}`),
  ]);
const forget = () =>
  person.store.db.deleteFrom("fetch_tasks").where("environment_id", "=", person.id.environmentId).execute();
const askedUntil = (resource: string, at: Date, from = ago(27)) =>
  markCovered(person.store.db, person.id, {
    resource,
    days: { from, to: utcDay(at) },
    askedUntil: at,
    begunAt: new Date(),
  });

describe("a person who has just connected", () => {
  it("has one task for the newest data of everything, and one for each older week, newest first", async () => {
    person.connection = await person.connect({ scopes: null });
    await first();
    expect(await made()).toEqual([
      ["connect", range(6, 0), "list *"],
      ["backfill", range(13, 7)],
      ["backfill", range(20, 14)],
      ["backfill", range(27, 21)],
    ]);
    const jobs = await person.jobs();
    expect(jobs.map(({ inSeconds }) => Math.round(inSeconds)).sort()).toEqual([0, 1, 2, 3]);
  });

  it("has one task for the same older days of several resources", async () => {
    const weights = single("weight", { discovery });
    const moods = single("mood", { discovery: { ...discovery, daysPerCall: 14 } });
    await first(cairnWith({}, weights, moods));
    const [, ...older] = await made();
    const days = (from: number, to: number) => `${ago(from)}..${ago(to)}`;
    expect(older.map(([, ...fetches]) => fetches.join(", ")).sort()).toEqual([
      `${range(27, 21)}, weight ${days(27, 21)}`,
      `${range(20, 14)}, weight ${days(20, 14)}`,
      `${range(13, 7)}, weight ${days(13, 7)}`,
      `mood ${days(27, 14)}`,
    ]);
  });

  it("has no task and no coverage for what they did not grant", async () => {
    await first();
    expect((await made()).flat()).not.toContain("list *");
    expect((await listCoverage(person.store.db, person.id)).map(({ resource }) => resource)).toEqual(["day"]);
  });

  it("has no second task for what an open task fetches", async () => {
    await first();
    const before = await made();
    await first();
    expect(await made()).toEqual(before);
  });

  it("has tasks, when they return, for the gap and for days that were never answered", async () => {
    await first();
    await forget();
    // Two of the four weeks, until nine days ago.
    await markCovered(person.store.db, person.id, {
      resource: "day",
      days: { from: ago(20), to: ago(9) },
      askedUntil: new Date(`${ago(9)}T12:00:00Z`),
      begunAt: new Date(),
    });
    await first();
    const newest = newestDay(new Date());
    const days = (await person.tasks()).flatMap(({ fetches }) => fetches.map(({ covers }) => covers));
    expect(days[0]?.to).toBe(newest);
    // The data of two days before the last request may have grown since.
    const oldestOfGap = days
      .map((covers) => covers?.from ?? "")
      .filter((from) => from >= ago(20))
      .sort()[0];
    expect(oldestOfGap).toBe(ago(11));
    expect(days.at(-1)).toMatchObject({ from: ago(27), to: ago(21) });
  });
});

describe("data that may be new", () => {
  it("is requested since the last request, in a task with its own rank", async () => {
    await first(cairn);
    await forget();
    const now = new Date();
    await askedUntil("day", now);
    await news("refresh", cairn, now);
    const [task, ...others] = await person.tasks();
    expect(others).toEqual([]);
    expect(task).toMatchObject({ kind: "refresh", priority: 2 });
    expect(task?.fetches[0]?.covers).toEqual({ resource: "day", from: ago(2), to: newestDay(now) });
  });

  it("is looked for in the index instead, if there is one and the person was asked for before", async () => {
    const of = cairnWith(
      { discovery: { ...discovery, index: { resource: "index", key: "*" } } },
      single("index"),
    );
    await first(of);
    await news("reconcile", of);
    expect((await made()).flat()).not.toContain("index *");
    await forget();
    const now = new Date();
    await askedUntil("day", now);
    await news("reconcile", of, now);
    const [task] = await person.tasks();
    expect(task?.fetches).toEqual([
      { resource: "index", key: "*", covers: { resource: "day", from: ago(2), to: newestDay(now) } },
    ]);
    await news("reconcile", of, now);
    expect(await person.tasks()).toHaveLength(1);
  });

  it("that a person waits for does not wait behind a task that nobody waits for", async () => {
    await first(cairn);
    await forget();
    const now = new Date();
    await askedUntil("day", now);
    await news("reconcile", cairn, now);
    await news("refresh", cairn, now);
    await news("reconcile", cairn, now);
    expect((await person.tasks()).map(({ kind }) => kind)).toEqual(["reconcile", "refresh"]);
  });

  it("is no news for a resource requested for the first time: it comes as older data", async () => {
    await first(cairn);
    await forget();
    await person.store.db.deleteFrom("coverage").where("user_id", "=", person.id.userId).execute();
    await news("reconcile", cairn);
    expect(new Set((await person.tasks()).map(({ kind }) => kind))).toEqual(new Set(["backfill"]));
    expect((await made())[0]).toEqual(["backfill", range(6, 0)]);
  });

  it("of a polled resource is today's and yesterday's in one task, wherever the person is", async () => {
    const polling = { everyMs: 1_200_000, rereadDays: 7 };
    const daily = { ...discovery, announced: false, daysPerCall: 1, key: (day: string) => day, polling };
    const of = cairnWith({ discovery: daily }, single("mood", { discovery: daily }));
    await first(of);
    await forget();
    const now = new Date();
    for (const resource of ["day", "mood"]) await askedUntil(resource, now);
    await news("reconcile", of, now);
    const days = slicesOf({ from: oldestYesterday(now), to: newestDay(now) }, 1).map(({ from }) => from);
    expect(days.length).toBeGreaterThanOrEqual(3);
    expect((await made()).map(([kind, ...fetches]) => [kind, fetches.toSorted()])).toEqual([
      ["reconcile", ["day", "mood"].flatMap((name) => days.map((day) => `${name} ${day}`)).toSorted()],
    ]);
  });

  it("of a polled resource is the last week's at the first look of a day, behind the newest and before history", async () => {
    const polling = { everyMs: 1_200_000, rereadDays: 7 };
    const daily = { ...discovery, announced: false, daysPerCall: 1, key: (day: string) => day, polling };
    const of = cairnWith({ discovery: daily });
    await first(of);
    await forget();
    const yesterday = new Date(`${ago(1)}T23:30:00Z`);
    await askedUntil("day", yesterday, ago(20));
    await news("reconcile", of);
    const tasks = await person.tasks();
    const known = tasks.filter(({ kind, priority }) => kind === "backfill" && priority === 1);
    const keys = tasks.filter(({ priority }) => priority === 1).flatMap(({ fetches }) => fetches);
    expect(keys.map(({ key }) => key).filter((key) => key <= today)).toEqual([0, 1, 2, 3, 4, 5, 6].map(ago));
    expect(known.length).toBeGreaterThanOrEqual(4);
    const older = tasks.filter(({ priority }) => priority === 0).flatMap(({ fetches }) => fetches);
    expect(older.map(({ key }) => key)).toEqual([21, 22, 23, 24, 25, 26, 27].map(ago));
  });
});
