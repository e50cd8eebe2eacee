/**
 * 28 days of a person as NDJSON of FHIR, by `systole export` from a running Systole. The floor of the rate writes the
 * same resources to files of the same size in parts, each part on the disk before the next. The floor of the memory is
 * the export of a week.
 */
import { mkdtemp, open, readdir, readFile, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import pg from "pg";
import { syncWatch } from "../src/demo/person.ts";
import { credentials } from "../test/support/system.ts";
import type { Bench } from "./support/benchmark.ts";
import { type Child, startChild } from "./support/child.ts";
import type { Result } from "./support/report.ts";
import { compare, takeTurns } from "./support/rounds.ts";
import { openSystem, type TestBed } from "./support/test-bed.ts";
import { untilFetched } from "./sync.ts";

const days = 28;
const rounds = 5;
/** As many as the export asks for at a time. */
const part = 500;
const mebibyte = 1_024 ** 2;

export async function benchNdjson({ openTestBed, progress }: Bench): Promise<Result[]> {
  await using opened = new AsyncDisposableStack();
  const testBed = await openTestBed();
  progress(`bringing in ${days} days through the sandbox`);
  const databaseUrl = await fill(testBed);
  const directory = await mkdtemp(path.join(os.tmpdir(), "systole-ndjson-"));
  opened.defer(() => rm(directory, { recursive: true, force: true }));
  const weekAgo = new Date(Date.now() - 7 * 24 * 3_600_000).toISOString().slice(0, 10);
  const week = await exporting(
    { testBed, databaseUrl, out: path.join(directory, "week"), since: weekAgo },
    opened,
  );
  const all = await exporting({ testBed, databaseUrl, out: path.join(directory, "all") }, opened);
  await week.exporter.ask("export");
  await all.exporter.ask("export");
  // Before the rounds: each has exported once.
  const peaks = [
    await peak("peak of the server", all.systole, week.systole),
    await peak("peak of the command", all.exporter, week.exporter),
  ];
  const lines = await linesIn(path.join(directory, "all"));
  const count = [...lines.values()].flat().length;
  progress(`${rounds} rounds of ${count} rows`);
  const turns = await takeTurns(
    rounds,
    async () => rate(count, await all.exporter.ask("export")),
    async () => rate(count, await bare(lines, directory)),
  );
  const what = `${days} days → NDJSON, ${count} rows`;
  const against = "JSON.stringify of the same resources, written in parts";
  return [{ benchmark: "ndjson", what, unit: "/s", ...compare(turns, "higher"), against }, ...peaks];
}

/** Returns the database of a Systole with the data, which itself is ended: its memory is that of bringing them in. */
async function fill(testBed: TestBed): Promise<string> {
  await using filling = new AsyncDisposableStack();
  const system = await openSystem(testBed, filling);
  const pool = new pg.Pool({ connectionString: system.databaseUrl, max: 2 });
  filling.defer(() => pool.end());
  await untilFetched(pool);
  await syncWatch(system.server, system.person, days);
  await untilFetched(pool);
  return system.databaseUrl;
}

interface Exporting {
  readonly testBed: TestBed;
  readonly databaseUrl: string;
  readonly out: string;
  readonly since?: string;
}

/** Starts a Systole that has done nothing yet, and a process that exports from it. */
async function exporting({ testBed, databaseUrl, out, since }: Exporting, opened: AsyncDisposableStack) {
  const systole = await testBed.startSystole(databaseUrl, { SYSTOLE_ROLES: "api" });
  opened.defer(() => systole.stop());
  const exporter = await startChild("exporter", {
    OUT: out,
    SYSTOLE: systole.url,
    DEV_ID: credentials.devId,
    API_KEY: credentials.apiKey,
    ...(since !== undefined && { SINCE: since }),
  });
  opened.defer(() => exporter.stop());
  return { systole, exporter };
}

async function linesIn(directory: string): Promise<Map<string, unknown[]>> {
  const names = (await readdir(directory)).filter((name) => name.endsWith(".ndjson"));
  const files = names.map(async (name): Promise<[string, unknown[]]> => {
    const text = await readFile(path.join(directory, name), "utf8");
    return [
      name,
      text
        .trimEnd()
        .split("\n")
        .map((line): unknown => JSON.parse(line)),
    ];
  });
  return new Map(await Promise.all(files));
}

/** Returns the milliseconds. */
async function bare(lines: ReadonlyMap<string, readonly unknown[]>, directory: string): Promise<number> {
  const began = performance.now();
  for (const [name, resources] of lines) {
    await using file = await open(path.join(directory, name), "w");
    for (let from = 0; from < resources.length; from += part) {
      const text = resources.slice(from, from + part).map((one) => `${JSON.stringify(one)}\n`);
      await file.appendFile(text.join(""));
      await file.sync();
    }
  }
  return performance.now() - began;
}

const rate = (count: number, ms: number): number => count / (ms / 1_000);

async function peak(what: string, ours: Child, floor: Child): Promise<Result> {
  const [all, week] = [await ours.memory(), await floor.memory()];
  const once = [{ ours: all.peakBytes / mebibyte, floor: week.peakBytes / mebibyte }];
  const against = "the same with a week";
  return { benchmark: "ndjson", what, unit: "MiB", ...compare(once, "lower"), aim: 1.25, against };
}
