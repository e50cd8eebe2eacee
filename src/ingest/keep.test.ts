import { describe, expect, it } from "vitest";
import { cairnWith, dayResource, single } from "../../test/support/cairn.ts";
import { CairnPerson } from "../../test/support/cairn-person.ts";
import type { Part, Resource } from "../providers/provider.ts";
import { markCovered, openCoverage } from "../store/coverage.ts";
import type { FetchTask } from "../store/fetch-tasks.ts";
import { findFingerprints, findPartSources } from "../store/raw-parts.ts";
import { nextFetchOrder } from "../store/raw-payloads.ts";
import { ConnectionGone } from "../sync/run.ts";
import type { IngestRun } from "./deps.ts";
import { type Answer, keepParts } from "./keep.ts";

const person = new CairnPerson();

const stepsOf = ({ value }: Part) => String((value as { steps: number }).steps);
/** Days that an index describes by their steps, with a file each, and a dependent note. */
const days: Partial<Resource> = {
  fingerprint: stepsOf,
  followUps: ({ key }) => [{ resource: "file", key }],
};
const after: Resource = {
  ...single("climb"),
  after: { resource: "day", refs: ({ key }) => [{ resource: "climb", key }] },
};
const provider = cairnWith(days, single("file"), after);
const dayOf = (key: string, steps: number): Part => ({ resource: "day", key, value: { day: key, steps } });

async function answer(parts: readonly Part[], fetchOrder?: string, key = "*"): Promise<Answer> {
  const body = Buffer.from(JSON.stringify({ days: parts.map(({ value }) => value) }));
  return {
    resource: provider.resources.find(({ name }) => name === "day") ?? dayResource,
    key,
    fetchOrder: fetchOrder ?? (await nextFetchOrder(person.store.db)),
    request: { method: "GET", path: `/day/${key}` },
    response: { status: 200, contentType: "application/json", body },
  };
}
const keep = async (run: IngestRun, parts: readonly Part[], order?: string, key?: string) =>
  keepParts(run, await answer(parts, order, key), parts);
const sourceOf = async (key: string) =>
  (await findPartSources(person.store.db, person.id, [{ resource: "day", key }]))[0]?.rawPayloadId;
const wanted = async (run: IngestRun, ...before: readonly FetchTask[]) =>
  (await person.tasks(run.task, ...before))
    .flatMap(({ fetches }) => fetches.map(({ resource, key }) => `${resource} ${key}`))
    .sort();

describe("an answer", () => {
  it("is the source of its parts, unless a newer request was answered before it", async () => {
    const run = await person.run({}, { provider });
    const [older, newer] = [await nextFetchOrder(person.store.db), await nextFetchOrder(person.store.db)];
    const second = await keep(run, [dayOf("2025-03-01", 2)], newer);
    const first = await keep(run, [dayOf("2025-03-01", 1)], older);
    expect(await sourceOf("2025-03-01")).toBe(second.rawPayloadId);
    // It is stored all the same.
    expect((await person.bodies()).map(({ rawPayloadId }) => rawPayloadId)).toEqual([
      second.rawPayloadId,
      first.rawPayloadId,
    ]);
    expect([second.changed.length, first.changed.length]).toEqual([1, 0]);
  });

  it("is described as an index would describe its parts", async () => {
    await keep(await person.run({}, { provider }), [dayOf("2025-03-01", 7)]);
    const refs = [{ resource: "day", key: "2025-03-01" }];
    expect(await findFingerprints(person.store.db, person.id, refs)).toEqual(
      new Map([["day 2025-03-01", "7"]]),
    );
  });

  it("creates tasks for the files of new or changed list items, and for what can now be requested", async () => {
    const run = await person.run({}, { provider });
    await keep(run, [dayOf("2025-03-01", 1), dayOf("2025-03-02", 2)]);
    expect(await wanted(run)).toEqual([
      "climb 2025-03-01",
      "climb 2025-03-02",
      "file 2025-03-01",
      "file 2025-03-02",
    ]);
    const before = await person.tasks();
    await keep(run, [dayOf("2025-03-01", 1), dayOf("2025-03-02", 20)]);
    expect(await wanted(run, ...before)).toEqual(["climb 2025-03-02", "file 2025-03-02"]);
  });

  it("to a request by name creates no task for files, which are fetched with it", async () => {
    const run = await person.run({}, { provider });
    await keep(run, [dayOf("2025-03-01", 1)], undefined, "2025-03-01");
    expect(await wanted(run)).toEqual(["climb 2025-03-01"]);
  });

  it("counts as gaps the new things that reconciliation finds and that were not announced", async () => {
    const run = await person.run({ kind: "reconcile" }, { provider });
    await openCoverage(person.store.db, person.id, [{ resource: "day", everyMs: 3_600_000 }]);
    await markCovered(person.store.db, person.id, {
      resource: "day",
      days: null,
      askedUntil: new Date(Date.now() - 60_000),
      begunAt: new Date(),
    });
    expect((await keep(run, [dayOf("2025-03-01", 1), dayOf("2025-03-02", 2)])).gaps).toBe(2);
    expect((await keep(run, [dayOf("2025-03-01", 1), dayOf("2025-03-02", 3)])).gaps).toBe(1);
  });

  it("leaves nothing of an erased person: no body, no part, no task", async () => {
    const run = await person.run({}, { provider });
    await person.leave();
    await expect(keep(run, [dayOf("2025-03-01", 1)])).rejects.toBeInstanceOf(ConnectionGone);
    expect([await person.bodies(), await sourceOf("2025-03-01"), await wanted(run)]).toEqual([
      [],
      undefined,
      [],
    ]);
  });
});
