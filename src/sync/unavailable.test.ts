/** What becomes of a resource that an account does not have. */
import { sql } from "kysely";
import { beforeEach, describe, expect, it } from "vitest";
import { cairnWith, dayResource, single } from "../../test/support/cairn.ts";
import { CairnPerson, daysReply, noteReply } from "../../test/support/cairn-person.ts";
import { ingestFor } from "../ingest/ingest-for.ts";
import type { Discovery } from "../providers/provider.ts";
import { listCoverage, markCovered, openCoverage } from "../store/coverage.ts";
import { addDays, utcDay } from "../store/days.ts";
import { isDiscoverable } from "./coverage.ts";
import { createNewsTasks } from "./discover.ts";
import { reconcileDue, refresh } from "./reconcile.ts";

const person = new CairnPerson();
const discovery: Discovery = {
  ...(dayResource.discovery as Discovery),
  daysPerCall: 1,
  key: (day) => day,
  unavailable: [404, 405],
};
const provider = cairnWith({ discovery }, single("mood", { discovery }));
const today = utcDay(new Date());
const ago = (days: number) => addDays(today, -days);
const fetchOf = (resource: string, day: string) => ({
  resource,
  key: day,
  covers: { resource, from: day, to: day },
});
const backfill = (resource: string, ...days: string[]) => ({
  kind: "backfill" as const,
  fetches: days.map((day) => fetchOf(resource, day)),
});
const stateOf = async (resource: string) =>
  (await listCoverage(person.store.db, person.id)).find((one) => one.resource === resource);

beforeEach(async () => {
  await openCoverage(
    person.store.db,
    person.id,
    ["day", "mood"].map((resource) => ({ resource, everyMs: 1_200_000 })),
  );
});

/** Makes the latest answer as old as this, and the resource due. */
const later = (hours: number) =>
  sql`UPDATE coverage SET unavailable_since = unavailable_since - make_interval(hours => ${hours}),
    next_reconcile_at = now() - interval '1 second' WHERE user_id = ${person.id.userId}`.execute(
    person.store.db,
  );
const pauseHours = async (resource: string) => {
  const at = (await stateOf(resource))?.nextReconcileAt.getTime() ?? 0;
  return (at - Date.now()) / 3_600_000;
};
const look = (kind: "refresh" | "reconcile") =>
  person.store.db.transaction().execute((tx) =>
    createNewsTasks(tx, person.store.queue, {
      kind,
      connection: person.connection,
      resources: provider.resources.filter(isDiscoverable),
      now: new Date(),
    }),
  );

describe("an answer that says that the account lacks a resource", () => {
  it("ends what is planned of it without calls or failures, and is shown in its state once", async () => {
    const waiting = await person.run(backfill("day", ago(20), ago(21)), { provider });
    const others = await person.run(backfill("mood", ago(20)), { provider });
    const first = await person.run(backfill("day", ago(3), ago(4), ago(5)), { provider });
    person.serve({ [`/mood/${ago(20)}`]: noteReply("well") });
    for (const run of [first, waiting, others]) await ingestFor(run);
    expect(person.asked()).toEqual([`/day/${ago(3)}`, `/mood/${ago(20)}`]);
    expect(await stateOf("day")).toMatchObject({ unavailable: { status: 404 }, days: [], askedUntil: null });
    expect((await stateOf("mood"))?.unavailable).toBeNull();
    const tasks = await person.tasks();
    expect(tasks.filter(({ state }) => state === "failed")).toEqual([]);
    expect((await person.reread()).error_code).toBeNull();
  });

  it("is asked about again after an hour, then later and later, once a day in the end", async () => {
    const refuse = async () => ingestFor(await person.run(backfill("day", today), { provider }));
    await refuse();
    expect(await pauseHours("day")).toBeCloseTo(1, 1);
    for (const [hours, pause] of [
      [1, 1],
      [2, 3],
      [9, 12],
      [40, 24],
      [400, 24],
    ] as const) {
      await later(hours);
      await refuse();
      expect(await pauseHours("day")).toBeCloseTo(pause, 1);
    }
  });

  it("leaves one question open: the newest day, and no history; a refresh in between asks nothing", async () => {
    await ingestFor(await person.run(backfill("day", today), { provider }));
    await ingestFor(await person.run(backfill("mood", today), { provider }));
    const before = await person.tasks();
    expect(await refresh(person.store, person.id, new Date())).toBe(0);
    await look("reconcile");
    const made = await person.tasks(...before);
    expect(made.map(({ kind, fetches }) => [kind, fetches.map(({ resource }) => resource)])).toEqual([
      ["reconcile", ["day", "mood"]],
    ]);
  });

  it("is over with the first answer: the resource is due at once, and its history is planned", async () => {
    const mood = await person.run(backfill("mood", today), { provider });
    await ingestFor(mood);
    person.serve({ [`/mood/${today}`]: noteReply("well") });
    await ingestFor(await person.run({ ...backfill("mood", today), kind: "reconcile" }, { provider }));
    expect((await stateOf("mood"))?.unavailable).toBeNull();
    expect(await pauseHours("mood")).toBeLessThanOrEqual(0);
    const before = await person.tasks();
    await look("reconcile");
    const keys = (await person.tasks(...before)).flatMap(({ fetches }) =>
      fetches.filter(({ resource }) => resource === "mood").map(({ key }) => key),
    );
    expect(keys).toContain(ago(27));
    expect(await reconcileDue(person.store, new Date())).toBeGreaterThan(0);
  });
});

describe("a refusal of", () => {
  it("one thing by its name says nothing of the others", async () => {
    const run = await person.run({ fetches: [{ resource: "day", key: "2025-03-01" }] }, { provider });
    expect((await ingestFor(run)).missing).toEqual([{ resource: "day", key: "2025-03-01" }]);
    expect((await stateOf("day"))?.unavailable).toBeNull();
  });

  it.each([404, 405])("an old day (%d), where the newest are answered, is about this day", async (status) => {
    const known = {
      resource: "day",
      days: { from: today, to: today },
      askedUntil: new Date(),
      begunAt: new Date(),
    };
    await markCovered(person.store.db, person.id, known);
    person.serve({ [`/day/${ago(20)}`]: { status }, [`/day/${ago(21)}`]: daysReply({ [ago(21)]: 5 }) });
    const run = await person.run(backfill("day", ago(20), ago(21)), { provider });
    expect((await ingestFor(run)).missing).toEqual([{ resource: "day", key: ago(20) }]);
    expect(await stateOf("day")).toMatchObject({
      unavailable: null,
      days: [
        { from: ago(21), to: ago(20) },
        { from: today, to: today },
      ],
    });
  });

  it("another status is a failure, as before", async () => {
    person.serve({ [`/day/${ago(3)}`]: { status: 422 } });
    const run = await person.run(backfill("day", ago(3)), { provider });
    await expect(ingestFor(run)).rejects.toMatchObject({ code: "PROVIDER_REFUSED" });
    expect((await stateOf("day"))?.unavailable).toBeNull();
  });
});
