/**
 * A flood of notifications to be refused, at a server that has no webhook secret yet: no credentials are
 * needed for it.
 */
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { Writable } from "node:stream";
import pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startSystole } from "../src/systole.ts";
import { createLogger } from "../src/telemetry/log.ts";
import { createStoreDatabase } from "./support/database.ts";
import { systemConfig } from "./support/system.ts";

interface Line {
  readonly msg: string;
  readonly route?: string;
  readonly code?: string;
  readonly count?: number;
}

const opened = new AsyncDisposableStack();
const lines: Line[] = [];
let url: string;
let pool: pg.Pool;

beforeAll(async () => {
  const directory = await mkdtemp(path.join(os.tmpdir(), "systole-refused-"));
  opened.defer(() => rm(directory, { recursive: true, force: true }));
  const database = await createStoreDatabase();
  opened.defer(() => database.drop());
  const destination = new Writable({
    write(chunk, _encoding, done) {
      lines.push(JSON.parse(String(chunk)));
      done();
    },
  });
  const config = await systemConfig(database.connectionString, directory);
  const systole = await startSystole(config, createLogger("info", destination), {});
  opened.defer(() => systole.close());
  url = systole.publicUrl;
  pool = new pg.Pool({ connectionString: database.connectionString, max: 1 });
  pool.on("error", () => {});
  opened.defer(() => pool.end());
});
afterAll(() => opened.disposeAsync());

const notify = async (slug: string, bytes: number): Promise<number> =>
  (await fetch(`${url}/v2/hooks/${slug}`, { method: "POST", body: "x".repeat(bytes) })).status;

it("each is refused and counted; few are stored, and the log reports them together", async () => {
  const flood = { NOTIFICATION_SECRET_UNKNOWN: 503, NOTIFICATION_TOO_LARGE: 413, PROVIDER_UNKNOWN: 404 };
  for (let round = 0; round < 30; round++) {
    const [slug, bytes] = [
      ["polar", 1_000],
      ["polar", 100_000],
      ["nobody", 10],
    ][round % 3] as [string, number];
    const statuses = await Promise.all(Array.from({ length: 40 }, () => notify(slug, bytes)));
    expect(new Set(statuses)).toEqual(new Set([Object.values(flood)[round % 3]]));
  }
  const metrics = await (await fetch(`${url}/metrics`)).text();
  for (const code of Object.keys(flood)) {
    expect(metrics).toMatch(new RegExp(`^systole_notifications_refused_total{.*code="${code}"} 400$`, "m"));
  }
  const { rows } = await pool.query("SELECT code, octet_length(body) AS bytes FROM notifications");
  // Twenty of each code if a new hour begins meanwhile.
  expect(rows.length).toBeGreaterThanOrEqual(20);
  expect(rows.length).toBeLessThanOrEqual(40);
  for (const { bytes } of rows) expect(bytes ?? 0).toBeLessThanOrEqual(256);
  expect(lines.filter(({ route }) => route === "/v2/hooks/:provider")).toEqual([]);
  const told = lines.filter(({ code }) => code !== undefined && code in flood);
  expect(told.length).toBeLessThan(20);
  expect(new Set(told.map(({ msg }) => msg))).toEqual(new Set(["notifications refused"]));
});
