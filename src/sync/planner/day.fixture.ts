/** A day of people and their watches, as tasks for calls; and an agenda on a simulated clock. */
import type { Rank } from "../../store/ranks.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

export interface DayTask {
  readonly rank: Rank;
  readonly at: number;
  /** Made one after the other, as in a task with several fetches. */
  readonly calls: number;
}

export interface DayOptions {
  readonly users: number;
  /** How many users join on the first day, with all their data. */
  readonly newUsers: number;
  readonly backfillCalls: number;
  /** Updates of activity and heart rate per user and day; each is one call. */
  readonly updates?: number;
  readonly days: number;
  readonly startsAt: number;
  readonly seed: number;
}

/** Returns a generator of whole numbers below a bound, the same for the same seed (mulberry32). */
export function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

/** Returns the hour of a sync: a third of them fall between six and eight, the others between six and midnight. */
function wakingHour(random: (below: number) => number): number {
  return 6 * hourMs + random(random(3) === 0 ? 2 * hourMs : 18 * hourMs);
}

const midnightOf = (time: number): number => Math.floor(time / dayMs) * dayMs;

export function tasksOfDay(options: DayOptions): DayTask[] {
  const { users, newUsers, backfillCalls, updates = 20, days, startsAt, seed } = options;
  const random = randomOf(seed);
  const tasks: DayTask[] = [];
  const many = (calls: number, rank: Rank, at: number) =>
    tasks.push({ rank, calls, at: Math.max(at, startsAt) });
  for (let day = 0; day < days; day++) {
    const midnight = midnightOf(startsAt) + day * dayMs;
    for (let user = 0; user < users; user++) {
      // Two exercises, each with a FIT, a TCX and a GPX file; a night with its recharge.
      for (let exercise = 0; exercise < 2; exercise++) many(4, "notification", midnight + wakingHour(random));
      many(2, "notification", midnight + 6 * hourMs + random(3 * hourMs));
      for (let update = 0; update < updates; update++) many(1, "notification", midnight + wakingHour(random));
      many(2, "request", midnight + wakingHour(random));
      for (let hour = 4; hour < 24; hour += 4)
        many(4, "reconcile", midnight + hour * hourMs + random(hourMs));
    }
  }
  for (let user = 0; user < newUsers; user++) {
    many(backfillCalls, "backfill", midnightOf(startsAt) + 4 * hourMs + random(14 * hourMs));
  }
  return tasks;
}

interface Planned {
  readonly at: number;
  readonly ordinal: number;
  readonly run: () => void;
}

/** Runs planned tasks in the order of their times; the clock jumps from one to the next. */
export class Agenda {
  now: number;
  readonly #heap: Planned[] = [];
  #ordinal = 0;

  constructor(now: number) {
    this.now = now;
  }

  at(time: number, run: () => void): void {
    this.#heap.push({ at: Math.max(time, this.now), ordinal: this.#ordinal++, run });
    let child = this.#heap.length - 1;
    while (child > 0) {
      const parent = (child - 1) >> 1;
      if (!this.#swapIfSooner(child, parent)) break;
      child = parent;
    }
  }

  run(): void {
    for (let next = this.#take(); next !== undefined; next = this.#take()) {
      this.now = next.at;
      next.run();
    }
  }

  #take(): Planned | undefined {
    const first = this.#heap[0];
    const last = this.#heap.pop();
    if (first === undefined || last === undefined || this.#heap.length === 0) return first;
    this.#heap[0] = last;
    let parent = 0;
    for (;;) {
      const left = 2 * parent + 1;
      const child = isSooner(this.#heap[left + 1], this.#heap[left]) ? left + 1 : left;
      if (!this.#swapIfSooner(child, parent)) return first;
      parent = child;
    }
  }

  #swapIfSooner(child: number, parent: number): boolean {
    const [one, other] = [this.#heap[child], this.#heap[parent]];
    if (one === undefined || other === undefined || !isSooner(one, other)) return false;
    this.#heap[child] = other;
    this.#heap[parent] = one;
    return true;
  }
}

function isSooner(one: Planned | undefined, other: Planned | undefined): boolean {
  if (one === undefined || other === undefined) return false;
  return one.at < other.at || (one.at === other.at && one.ordinal < other.ordinal);
}
