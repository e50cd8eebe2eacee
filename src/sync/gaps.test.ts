import { beforeEach, describe, expect, it } from "vitest";
import { cairnWith } from "../../test/support/cairn.ts";
import { CairnPerson } from "../../test/support/cairn-person.ts";
import type { Part, Provider } from "../providers/provider.ts";
import { listCoverage, markCovered, openCoverage } from "../store/coverage.ts";
import type { TaskKind } from "../store/tables.ts";
import { countGaps, reportGaps } from "./gaps.ts";
import type { TaskRun } from "./run.ts";

const hourMs = 3_600_000;
const person = new CairnPerson();
const asked = { resource: "day", key: "*" };
const day = (key: string, value: unknown = {}): Part => ({ resource: "day", key, value });

const openAndAsk = async (askedUntil: Date | null) => {
  await openCoverage(person.store.db, person.id, [{ resource: "day", everyMs: 4 * hourMs }]);
  await markCovered(person.store.db, person.id, {
    resource: "day",
    days: null,
    askedUntil,
    begunAt: new Date(),
  });
};
const count = async (
  parts: readonly Part[],
  kind: TaskKind = "reconcile",
  provider: Provider = cairnWith({}),
) => {
  const run = await person.run({ kind, fetches: [] }, { provider });
  return person.store.db.transaction().execute((tx) => countGaps(tx, run, asked, parts));
};
const coverage = async () => (await listCoverage(person.store.db, person.id))[0];

describe("gaps", () => {
  beforeEach(() => openAndAsk(new Date(Date.now() - hourMs)));

  it("are new things that were never announced, counted once for each thing and in the person's own coverage", async () => {
    const same = { of: "both" };
    expect(await count([day("a"), day("b", same), day("c", same)])).toBe(2);
    // Another process looks again sooner.
    expect(await coverage()).toMatchObject({ gapsFound: 2, reconcileEveryMs: 2 * hourMs });
  });

  it("do not include things named by a notification: since the last request, or by one that is still open", async () => {
    await person.task({ kind: "announced", fetches: [{ resource: "day", key: "a" }] });
    expect(await count([day("a"), day("b")])).toBe(1);
  });

  it("are not reduced by another person's notification, nor by one of another resource", async () => {
    await person.task({
      kind: "announced",
      fetches: [{ resource: "day", key: "a" }],
      providerUserId: "another",
    });
    await person.task({ kind: "announced", fetches: [{ resource: "note", key: "a" }] });
    expect(await count([day("a")])).toBe(1);
  });

  it("are everything for a resource without announcements", async () => {
    await person.task({ kind: "announced", fetches: [{ resource: "day", key: "a" }] });
    const discovery = { ...cairnWith({}).resources[0]?.discovery, announced: false } as never;
    expect(await count([day("a")], "reconcile", cairnWith({ discovery }))).toBe(1);
  });

  it("are looked for by reconciliation only", async () => {
    for (const kind of ["announced", "refresh", "backfill"] as const)
      expect(await count([day("a")], kind)).toBe(0);
    expect(await count([])).toBe(0);
    expect(await coverage()).toMatchObject({ gapsFound: 0, reconcileEveryMs: 4 * hourMs });
  });
});

describe("a resource requested for the first time", () => {
  it("has no gaps, whatever is found", async () => {
    await openAndAsk(null);
    expect(await count([day("a")])).toBe(0);
  });
});

describe("reported gaps", () => {
  it("are counted and logged: as a warning if a notification was lost", async () => {
    const counted: unknown[] = [];
    const gapsFound = (...what: unknown[]) => void counted.push(what);
    const run: TaskRun = await person.run({}, { deps: { gapsFound } });
    const fetch = {
      resource: "index",
      key: "*",
      covers: { resource: "day", from: "2025-03-01", to: "2025-03-01" },
    };
    reportGaps(run, [
      { fetch, entries: null, gaps: 3, isEmpty: false },
      { fetch: { resource: "note", key: "a" }, entries: null, gaps: 1, isEmpty: false },
      { fetch, entries: null, gaps: 0, isEmpty: false },
    ]);
    expect(counted).toEqual([
      ["cairn", "day", 3],
      ["cairn", "note", 1],
    ]);
    const told = person.lines.filter(({ msg }) => msg === "found without an announcement");
    expect(told).toMatchObject([
      { level: "warn", resource: "day", announced: true, gaps: 3, user_id: person.id.userId },
      { level: "info", resource: "note", announced: false, gaps: 1 },
    ]);
  });
});
