/**
 * The cost of five more providers to a process in which only the first is configured: until it listens, and the memory that
 * it has afterwards. The floor is the same process with that one plugin registered.
 */
import path from "node:path";
import { call } from "../src/demo/person.ts";
import { credentials } from "../test/support/system.ts";
import type { Bench } from "./support/benchmark.ts";
import { type Child, startChild } from "./support/child.ts";
import type { Result } from "./support/report.ts";
import { compare, type Round, takeTurns } from "./support/rounds.ts";

const rounds = 5;
const restMs = 3_000;
const mebibyte = 1_024 ** 2;

const first = "src/providers/polar/index.ts";
/** Those that there are, and as many of the tests' as make five. */
const others = [
  "src/providers/apple/index.ts",
  "src/providers/garmin/index.ts",
  "src/providers/oura/index.ts",
  "test/invented/tideline/plugin.ts#tideline",
  "test/invented/relay/plugin.ts#relay",
];

interface Started {
  readonly ms: number;
  readonly cpuMs: number;
  readonly residentBytes: number;
}

export async function benchIdlePlugins({ openTestBed, progress }: Bench): Promise<Result[]> {
  await using opened = new AsyncDisposableStack();
  const testBed = await openTestBed();
  const sandboxes = await startChild("sandboxes");
  opened.defer(() => sandboxes.stop());
  const polar = Object.entries(sandboxes.variables).filter(([name]) => name.startsWith("POLAR_"));
  const databaseUrl = await testBed.createDatabase();
  const start = (plugins: readonly string[]) => async (): Promise<Started> => {
    const env = { ...Object.fromEntries(polar), PLUGINS: plugins.join(",") };
    const began = performance.now();
    const systole = await testBed.startSystole(databaseUrl, env, preload);
    const ms = performance.now() - began;
    await checkProviders(systole, plugins.length);
    return { ms, cpuMs: await systole.ask("cpu-at-start"), residentBytes: await atRest(systole) };
  };
  const [ours, floor] = [start([first, ...others]), start([first])];
  // The first start makes the tables.
  await ours();
  progress(`${rounds} starts of each`);
  const taken = await takeTurns(rounds, ours, floor);
  return [
    result("ms", "until it listens", taken, ({ ms }) => ms),
    result("ms", "processor time until then", taken, ({ cpuMs }) => cpuMs),
    result("MiB", `${restMs / 1_000} s later`, taken, ({ residentBytes }) => residentBytes / mebibyte),
  ];
}

const preload = ["--import", path.join(import.meta.dirname, "servers/only-plugins.ts")];

async function checkProviders({ url }: Child, expected: number): Promise<void> {
  const headers = { authorization: `Bearer ${credentials.adminToken}` };
  const answer = await call<{ data: unknown[] }>(`${url}/admin/v1/providers`, { headers });
  if (answer.data.length !== expected) throw new Error(`It knows ${answer.data.length} providers`);
}

async function atRest(systole: Child): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, restMs));
  const { residentBytes } = await systole.memory();
  await systole.stop();
  return residentBytes;
}

function result(
  unit: Result["unit"],
  when: string,
  taken: readonly Round<Started>[],
  of: (started: Started) => number,
): Result {
  const figures = taken.map(({ ours, floor }) => ({ ours: of(ours), floor: of(floor) }));
  return {
    benchmark: "idle-plugins",
    what: `a process with six providers, one of them configured: ${when}`,
    unit,
    ...compare(figures, "lower"),
    aim: 1.05,
    against: "the same with one",
  };
}
