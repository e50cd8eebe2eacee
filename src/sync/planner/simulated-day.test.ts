/**
 * A day of a thousand users on a simulated clock, judged by the sandbox's counts: calls take time to arrive
 * and to be answered, some answers are lost, eight workers take the most urgent task first and two more only
 * tasks that a person waits for.
 */
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import polar from "../../providers/polar/index.ts";
import { RateLimit } from "../../sandbox/polar/rate-limit.ts";
import { priorityOf, type Rank, ranks } from "../../store/ranks.ts";
import { type BudgetState, newBudget, observed, reserve, unanswered } from "./budget.ts";
import { Agenda, type DayOptions, type DayTask, randomOf, tasksOfDay } from "./day.fixture.ts";
import { steadyRanks, usersThatFit } from "./demand.ts";
import { jittered } from "./postponed.ts";
import { setAside } from "./reserves.ts";
import { readingOf } from "./sandbox-client.fixture.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const workers = 8;
/** The same figure as in `worker.ts`. */
const workersForRequests = 2;

const rules = polar.apis["accesslink-v3"]?.rateLimits ?? [];

interface Played {
  readonly ordered: Record<Rank, number>;
  readonly served: Record<Rank, number>;
  readonly refused: number;
  readonly postponed: Record<Rank, number>;
  /** Tasks served while a task of a higher rank had been told to wait. */
  readonly overtaken: number;
  /** The longest wait of a task of each rank, in minutes. */
  readonly longestWait: Record<Rank, number>;
  readonly maxUsed: number;
  /** The state a day after the beginning. */
  readonly state: BudgetState;
  readonly stillWaiting: number;
  /** The longest wait of a request while the provider would have taken a call, in minutes. */
  readonly longestWaitWithRoom: number;
}

type Situation = Pick<DayOptions, "users" | "startsAt" | "seed">;

function play(options: Situation, tasks: readonly DayTask[]): Played {
  const agenda = new Agenda(options.startsAt);
  const random = randomOf(options.seed + 1);
  // Polar adds a user's share once a day: those who connect today add none.
  const judge = new RateLimit({ now: () => agenda.now } as never, () => options.users);
  const zero = (): Record<Rank, number> => ({ notification: 0, request: 0, reconcile: 0, backfill: 0 });
  const [ordered, served, postponed, longestWait] = [zero(), zero(), zero(), zero()];
  let state = newBudget({ rules, now: agenda.now });
  let refused = 0;
  let overtaken = 0;
  let idle = workers;
  let idleForRequests = workersForRequests;
  let maxUsed = 0;
  let fullUntil = 0;
  let longestWaitWithRoom = 0;
  const due: DayTask[][] = ranks.map(() => []);
  /** The waiting tasks, by rank. */
  const waiting = ranks.map(() => 0);

  for (const task of tasks) {
    ordered[task.rank] += task.calls;
    agenda.at(task.at, () => arrive(task));
  }
  let afterDay = state;
  let stillWaiting = 0;
  agenda.at(options.startsAt + 24 * hourMs, () => {
    afterDay = state;
    const steady = steadyRanks.map(priorityOf);
    stillWaiting = steady.reduce((sum, one) => sum + (waiting[one] ?? 0) + (due[one]?.length ?? 0), 0);
  });
  agenda.run();

  function arrive(task: DayTask): void {
    due[priorityOf(task.rank)]?.push(task);
    work();
  }

  function work(): void {
    while (idle > 0) {
      const task = due.findLast((tasks) => tasks.length > 0)?.shift();
      if (task === undefined) return;
      tryOne(task, false);
    }
    while (idleForRequests > 0) {
      const task = due[priorityOf("request")]?.shift();
      if (task === undefined) return;
      tryOne(task, true);
    }
  }

  function tryOne(task: DayTask, isForRequests: boolean): void {
    const priority = priorityOf(task.rank);
    const decision = reserve(state, { rules, users: options.users, now: agenda.now }, task.rank);
    state = decision.state;
    if (!decision.go) {
      postponed[task.rank]++;
      waiting[priority] = (waiting[priority] ?? 0) + 1;
      const again = jittered(new Date(decision.until), priority).getTime();
      agenda.at(again, () => {
        waiting[priority] = (waiting[priority] ?? 0) - 1;
        arrive(task);
      });
      return;
    }
    if (waiting.slice(priority + 1).some((count) => count > 0)) overtaken++;
    served[task.rank]++;
    longestWait[task.rank] = Math.max(longestWait[task.rank], (agenda.now - task.at) / minuteMs);
    if (task.rank === "request") {
      const waited = (agenda.now - Math.max(task.at, fullUntil)) / minuteMs;
      longestWaitWithRoom = Math.max(longestWaitWithRoom, waited);
    }
    send(decision.callId, task, isForRequests);
  }

  function send(callId: number, task: DayTask, isForRequests: boolean): void {
    if (isForRequests) idleForRequests--;
    else idle--;
    agenda.at(agenda.now + random(400), () => {
      if (!judge.count()) refused++;
      const said = readingOf(judge.headers());
      maxUsed = Math.max(maxUsed, ...said.map(({ used, limit }) => used / limit));
      for (const { used, limit, resetMs } of said) {
        // Full except for the calls set aside, and calls in flight, which count twice.
        if (used + workers + workersForRequests >= limit - setAside(limit))
          fullUntil = Math.max(fullUntil, agenda.now + resetMs);
      }
      const isLost = random(1_000) === 0;
      agenda.at(agenda.now + (isLost ? 30_000 : random(800)), () => {
        const at = { rules, now: agenda.now };
        state = isLost ? unanswered(state, callId, at) : observed(state, callId, said, at);
        if (isForRequests) idleForRequests++;
        else idle++;
        if (task.calls > 1) arrive({ ...task, calls: task.calls - 1, at: agenda.now });
        else work();
      });
    });
  }

  return {
    ordered,
    served,
    refused,
    postponed,
    overtaken,
    longestWait,
    maxUsed,
    state: afterDay,
    stillWaiting,
    longestWaitWithRoom,
  };
}

const playDay = (options: DayOptions): Played => play(options, tasksOfDay(options));

/** 3:17, so that no window begins at a full hour. */
const startsAt = Date.UTC(2026, 0, 5, 3, 17, 11);

describe("a day of a thousand users, two hundred of whom join with all their data", () => {
  let day: Played;
  beforeAll(() => {
    day = playDay({ users: 1_000, newUsers: 200, backfillCalls: 300, days: 1, startsAt, seed: 1 });
  });

  it("has no call refused because of our own calls", () => {
    expect(day.refused).toBe(0);
  });

  it("uses the available calls", () => {
    expect(day.maxUsed).toBeGreaterThan(0.95);
    expect(day.maxUsed).toBeLessThanOrEqual(1);
  });

  it("fetches everything in the end", () => {
    expect(day.served).toEqual(day.ordered);
    expect(day.ordered.backfill).toBe(60_000);
  });

  it("never makes a notification, a request or the reconciliation wait", () => {
    expect({ ...day.postponed, backfill: 0 }).toEqual({
      notification: 0,
      request: 0,
      reconcile: 0,
      backfill: 0,
    });
    expect(day.longestWait.notification).toBeLessThan(1);
    expect(day.longestWait.request).toBeLessThan(1);
    expect(day.postponed.backfill).toBeGreaterThan(0);
  });

  it("serves no rank while a higher one was told to wait", () => {
    expect(day.overtaken).toBe(0);
  });
});

describe("a day with more tasks than calls", () => {
  let day: Played;
  beforeAll(() => {
    day = playDay({ users: 100, newUsers: 30, backfillCalls: 400, updates: 140, days: 1, startsAt, seed: 2 });
  });

  it("has no call refused, and keeps the ranks when even notifications have to wait", () => {
    expect(day.refused).toBe(0);
    expect(day.postponed.notification).toBeGreaterThan(0);
    expect(day.overtaken).toBe(0);
  });

  it("is caught up afterwards, announced data first", () => {
    expect(day.served).toEqual(day.ordered);
    expect(day.longestWait.notification).toBeLessThan(day.longestWait.backfill);
  });

  it("shows in the forecast: fewer users fit than there are", () => {
    const windows = rules.map((rule) => ({
      ...rule,
      limit: rule.callsOfClient + rule.callsPerUser * 100,
    }));
    const fit = usersThatFit(day.state.demand, windows, {
      users: 100,
      waiting: day.stillWaiting,
      now: startsAt + 24 * hourMs,
    });
    expect(fit).toBeGreaterThan(60);
    expect(fit).toBeLessThan(90);
  });
});

/**
 * Returns the tasks of a new server: this many notifications of exercises, each with its files, in the first
 * quarter of an hour.
 */
const busyStart = (exercises: number, seed: number): DayTask[] => {
  const random = randomOf(seed);
  return Array.from({ length: exercises }, () => ({
    rank: "notification",
    calls: 4,
    at: startsAt + random(15 * minuteMs),
  }));
};

/** Returns the tasks of a person who connects: the newest data in one task, older data in many. */
const newcomer = (at: number): DayTask[] => [
  { rank: "request", calls: 16, at },
  ...Array.from({ length: 60 }, (): DayTask => ({ rank: "backfill", calls: 1, at })),
];

describe("a new server whose first quarter of an hour is busy", () => {
  const situation = { users: 1, startsAt, seed: 3 };

  it("serves people who connect or ask then, and soon their older data", () => {
    const at = startsAt + 17 * minuteMs;
    const refresh: DayTask = { rank: "request", calls: 8, at: startsAt + 40 * minuteMs };
    const day = play(situation, [...busyStart(60, 3), ...newcomer(at), refresh]);
    expect(day.postponed).toMatchObject({ notification: 0, request: 0 });
    expect(day.longestWait.request).toBeLessThan(1);
    expect(day.longestWait.backfill).toBeLessThan(60);
    expect(day.served).toEqual(day.ordered);
    expect(day.refused).toBe(0);
  });

  it("serves them within a minute whenever a call is left, however busy it was", () => {
    const start = fc.record({
      exercises: fc.integer({ min: 0, max: 1_500 }),
      comeAfterMs: fc.array(fc.integer({ min: 0, max: 26 * hourMs }), { minLength: 1, maxLength: 12 }),
      seed: fc.nat(),
    });
    fc.assert(
      fc.property(start, ({ exercises, comeAfterMs, seed }) => {
        const people = comeAfterMs.flatMap((afterMs) => newcomer(startsAt + afterMs));
        const day = play({ ...situation, seed }, [...busyStart(exercises, seed), ...people]);
        expect(day.longestWaitWithRoom).toBeLessThan(1);
        expect(day.served).toEqual(day.ordered);
        expect(day.refused).toBe(0);
      }),
      { numRuns: 60 },
    );
  });
});

describe("an outage of hours, after which all announcements arrive at once", () => {
  const end = startsAt + 6 * hourMs;
  const heldBack = (exercises: number): DayTask[] =>
    Array.from({ length: exercises }, () => ({ rank: "notification", calls: 4, at: end }));

  it("makes people who connect then wait less than a minute while the provider has thousands of calls left", () => {
    const come = fc.record({ afterMs: fc.integer({ min: 0, max: 5 * minuteMs }), seed: fc.nat() });
    fc.assert(
      fc.property(come, ({ afterMs, seed }) => {
        const day = play({ users: 1_000, startsAt, seed }, [...heldBack(4_000), ...newcomer(end + afterMs)]);
        expect(day.longestWait.request).toBeLessThan(1);
        expect(day.served).toEqual(day.ordered);
        expect(day.refused).toBe(0);
      }),
      { numRuns: 5 },
    );
  });
});
