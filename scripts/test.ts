/**
 * `npm test`: everything against the embedded PostgreSQL, then whatever touches the store once more against
 * a PostgreSQL 15 server. Arguments go to Vitest: `npm test -- src/delivery`.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { startEmbedded } from "../src/store/embedded/server.ts";
import { startPostgres15 } from "../test/support/postgres15.ts";

interface Totals {
  passed: number;
  failed: number;
  skipped: number;
}

const root = path.resolve(import.meta.dirname, "..");
const scratch = mkdtempSync(path.join(os.tmpdir(), "systole-tests-"));
/** Rooms whose tests use a database. */
const roomsWithStore = ["src/store", "src/delivery", "src/ingest", "src/connections", "src/api", "test/"];

function runVitest(name: string, databaseUrl: string, filters: readonly string[]): Totals {
  const report = path.join(scratch, `${name}.json`);
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  process.stdout.write(`\n=== ${name} ===\n`);
  const { status } = spawnSync(
    path.join(root, "node_modules/.bin/vitest"),
    ["run", ...reporters, ...filters],
    {
      cwd: root,
      stdio: ["ignore", "inherit", "inherit"],
      env: { ...process.env, TEST_DATABASE_URL: databaseUrl },
    },
  );
  return totalsOf(report, status);
}

function totalsOf(report: string, status: number | null): Totals {
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, numFailedTestSuites } = JSON.parse(
    readFileSync(report, "utf8"),
  );
  // A suite that cannot even start fails no test of its own; it must not go unnoticed.
  const broken = numFailedTests === 0 && status !== 0 ? Math.max(1, numFailedTestSuites) : 0;
  return { passed: numPassedTests, failed: numFailedTests + broken, skipped: numPendingTests + numTodoTests };
}

async function main(): Promise<Totals[]> {
  const filters = process.argv.slice(2);
  const results: Totals[] = [];
  const embedded = await startEmbedded(path.join(scratch, "embedded"));
  try {
    results.push(runVitest("PostgreSQL 18, embedded", embedded.connectionString, filters));
  } finally {
    await embedded.stop();
  }
  const second = await startPostgres15(path.join(scratch, "postgres15"));
  if ("reason" in second) {
    process.stdout.write(`\nNOT RUN against PostgreSQL 15: ${second.reason}\n`);
    return results;
  }
  try {
    const again = filters.length > 0 ? filters : roomsWithStore;
    results.push(runVitest(`PostgreSQL ${second.version}, by DATABASE_URL`, second.connectionString, again));
  } finally {
    await second.stop();
  }
  return results;
}

const results = await main();
rmSync(scratch, { recursive: true, force: true });
const sum = (key: keyof Totals): number => results.reduce((total, result) => total + result[key], 0);
process.stdout.write(`\n${sum("passed")} passed, ${sum("failed")} failed, ${sum("skipped")} skipped\n`);
process.exitCode = sum("failed") > 0 || sum("passed") === 0 ? 1 : 0;
