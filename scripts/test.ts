/**
 * `npm test`: runs all tests with the embedded PostgreSQL, and every kind of destination with its real
 * server; then the tests of the store again with a PostgreSQL 15 server, where the bodies of rows are in files, and with
 * the Citus that TEST_CITUS_URL names.
 * Arguments go to Vitest: `npm test -- src/delivery`.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { ensureDashboard } from "../src/dashboard/build.ts";
import {
  bringUp,
  type KindOfServer,
  serversAlone,
  serversOfKinds,
  type WantedServer,
} from "../test/servers/all.ts";
import { isUnavailable, releaseServers } from "../test/servers/server.ts";
import { noCitus } from "../test/support/citus.ts";
import { createTemplate } from "../test/support/database.ts";
import { startTestServer } from "../test/support/embedded.ts";
import { startPostgres15 } from "../test/support/postgres15.ts";
import { columns, destinationsTable, type ReportedCase, reportedCases } from "./destinations-table.ts";
import { failedTests } from "./failed-tests.ts";
import { testsOfStore } from "./tests-of-store.ts";

interface Round {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Null when Vitest ended without a report. */
  readonly cases: readonly ReportedCase[] | null;
  /** A line for each test that failed. */
  readonly failures: readonly string[];
}

const root = path.resolve(import.meta.dirname, "..");
const scratch = mkdtempSync(path.join(os.tmpdir(), "systole-tests-"));
const filters = process.argv.slice(2);
/** The cache of compiled modules for the processes of tests: to compile them takes half of a start. */
const compiled = path.join(root, "node_modules/.cache/systole-compiled");
/** Servers that are brought up beside the first tests; more would only slow each other down. */
const atOnce = 2;

// The servers belong to this run; its workers recognise it by this.
process.env.SYSTOLE_TEST_RUN = String(process.pid);

let running: ChildProcess | null = null;
let interrupted = false;
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    interrupted = true;
    running?.kill(signal);
  });
}

async function runVitest(
  name: string,
  databaseUrl: string,
  args: readonly string[],
  variables: NodeJS.ProcessEnv = {},
): Promise<Round> {
  const report = path.join(scratch, `${name}.json`);
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  process.stdout.write(`\n=== ${name} ===\n`);
  const vitest = spawn(path.join(root, "node_modules/.bin/vitest"), ["run", ...reporters, ...args], {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    env: {
      ...process.env,
      TEST_DATABASE_URL: databaseUrl,
      TEST_DATABASE_TEMPLATE: await createTemplate(databaseUrl),
      NODE_COMPILE_CACHE: compiled,
      ...variables,
    },
  });
  running = vitest;
  const [status, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
    vitest.once("error", reject);
    vitest.once("close", (...end) => resolve(end));
  });
  running = null;
  const round = roundOf(report, status, signal);
  return { ...round, failures: round.failures.map((line) => `${name}: ${line}`) };
}

function roundOf(file: string, status: number | null, signal: NodeJS.Signals | null): Round {
  const report = readReport(file);
  if (report === null) {
    const failure = `Vitest ended without a report, with ${signal ?? `exit code ${status}`}.`;
    process.stdout.write(`\n${failure}\n`);
    return { passed: 0, failed: 1, skipped: 0, cases: null, failures: [failure] };
  }
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, numFailedTestSuites } = report;
  // A suite that cannot even start fails no test of its own; it must not go unnoticed.
  const broken = numFailedTests === 0 && status !== 0 ? Math.max(1, numFailedTestSuites) : 0;
  return {
    passed: numPassedTests,
    failed: numFailedTests + broken,
    skipped: numPendingTests + numTodoTests,
    cases: reportedCases(report),
    failures: failedTests(report, root),
  };
}

/** Returns null when Vitest ended before it wrote one. */
function readReport(file: string) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return null;
  }
}

/** Brings the servers up while the first tests run; tests find them ready or wait for them. */
async function bringAllUp(servers: readonly WantedServer[]): Promise<string[][]> {
  const waiting = [...servers];
  const times: string[][] = [];
  const bringUpInTurn = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined && !interrupted; next = waiting.shift()) {
      times.push(await timesOf(next));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, bringUpInTurn));
  return times;
}

async function timesOf(wanted: WantedServer): Promise<string[]> {
  const { name } = wanted.recipe;
  try {
    const server = await bringUp(wanted, { keep: false });
    if (isUnavailable(server)) return [name, "not to be had", "", ""];
    const { prepare, start } = server.seconds;
    return [server.name, server.version, `${prepare.toFixed(1)} s`, `${start.toFixed(1)} s`];
  } catch (error) {
    // The tests that need it report it again and fail.
    process.stderr.write(`\n${String(error)}: ${String((error as Error).cause ?? "")}\n`);
    return [name, "did not start", "", ""];
  }
}

/** Built once, before processes that start at the same time would each do so. */
const buildDashboard = () => ensureDashboard({ say: (line) => process.stdout.write(`${line}\n`) });

async function firstRound(kinds: readonly KindOfServer[]): Promise<{ round: Round; times: string[][] }> {
  const embedded = await startTestServer(path.join(scratch, "embedded"));
  const servers = bringAllUp(serversAlone(kinds));
  try {
    const round = await runVitest("PostgreSQL 18, embedded", embedded.connectionString, filters);
    return { round, times: await servers };
  } finally {
    await servers;
    await releaseServers();
    await embedded.stop();
  }
}

/** End-to-end tests of what the database itself does: locks, kills, copies. */
const wholeAgain = ["backup", "crash", "erasure", "renormalize", "sync"].map(
  (name) => `test/${name}.test.ts`,
);
/** Besides, the one of rows that change their person: on Citus they are moved to another node. */
const wholeOnCitus = [...wholeAgain, "test/identity.test.ts"];

/**
 * Returns the files of a further round: destinations and pages have been tested with their servers and browser, and
 * a test without a database would only be repeated. Of the end-to-end tests a few are enough, because those of src have
 * run every statement; arguments choose others.
 */
function filesAgain(whole: readonly string[]): string[] {
  const wanted = filters.length === 0 ? ["src/", ...whole] : filters;
  const all = globSync("{src,test}/**/*.test.ts", { cwd: root })
    .filter((file) => !file.startsWith("src/destinations/") && !file.startsWith("test/browser/"))
    .filter((file) => wanted.some((filter) => file.includes(filter)));
  return testsOfStore(root, all);
}

async function secondRound(): Promise<Round[]> {
  const files = filesAgain(wholeAgain);
  if (files.length === 0) return [];
  const second = await startPostgres15(path.join(scratch, "postgres15"));
  if ("reason" in second) {
    process.stdout.write(`\nNOT RUN against PostgreSQL 15: ${second.reason}\n`);
    return [];
  }
  try {
    const name = `PostgreSQL ${second.version}, by DATABASE_URL`;
    // The first round has them in rows: the other way costs nothing here.
    return [await runVitest(name, second.connectionString, files, { TEST_BODIES: "outside" })];
  } finally {
    await second.stop();
  }
}

/** The same files on a Citus, where there is one: nobody can be expected to have it. */
async function thirdRound(): Promise<Round[]> {
  const { TEST_CITUS_URL: url } = process.env;
  if (!url) {
    process.stdout.write(`\nNOT RUN on Citus: ${noCitus}\n`);
    return [];
  }
  const files = filesAgain(wholeOnCitus);
  return files.length === 0 ? [] : [await runVitest("Citus, by TEST_CITUS_URL", url, files)];
}

await buildDashboard();
const kinds = await serversOfKinds(filters);
const { round, times } = await firstRound(kinds);
const rounds = [round];
if (!interrupted) rounds.push(...(await secondRound()));
if (!interrupted) rounds.push(...(await thirdRound()));
rmSync(scratch, { recursive: true, force: true });

const expected = filters.length > 0 ? [] : kinds.map(({ kind }) => kind);
const table = round.cases === null ? [] : destinationsTable(round.cases, expected);
const bringing =
  times.length === 0
    ? []
    : ["Servers", ...columns([["server", "version", "found or installed in", "started in"], ...times])];
const failures = rounds.flatMap((each) => each.failures);
const failed = failures.length === 0 ? [] : ["Failed", ...failures.map((line) => `  ${line}`)];
for (const lines of [bringing, table, failed])
  if (lines.length > 0) process.stdout.write(`\n${lines.join("\n")}\n`);
const sum = (key: "passed" | "failed" | "skipped"): number =>
  rounds.reduce((total, each) => total + each[key], 0);
process.stdout.write(`\n${sum("passed")} passed, ${sum("failed")} failed, ${sum("skipped")} skipped\n`);
process.exitCode = interrupted || sum("failed") > 0 || sum("passed") === 0 ? 1 : 0;
