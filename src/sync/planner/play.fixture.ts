/**
 * Plays tasks on a simulated clock, judged by the sandbox's counts: calls take time to arrive and to be answered, some
 * answers are lost, eight workers take the most urgent task first and two more only tasks that a person waits for.
 */
import type { RateLimitRule } from "../../providers/provider.ts";
import { RateLimit, type UsualLimits } from "../../sandbox/polar/rate-limit.ts";
import { priorityOf, type Rank, ranks } from "../../store/ranks.ts";
import { type BudgetState, newBudget, observed, reserve, unanswered } from "./budget.ts";
import { Agenda, type DayOptions, type DayTask, randomOf } from "./day.fixture.ts";
import { steadyRanks } from "./demand.ts";
import { jittered } from "./postponed.ts";
import { setAside } from "./reserves.ts";
import { readingOf } from "./sandbox-client.fixture.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const workers = 8;
/** The same figure as in `worker.ts`. */
const workersForRequests = 2;

export interface Played {
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

export type Situation = Pick<DayOptions, "users" | "startsAt" | "seed">;

/** The limits as we know them, and as the provider counts them. */
export interface Limited {
  readonly rules: readonly RateLimitRule[];
  readonly usual?: UsualLimits;
}

export function play(options: Situation, tasks: readonly DayTask[], { rules, usual }: Limited): Played {
  const agenda = new Agenda(options.startsAt);
  const random = randomOf(options.seed + 1);
  // Polar adds a user's share once a day: those who connect today add none.
  const judge = new RateLimit({ now: () => agenda.now } as never, () => options.users, usual);
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
