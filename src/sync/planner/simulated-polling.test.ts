/** A day of people of whom Polar's v4 alone is open: polled within 3,000 calls in 15 minutes and 100,000 a day. */
import { beforeAll, describe, expect, it } from "vitest";
import polar from "../../providers/polar/index.ts";
import { dynamic } from "../../providers/polar/names.ts";
import { discoverableFor } from "../discoverable.ts";
import { usersThatFit } from "./demand.ts";
import { type Played, play } from "./play.fixture.ts";
import { polledTasks } from "./polled-day.fixture.ts";

const hourMs = 3_600_000;
/** A day with the midnight at which a week begins: then the looks read days again furthest back. */
const startsAt = Date.UTC(2026, 0, 7, 3, 17, 11);

const rules = polar.apis[dynamic]?.rateLimits ?? [];
const usual = { short: () => 3_000, long: () => 100_000 };
const resources = discoverableFor(
  polar,
  { consents: [dynamic], apis: [dynamic], scopes: null },
  polar.resources.filter(({ api }) => api === dynamic),
);

/** A watch that syncs eight times a day; a night with its recharge; a session on most days. */
const newsPerDay = {
  "v4-sleep": 1,
  "v4-nightly-recharge": 1,
  "v4-sleep-wake": 2,
  "v4-training-session": 1,
  "v4-continuous-samples": 8,
  "v4-ppi-samples": 8,
  "v4-activity": 8,
};
const followingCalls = { "v4-nightly-recharge": 1, "v4-training-session": 1 };

const people = (users: number, seed: number) => {
  const options = { users, startsAt, seed, resources, newsPerDay, followingCalls };
  return { options, tasks: polledTasks(options) };
};

describe("a day of people who are polled", () => {
  let day: Played;
  let tasks: ReturnType<typeof polledTasks>;
  beforeAll(() => {
    const made = people(150, 1);
    tasks = made.tasks;
    // Some connect on that day: their newest days, and the history of a year.
    const joining = Array.from({ length: 20 }, (_, index) => {
      const at = startsAt + (index % 12) * hourMs;
      return [
        { rank: "request" as const, at, calls: 20 },
        ...Array.from({ length: 500 }, () => ({ rank: "backfill" as const, at, calls: 1 })),
      ];
    }).flat();
    day = play(made.options, [...tasks, ...joining], { rules, usual });
  });

  it("has no call refused, and everything served", () => {
    expect(day.refused).toBe(0);
    expect(day.served).toEqual(day.ordered);
    expect(day.overtaken).toBe(0);
  });

  it("makes nobody who waits and no look wait for history", () => {
    expect(day.postponed).toMatchObject({ request: 0, reconcile: 0 });
    expect(day.longestWait.request).toBeLessThan(1);
  });

  it("fits as many people as the bench's README says", () => {
    const windows = rules.map((rule) => ({ ...rule, limit: rule.callsOfClient }));
    const fit = usersThatFit(day.state.demand, windows, {
      users: 150,
      waiting: day.stillWaiting,
      now: startsAt + 24 * hourMs,
    });
    const perPerson = Math.round(tasks.reduce((sum, { calls }) => sum + calls, 0) / 150);
    expect({ fit, perPerson }).toEqual({ fit: 368, perPerson: 272 });
  });
});
