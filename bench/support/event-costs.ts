/** Measures the costs of an event for `emit` and `peers`: the size of their runs, the loop that is the floor, and the sums. */
import { waitFor } from "../../test/support/wait.ts";
import { type Child, startChild } from "./child.ts";

export const rounds = 3;
export const count = 1_000;
export const floorCount = 500;
export const width = 32;
export const perSecond = 50;
export const steadyCount = 500;

/** Starts the loop that is the floor. Its database is on the server of the test bed. */
export async function startLoop(
  databaseUrl: string,
  receiver: Child,
  opened: AsyncDisposableStack,
): Promise<Child> {
  const settings = {
    DATABASE_URL: databaseUrl,
    RECEIVER: receiver.url,
    COUNT: String(floorCount),
    STEADY_COUNT: String(steadyCount),
    PER_SECOND: String(perSecond),
  };
  return startFor(opened, "loop", settings);
}

/** Starts a server that ends with the stack. */
export async function startFor(
  opened: AsyncDisposableStack,
  name: string,
  env: Record<string, string> = {},
): Promise<Child> {
  const child = await startChild(name, env);
  opened.defer(() => child.stop());
  return child;
}

/** Does the work, and waits until the receiver has as many events more. Returns how many it has more then. */
export async function untilReceived(
  receiver: Child,
  events: number,
  work: () => Promise<unknown>,
  timeoutMs: number,
): Promise<() => Promise<number>> {
  const before = await receiver.ask("received");
  const received = async (): Promise<number> => (await receiver.ask("received")) - before;
  await work();
  await waitFor("all events", async () => (await received()) >= events, timeoutMs);
  return received;
}

/** Returns how much each total grew with the work for each event, and the events a second on the clock. */
export async function costsOf<Fact extends string>(
  events: number,
  totals: Readonly<Record<Fact, () => Promise<number> | number>>,
  work: () => Promise<unknown>,
): Promise<Record<Fact | "perSecond", number>> {
  const facts = Object.keys(totals) as Fact[];
  const readAll = (): Promise<number[]> => Promise.all(facts.map(async (fact) => totals[fact]()));
  const before = await readAll();
  const began = performance.now();
  await work();
  const seconds = (performance.now() - began) / 1_000;
  const after = await readAll();
  const grown = facts.map((fact, index) => [fact, ((after[index] ?? 0) - (before[index] ?? 0)) / events]);
  return { ...Object.fromEntries(grown), perSecond: events / seconds };
}
