/**
 * What an event costs from its transaction until it is delivered, in time of the processor: of the process that emits it,
 * of Systole and of PostgreSQL together; the receiver's is left out. Events come alone, 32 at a time and at a steady 50 a
 * second, and in bulk. The floor is a bare loop over the same bytes, receiver and server: one after the other, and as wide
 * or at the pace of ours, because a processor that rests between two events does each more slowly.
 */
import { addWebhook } from "../src/demo/person.ts";
import { firstEnvironment } from "../src/store/environments.ts";
import { credentials } from "../test/support/system.ts";
import { waitFor } from "../test/support/wait.ts";
import type { Bench } from "./support/benchmark.ts";
import type { Child } from "./support/child.ts";
import { bodyBytes, isSettled } from "./support/emission.ts";
import {
  costsOf,
  count,
  floorCount,
  perSecond,
  rounds,
  startFor,
  startLoop,
  steadyCount,
  untilReceived,
  width,
} from "./support/event-costs.ts";
import { familyMs, postmasterOf } from "./support/processor.ts";
import type { Result } from "./support/report.ts";
import { type Comparison, compare, type Round } from "./support/rounds.ts";
import type { TestBed } from "./support/test-bed.ts";

const timeoutMs = 120_000;

interface Costs {
  /** Milliseconds of the processor for each event. */
  readonly processorMs: number;
  /** PostgreSQL's part of those milliseconds. */
  readonly databaseMs: number;
  readonly statements: number;
  /** Events on the clock, until the last one is written down as delivered. */
  readonly perSecond: number;
}

export async function benchEmit({ openTestBed, progress }: Bench): Promise<Result[]> {
  await using opened = new AsyncDisposableStack();
  const testBed = await openTestBed();
  progress("starting a worker, a process that emits, a receiver and a loop");
  const { ours, floor } = await open(testBed, opened);
  const manners: readonly Manner[] = [
    {
      name: `${width} at a time`,
      run: () => ours("wide", count),
      floor: "wide",
      aims: { sequential: 0.4, other: 1.2 },
    },
    { name: `${perSecond}/s`, run: () => ours("steady", steadyCount), floor: "steady", aims: {} },
    { name: "100 in a transaction", run: () => ours("bulk", count), floor: "wide", aims: {} },
  ];
  await ours("wide", count);
  await floor("sequential");
  const results: Result[] = [];
  for (const manner of manners) {
    const turns: Turn[] = [];
    for (let round = 0; round < rounds; round++) {
      progress(`events ${manner.name}, round ${round + 1} of ${rounds}`);
      turns.push({
        ours: await manner.run(),
        sequential: await floor("sequential"),
        other: await floor(manner.floor),
      });
      progress(shown(turns.at(-1)?.ours));
    }
    results.push(...resultsOf(manner, turns));
  }
  return results;
}

/** How events come, and the loop that does so too. */
interface Manner {
  readonly name: string;
  readonly floor: "wide" | "steady";
  /** The most that the costs may be, as a ratio to each of both loops. */
  readonly aims: { readonly sequential?: number; readonly other?: number };
  run(): Promise<Costs>;
}

interface Turn {
  readonly ours: Costs;
  readonly sequential: Costs;
  readonly other: Costs;
}

const loops = { sequential: "one after the other", wide: "16 at a time", steady: "at the same pace" };

function resultsOf({ name, floor, aims }: Manner, turns: readonly Turn[]): Result[] {
  const compared = (fact: keyof Costs, loop: "sequential" | "other"): Comparison =>
    compare(
      turns.map((turn): Round<number> => ({ ours: turn.ours[fact], floor: turn[loop][fact] })),
      fact === "perSecond" ? "higher" : "lower",
    );
  const costs = (["sequential", "other"] as const).map((loop) => ({
    benchmark: "emit",
    what: `${name}, ${bodyBytes / 1_000} kB: time of the processor an event`,
    unit: "ms" as const,
    ...compared("processorMs", loop),
    ...(aims[loop] !== undefined && { aim: aims[loop] }),
    against: `INSERT, POST, DELETE, ${loops[loop === "other" ? floor : loop]}`,
  }));
  const against = `INSERT, POST, DELETE, ${loops[floor]}`;
  return [
    ...costs,
    {
      benchmark: "emit",
      what: `${name}: of it PostgreSQL's`,
      unit: "ms",
      ...compared("databaseMs", "other"),
      against,
    },
    {
      benchmark: "emit",
      what: `${name}: statements an event`,
      unit: "statements",
      ...compared("statements", "other"),
      against,
    },
    {
      benchmark: "emit",
      what: `${name}: until all are delivered`,
      unit: "/s",
      ...compared("perSecond", "other"),
      against,
    },
  ];
}

const shown = (costs: Costs | undefined): string =>
  `an event took ${costs?.processorMs.toFixed(2)} ms, ${costs?.databaseMs.toFixed(2)} of them PostgreSQL's, and ${costs?.statements.toFixed(2)} statements; ${costs?.perSecond.toFixed(0)} a second`;

async function open(testBed: TestBed, opened: AsyncDisposableStack) {
  const databaseUrl = await testBed.createDatabase();
  const postmaster = await postmasterOf(databaseUrl);
  const systole = await testBed.startSystole(databaseUrl);
  opened.defer(() => systole.stop());
  const receiver = await startFor(opened, "receiver");
  await addWebhook({ url: systole.url, sandboxUrl: "", ...credentials }, receiver.url);
  const store = await testBed.openStore(databaseUrl, opened);
  const environment = await firstEnvironment(store.db);
  if (environment === null) throw new Error("Systole made no environment");
  const emitter = await startFor(opened, "emitter", settingsOf(databaseUrl, environment.environment_id));
  const loop = await startLoop(await testBed.createDatabase(), receiver, opened);
  return {
    ours: (manner: string, events: number): Promise<Costs> =>
      costsWith(events, [emitter, systole], postmaster, async () => {
        const receivedBy = await untilReceived(receiver, events, () => emitter.ask(manner), timeoutMs);
        await waitFor("all outcomes", () => isSettled(store), timeoutMs);
        const received = await receivedBy();
        if (received !== events) throw new Error(`${events} events were sent and ${received} received`);
      }),
    floor: (manner: string): Promise<Costs> =>
      costsWith(manner === "steady" ? steadyCount : floorCount, [loop], postmaster, () => loop.ask(manner)),
  };
}

const settingsOf = (databaseUrl: string, environmentId: string): Record<string, string> => ({
  DATABASE_URL: databaseUrl,
  ENVIRONMENT_ID: environmentId,
  COUNT: String(count),
  STEADY_COUNT: String(steadyCount),
  PER_SECOND: String(perSecond),
  WIDTH: String(width),
});

async function costsWith(
  events: number,
  children: readonly Child[],
  postmaster: number,
  work: () => Promise<unknown>,
): Promise<Costs> {
  const total = async (fact: string): Promise<number> =>
    (await Promise.all(children.map((child) => child.ask(fact)))).reduce((sum, figure) => sum + figure, 0);
  const totals = {
    childrenMs: () => total("cpu"),
    databaseMs: () => familyMs(postmaster),
    statements: () => total("statements"),
  };
  const { childrenMs, ...costs } = await costsOf(events, totals, work);
  return { ...costs, processorMs: childrenMs + costs.databaseMs };
}
