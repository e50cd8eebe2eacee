/**
 * The cost of a second and a fourth destination: the same events to more receivers, each of them a webhook.
 * The floor is the same system with one.
 */
import { openPost } from "./deliveries.ts";
import type { Bench } from "./support/benchmark.ts";
import type { Result } from "./support/report.ts";
import { compare, type Round } from "./support/rounds.ts";

const rounds = 3;
const perRound = 600;
const numbers = [1, 2, 4] as const;

export async function benchFanOut({ openTestBed, progress }: Bench): Promise<Result[]> {
  await using opened = new AsyncDisposableStack();
  const testBed = await openTestBed();
  const times = new Map<number, number[]>();
  const posts = new Map<number, Awaited<ReturnType<typeof openPost>>>();
  for (const destinations of numbers) {
    progress(`starting a system with ${destinations}`);
    const post = await openPost(testBed, opened, destinations);
    await post.deliver(perRound);
    posts.set(destinations, post);
  }
  for (let round = 0; round < rounds; round++) {
    progress(`round ${round + 1} of ${rounds}, ${perRound} events`);
    for (const [destinations, post] of posts) {
      const ms = (perRound / (await post.deliver(perRound))) * 1_000;
      times.set(destinations, [...(times.get(destinations) ?? []), ms]);
    }
  }
  return [2, 4].map((destinations) => ({
    benchmark: "fan-out",
    what: `${perRound} events to ${destinations} destinations`,
    unit: "ms",
    ...compare(turnsOf(times, destinations), "lower"),
    against: "the same events to one",
  }));
}

function turnsOf(times: ReadonlyMap<number, readonly number[]>, destinations: number): Round<number>[] {
  const single = times.get(1) ?? [];
  return (times.get(destinations) ?? []).map((ours, round) => ({ ours, floor: single[round] ?? Number.NaN }));
}
