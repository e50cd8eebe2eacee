import { describe, expect, it } from "vitest";
import type { DayIndex, Discovery } from "../providers/provider.ts";
import { usualPace } from "../store/coverage.ts";
import { addDays } from "../store/days.ts";
import type { TaskFetch } from "../store/tables.ts";
import { type DiscoverableResource, type KnownDays, uncovered } from "./coverage.ts";
import { discoveryWith } from "./discoverable.ts";
import { firstInterval, paceOf } from "./pace.ts";

/** A Monday afternoon; these weeks begin on Thursdays, as the epoch did. */
const now = new Date("2025-06-30T15:00:00Z");
const nothing: KnownDays = { days: [], askedUntil: null, open: [] };
const polling = { everyMs: 900_000, quietMs: 7_200_000, rereadDays: 3, weeklyRereadDays: 14 };
const key = (from: string, to: string) => (from === to ? from : `${from}..${to}`);
const dayIndex: DayIndex = { resource: "list", daysPerCall: 28, key, tellsChanges: false };
const history = { emptyWindows: 3, windowDays: 28 };

const night = (discovery: Partial<Discovery> = {}): DiscoverableResource => ({
  name: "night",
  ledger: {},
  discovery: {
    announced: false,
    reachDays: 7_300,
    daysPerCall: 1,
    key,
    index: null,
    polling,
    dayIndex,
    history,
    ...discovery,
  },
  decode: () => null,
  parts: () => [],
});
const { polling: _, ...withoutPolling } = night().discovery;
const announced: DiscoverableResource = { ...night(), discovery: { ...withoutPolling, announced: true } };

const named = (fetches: readonly TaskFetch[]) => fetches.map((one) => `${one.resource} ${one.key}`);
const known = (askedUntil: string, oldestFound: string | null = "2025-04-01"): KnownDays => ({
  ...nothing,
  days: [{ from: "2025-01-07", to: askedUntil.slice(0, 10) }],
  askedUntil: new Date(askedUntil),
  oldestFound,
});

describe("a resource with an index of days", () => {
  it("has a new person's newest days asked for by name, and older ones by the index", () => {
    const { recent, older } = uncovered(night(), nothing, now);
    expect(named(recent)).toEqual(["night 2025-06-30", "night 2025-06-29"]);
    expect(named(older)).toEqual([
      "list 2025-06-01..2025-06-28",
      "list 2025-05-04..2025-05-31",
      "list 2025-04-08..2025-05-03",
    ]);
    expect(older[0]?.covers).toEqual({ resource: "night", from: "2025-06-01", to: "2025-06-28" });
  });

  it("is looked at by the newest days where the index does not tell of changes", () => {
    const { recent, again, older } = uncovered(night(), known("2025-06-30T14:40:00Z"), now);
    expect(named(recent)).toEqual(["night 2025-07-01", "night 2025-06-30", "night 2025-06-29"]);
    expect([again, older]).toEqual([[], []]);
  });

  it("is read again at the first look of a day, and the index tells what came late before that", () => {
    const { recent, again } = uncovered(night(), known("2025-06-29T23:40:00Z"), now);
    expect(named(recent)).toEqual(["night 2025-07-01", "night 2025-06-30", "night 2025-06-29"]);
    expect(named(again)).toEqual(["night 2025-06-28", "list 2025-06-04..2025-06-27"]);
  });

  it("is read further back at the first look of a week", () => {
    const thursday = new Date("2025-07-03T15:00:00Z");
    const { again } = uncovered(night(), known("2025-07-02T23:40:00Z"), thursday);
    expect(named(again)).toContain("night 2025-06-20");
    expect(named(again).at(-1)).toBe("list 2025-06-07..2025-06-19");
  });

  it("is looked at by an index that tells of changes, in one call", () => {
    const telling = night({ dayIndex: { ...dayIndex, tellsChanges: true } });
    const { recent, again, older } = uncovered(telling, known("2025-06-30T14:40:00Z"), now);
    expect(named(recent)).toEqual(["list 2025-06-04..2025-07-01"]);
    expect([again, older]).toEqual([[], []]);
  });

  it("has only its index asked where notifications tell of changes", () => {
    const { recent } = uncovered(announced, known("2025-06-30T03:00:00Z"), now);
    expect(named(recent)).toEqual(["list 2025-06-04..2025-07-01"]);
  });

  it("has no day asked for twice, and none left out, after an absence", () => {
    const { recent, again, older } = uncovered(night(), known("2025-05-20T12:00:00Z"), now);
    const days = [...recent, ...again, ...older].flatMap(({ covers }) => {
      const list: string[] = [];
      for (let day = covers?.from ?? ""; day <= (covers?.to ?? ""); day = addDays(day, 1)) list.push(day);
      return list;
    });
    expect(new Set(days).size).toBe(days.length);
    for (let day = "2025-05-21"; day <= "2025-06-30"; day = addDays(day, 1)) expect(days).toContain(day);
  });
});

describe("history that ends where windows are empty", () => {
  const walk = (oldestFound: string | null, days: KnownDays["days"]) =>
    named(uncovered(night(), { ...nothing, days, askedUntil: now, oldestFound }, now).older);

  it("is asked for three windows before the oldest data", () => {
    expect(walk("2025-04-08", [{ from: "2025-04-08", to: "2025-06-30" }])).toEqual([
      "list 2025-03-11..2025-04-07",
      "list 2025-02-11..2025-03-10",
      "list 2025-01-14..2025-02-10",
    ]);
  });

  it("goes on behind a gap of two windows, and ends behind three", () => {
    const until = (from: string) => [{ from, to: "2025-06-30" }];
    expect(walk("2025-04-08", until("2025-02-11"))).toEqual(["list 2025-01-14..2025-02-10"]);
    // The third window had data.
    expect(walk("2025-01-14", until("2025-01-14"))).toHaveLength(3);
    expect(walk("2025-04-08", until("2025-01-14"))).toEqual([]);
  });

  it("of a person without any data ends after three windows", () => {
    expect(walk(null, [{ from: "2025-04-08", to: "2025-06-30" }])).toEqual([]);
    expect(walk(null, [{ from: "2025-05-06", to: "2025-06-30" }])).toEqual(["list 2025-04-08..2025-05-05"]);
  });

  it("is never asked for beyond the reach", () => {
    const near = night({ reachDays: 100 });
    const { older } = uncovered(near, { ...nothing, askedUntil: now, oldestFound: "2025-04-08" }, now);
    expect(older.at(-1)?.covers?.from).toBe("2025-03-23");
  });

  it("goes on behind a window that is tried later", () => {
    const open: TaskFetch[] = [
      { resource: "list", key: "x", covers: { resource: "night", from: "2025-03-11", to: "2025-04-07" } },
    ];
    const days = [{ from: "2025-04-08", to: "2025-06-30" }];
    const { older } = uncovered(night(), { days, askedUntil: now, oldestFound: "2025-04-08", open }, now);
    expect(named(older)).toEqual(["list 2025-02-11..2025-03-10", "list 2025-01-14..2025-02-10"]);
  });
});

describe("a resource that notifications of another API announce", () => {
  const own = night({ announcedBy: "other" }).discovery;

  it("counts as announced where the person gave that API", () => {
    const { polling: none, announced: isAnnounced, whereUntold } = discoveryWith(new Set(["other"]), own);
    expect([none, isAnnounced, whereUntold]).toEqual([undefined, true, polling]);
  });

  it("has its newest days read again once a day: its index says nothing of a day that has grown", () => {
    const held = { ...night(), discovery: discoveryWith(new Set(["other"]), own) };
    const first = uncovered(held, known("2025-06-29T23:40:00Z"), now);
    expect(named(first.recent)).toEqual(["list 2025-06-04..2025-07-01"]);
    expect(named(first.again)).toEqual(["night 2025-06-29", "night 2025-06-28"]);
    expect(uncovered(held, known("2025-06-30T03:00:00Z"), now).again).toEqual([]);
  });

  it("has days read again until they have ended in every zone", () => {
    const held = {
      ...night(),
      discovery: discoveryWith(new Set(["other"]), { ...own, polling: { ...polling, rereadDays: 1 } }),
    };
    const { again } = uncovered(held, known("2025-06-29T23:40:00Z"), new Date("2025-06-30T00:10:00Z"));
    expect(named(again)).toEqual(["night 2025-06-29", "night 2025-06-28"]);
  });

  it("is not read again where its index tells of changes", () => {
    const telling = { ...own, dayIndex: { ...dayIndex, tellsChanges: true } };
    const held = { ...night(), discovery: discoveryWith(new Set(["other"]), telling) };
    expect(uncovered(held, known("2025-06-29T23:40:00Z"), now).again).toEqual([]);
  });

  it("begins quietly, is looked at often while things come unannounced, and as seldom as others else", () => {
    const held = { ...night(), discovery: discoveryWith(new Set(["other"]), own) };
    expect(firstInterval(held)).toEqual({ resource: "night", everyMs: polling.quietMs });
    expect(paceOf(held.discovery)).toEqual({
      shortestMs: polling.everyMs,
      longestMs: usualPace.longestMs,
      afterNewsMs: polling.everyMs,
      longestAfterGapsMs: polling.quietMs,
    });
  });

  it("is polled elsewhere", () => {
    expect(discoveryWith(new Set(["one"]), own)).toEqual(own);
    expect(discoveryWith(new Set(["other"]), night().discovery)).toEqual(night().discovery);
  });
});
