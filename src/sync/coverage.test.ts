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
    const asked = (askedUntil: string) =>
      uncovered(polled, { days, askedUntil: new Date(askedUntil), open: [] }, now).recent.map(
        ({ key }) => key,
      );
    expect(asked("2025-06-30T07:40:00Z")).toEqual(["2025-06-30", "2025-06-29", "2025-06-28"]);
    expect(asked("2025-06-29T23:50:00Z").at(-1)).toBe("2025-06-24");
    expect(asked("2025-06-29T23:50:00Z")).toHaveLength(7);
  });

  it("of a list without dates: one call; of a person known up to the day that has begun in the east", () => {
    const list = resource({ reachDays: 28, daysPerCall: 28, key: () => "*" });
    const evening = new Date("2025-06-30T20:00:00Z");
    const whole = { resource: "thing", from: "2025-06-03", to: "2025-06-30" };
    const first = uncovered(list, nothing, evening);
    expect(first).toEqual({ recent: [{ resource: "thing", key: "*", covers: whole }], older: [] });
    const known = { days: [whole], askedUntil: new Date("2025-05-01T00:00:00Z"), open: [] };
    const covers = { ...whole, to: "2025-07-01" };
    const later = uncovered(list, known, evening);
    expect(later).toEqual({ recent: [{ resource: "thing", key: "*", covers }], older: [] });
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
    expect(uncovered(resource({}), { ...nothing, open }, now)).toEqual({ recent: [], older: [] });
  });

  it("after a long absence: back to the oldest day the provider keeps", () => {
    const known = { days: [], askedUntil: new Date("2020-01-01T00:00:00Z"), open: [] };
    const { recent, older } = uncovered(resource({ reachDays: 28 }), known, now);
    expect(keys(recent)).toEqual(["2025-06-03..2025-06-30"]);
    expect(older).toEqual([]);
  });
});
