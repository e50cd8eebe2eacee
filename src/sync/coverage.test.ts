import { describe, expect, it } from "vitest";
import type { Discovery } from "../providers/provider.ts";
import { addDays } from "../store/days.ts";
import { type DiscoverableResource, type KnownDays, uncovered } from "./coverage.ts";

const now = new Date("2025-06-30T08:00:00Z");
const nothing: KnownDays = { days: [], askedUntil: null, open: [] };

const resource = (discovery: Partial<Discovery>): DiscoverableResource => ({
  name: "thing",
  api: "fake",
  ledger: {},
  discovery: {
    announced: true,
    reachDays: 365,
    daysPerCall: 28,
    key: (from, to) => `${from}..${to}`,
    index: null,
    ...discovery,
  },
  request: () => ({ method: "GET", path: "/" }),
  decode: () => null,
  parts: () => [],
});

const keys = (fetches: readonly { key: string }[]) => fetches.map(({ key }) => key);

describe("the fetches", () => {
  it("of a year in calls of 28 days: the newest first, every day once, nothing before the reach", () => {
    const { recent, older } = uncovered(resource({}), nothing, now);
    expect(keys(recent)).toEqual(["2025-06-03..2025-06-30"]);
    expect(older).toHaveLength(13);
    expect(older[0]?.covers).toEqual({ resource: "thing", from: "2025-05-06", to: "2025-06-02" });
    expect(older.at(-1)?.covers?.from).toBe("2024-07-01");
    for (const [index, { covers }] of older.entries()) {
      const newer = [...recent, ...older][index];
      expect(addDays(covers?.to ?? "", 1)).toBe(newer?.covers?.from);
    }
  });

  it("of a polled resource: the newest days, and a week at the first look of a day", () => {
    const polling = { everyMs: 1_200_000, rereadDays: 7 };
    const polled = resource({ announced: false, daysPerCall: 1, key: (day) => day, reachDays: 30, polling });
    const days = [{ from: "2025-06-01", to: "2025-06-29" }];
    const lookAfter = (askedUntil: string) =>
      uncovered(polled, { days, askedUntil: new Date(askedUntil), open: [] }, now);
    const asked = (askedUntil: string) => {
      const { recent, again } = lookAfter(askedUntil);
      return [...recent, ...again].map(({ key }) => key);
    };
    // In the west it is still the 29th: its yesterday is the 28th.
    expect(keys(lookAfter("2025-06-30T07:40:00Z").recent)).toEqual([
      "2025-06-30",
      "2025-06-29",
      "2025-06-28",
    ]);
    expect(keys(lookAfter("2025-06-29T23:50:00Z").recent)).toEqual([
      "2025-06-30",
      "2025-06-29",
      "2025-06-28",
    ]);
    expect(asked("2025-06-30T07:40:00Z")).toEqual(["2025-06-30", "2025-06-29", "2025-06-28"]);
    expect(asked("2025-06-29T23:50:00Z").at(-1)).toBe("2025-06-24");
    expect(asked("2025-06-29T23:50:00Z")).toHaveLength(7);
  });

  it("of a list without dates: one call; of a person known up to the day that has begun in the east", () => {
    const list = resource({ reachDays: 28, daysPerCall: 28, key: () => "*" });
    const evening = new Date("2025-06-30T20:00:00Z");
    const whole = { resource: "thing", from: "2025-06-03", to: "2025-06-30" };
    const first = uncovered(list, nothing, evening);
    expect(first).toMatchObject({
      recent: [{ resource: "thing", key: "*", covers: whole }],
      again: [],
      older: [],
    });
    const known = { days: [whole], askedUntil: new Date("2025-05-01T00:00:00Z"), open: [] };
    const covers = { ...whole, to: "2025-07-01" };
    const later = uncovered(list, known, evening);
    expect(later).toMatchObject({
      recent: [{ resource: "thing", key: "*", covers }],
      again: [],
      older: [],
    });
  });

  it("of a person who returns: the gap, two days for late watches, and days that were never answered", () => {
    const days = [
      { from: "2024-07-01", to: "2024-12-31" },
      { from: "2025-02-01", to: "2025-06-20" },
    ];
    const known = { days, askedUntil: new Date("2025-06-20T12:00:00Z"), open: [] };
    const { recent, older } = uncovered(resource({}), known, now);
    expect(keys(recent)).toEqual(["2025-06-18..2025-06-30"]);
    expect(keys(older)).toEqual(["2025-01-04..2025-01-31", "2025-01-01..2025-01-03"]);
  });

  it("of unannounced data: as many days as one call takes, since a watch may be synced weeks late", () => {
    const days = [{ from: "2025-06-03", to: "2025-06-30" }];
    const known = { days, askedUntil: now, open: [] };
    const silent = resource({ reachDays: 28, announced: false });
    const { recent, older } = uncovered(silent, known, now);
    expect(keys(recent)).toEqual(["2025-06-03..2025-06-30"]);
    expect(older).toEqual([]);
    expect(keys(uncovered(resource({ reachDays: 28 }), known, now).recent)).toEqual([
      "2025-06-28..2025-06-30",
    ]);
  });

  it("of announced data: as many days once a week, in case an announcement was lost", () => {
    // These weeks begin on Thursdays, as the epoch did.
    const [before, after] = [new Date("2025-07-02T23:00:00Z"), new Date("2025-07-03T05:00:00Z")];
    const known = { days: [{ from: "2025-06-03", to: "2025-07-02" }], askedUntil: before, open: [] };
    expect(keys(uncovered(resource({ reachDays: 28 }), known, after).recent)).toEqual([
      "2025-06-06..2025-07-03",
    ]);
  });

  it("do not repeat open tasks", () => {
    const whole = uncovered(resource({}), nothing, now);
    const open = [...whole.recent, ...whole.older];
    expect(uncovered(resource({}), { ...nothing, open }, now)).toMatchObject({
      recent: [],
      again: [],
      older: [],
    });
  });

  it("after a long absence: back to the oldest day the provider keeps", () => {
    const known = { days: [], askedUntil: new Date("2020-01-01T00:00:00Z"), open: [] };
    const { recent, older } = uncovered(resource({ reachDays: 28 }), known, now);
    expect(keys(recent)).toEqual(["2025-06-03..2025-06-30"]);
    expect(older).toEqual([]);
  });

  it("of a polled person never asked for: today and yesterday together, then the days before", () => {
    const polling = { everyMs: 1_200_000, rereadDays: 7 };
    const polled = resource({ announced: false, daysPerCall: 1, key: (day) => day, reachDays: 5, polling });
    const { recent, again, older } = uncovered(polled, nothing, now);
    expect(keys(recent)).toEqual(["2025-06-30", "2025-06-29", "2025-06-28"]);
    expect(again).toEqual([]);
    expect(keys(older)).toEqual(["2025-06-27", "2025-06-26"]);
    // The newest days are refused, and history was answered meanwhile: it is not asked for again.
    const known = { ...nothing, days: [{ from: "2025-06-26", to: "2025-06-27" }] };
    expect(uncovered(polled, known, now)).toMatchObject({ again: [], older: [] });
  });

  it("of the days of an absence: those that were answered may have grown, the others never were", () => {
    const polling = { everyMs: 1_200_000, rereadDays: 7 };
    const polled = resource({ announced: false, daysPerCall: 1, key: (day) => day, reachDays: 30, polling });
    const days = [{ from: "2025-06-01", to: "2025-06-20" }];
    const known = { days, askedUntil: new Date("2025-06-20T12:00:00Z"), open: [] };
    const { recent, again, older } = uncovered(polled, known, now);
    expect(keys(recent)).toEqual(["2025-06-30", "2025-06-29", "2025-06-28"]);
    expect(keys(again)).toEqual(["2025-06-20", "2025-06-19", "2025-06-18"]);
    expect(keys(older)).toEqual([27, 26, 25, 24, 23, 22, 21].map((day) => `2025-06-${day}`));
  });

  it("leave out older days that were given up, so that those before them have their turn", () => {
    const single = resource({ daysPerCall: 1, key: (day) => day, reachDays: 4 });
    const failed = [
      {
        resource: "thing",
        key: "2025-06-29",
        covers: { resource: "thing", from: "2025-06-29", to: "2025-06-29" },
      },
    ];
    expect(keys(uncovered(single, { ...nothing, failed }, now).older)).toEqual(["2025-06-28", "2025-06-27"]);
  });

  it("of a resource that the account lacks: the newest days, and no other", () => {
    const days = [{ from: "2025-06-20", to: "2025-06-25" }];
    const known = { days, askedUntil: new Date("2025-06-25T12:00:00Z"), open: [], isUnavailable: true };
    const { recent, again, older } = uncovered(resource({ daysPerCall: 1, key: (day) => day }), known, now);
    expect(keys(recent)).toEqual(["2025-06-30"]);
    expect([again, older]).toEqual([[], []]);
  });
});
