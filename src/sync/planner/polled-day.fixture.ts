/**
 * A day of people of an API without notifications, as tasks: every resource is looked at in its own pace, and each look
 * asks for what a real one would ask for. Their watches sync some times a day; what a sync brings is news of the next look.
 */
import { utcDay } from "../../store/days.ts";
import type { DiscoverableResource } from "../coverage.ts";
import { lookAt } from "../looks.ts";
import { firstInterval, paceOf } from "../pace.ts";
import { type DayTask, randomOf } from "./day.fixture.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

export interface PolledDay {
  readonly users: number;
  readonly startsAt: number;
  readonly seed: number;
  readonly resources: readonly DiscoverableResource[];
  /** How often each resource has something new in a day; none where it is absent. */
  readonly newsPerDay: Readonly<Record<string, number>>;
  /** The calls that follow from something new, such as the day that an index names. */
  readonly followingCalls: Readonly<Record<string, number>>;
}

/** Returns the tasks of a day, after half a day in which each resource comes to its pace. */
export function polledTasks(options: PolledDay): DayTask[] {
  const random = randomOf(options.seed);
  return Array.from({ length: options.users }, () =>
    options.resources.flatMap((resource) => tasksOf(resource, options, random)),
  ).flat();
}

function tasksOf(
  resource: DiscoverableResource,
  { startsAt, newsPerDay, followingCalls }: PolledDay,
  random: (below: number) => number,
): DayTask[] {
  const { name, discovery } = resource;
  const news = newsTimes(newsPerDay[name] ?? 0, startsAt, random);
  const { shortestMs, longestMs, afterNewsMs } = paceOf(discovery);
  let everyMs = firstInterval(resource).everyMs;
  const wait = () => everyMs * (0.75 + random(250) / 1_000);
  const tasks: DayTask[] = [];
  let before = startsAt - dayMs / 2;
  for (let at = before + random(everyMs); at < startsAt + dayMs; at += wait()) {
    const [since, until] = [before, at];
    const hasNews = news.some((time) => time >= since && time < until);
    everyMs = hasNews
      ? Math.min(everyMs, afterNewsMs ?? Math.max(shortestMs, everyMs / 2))
      : Math.min(longestMs, (everyMs / 2) * 3);
    const calls = callsOf(resource, before, at) + (hasNews ? (followingCalls[name] ?? 0) : 0);
    if (at >= startsAt) tasks.push({ rank: "reconcile", at, calls });
    before = at;
  }
  return tasks;
}

function callsOf({ name, discovery }: DiscoverableResource, before: number, at: number): number {
  const looking = { name, discovery, askedUntil: new Date(before), oldest: "2020-01-01", now: new Date(at) };
  const { newest, others } = lookAt(looking);
  return newest.length + others.length;
}

/** Times of news: a third of them between six and eight, the others between six and midnight. */
function newsTimes(perDay: number, startsAt: number, random: (below: number) => number): number[] {
  const first = Date.parse(utcDay(new Date(startsAt))) - dayMs;
  return Array.from({ length: 3 * perDay }, (_, index) => {
    const hours = random(3) === 0 ? 2 : 18;
    return first + (index % 3) * dayMs + 6 * hourMs + random(hours * hourMs);
  });
}
