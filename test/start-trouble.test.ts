/** Obstacles to a start: one sentence with a remedy, soon, and nothing left running. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freePort } from "../src/store/embedded/free-port.ts";
import { type Postgres15, startPostgres15 } from "./support/postgres15.ts";
import { runSystole, startSystoleProcess } from "./support/process.ts";

let directory: string;
let env: Record<string, string>;
beforeAll(async () => {
  directory = mkdtempSync(path.join(os.tmpdir(), "systole-trouble-"));
  env = {
    SYSTOLE_DATA_DIR: path.join(directory, "data"),
    SYSTOLE_PORT: String(await freePort()),
    SYSTOLE_LOG_LEVEL: "silent",
  };
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/**
 * Returns the output of a refused start: exit code 1, the sentence with its code, and neither a stack nor a
 * password.
 */
async function refusal(given: Record<string, string>): Promise<string> {
  const { exitCode, output } = await runSystole(["start"], { ...env, ...given });
  expect([exitCode, output]).toEqual([1, expect.stringMatching(/^.*\([A-Z_]+\)\.$/m)]);
  expect(output).not.toMatch(/^\s+at /m);
  expect(output).not.toMatch(/topsecret|Warning/);
  return output;
}

describe("the operator's own database", () => {
  it("whose host does not resolve", async () => {
    const said = await refusal({ DATABASE_URL: "postgres://x:topsecret@no-such-host.invalid/x" });
    expect(said).toContain("The database cannot be reached (STORE_UNAVAILABLE).");
    expect(said).toContain("no-such-host.invalid");
  });

  it("with a certificate that does not exist", async () => {
    const said = await refusal({
      DATABASE_URL: "postgres://x:topsecret@127.0.0.1/x?sslmode=verify-full&sslrootcert=/nowhere.pem",
    });
    expect(said).toMatch(/\(CONFIG_INVALID\)[\s\S]*DATABASE_URL: .*\/nowhere\.pem/);
  });
});

describe.skipIf(!existsSync("/usr/lib/postgresql/15/bin"))("Debian's PostgreSQL 15", () => {
  let server: Postgres15;
  beforeAll(async () => {
    const started = await startPostgres15(path.join(directory, "postgres15"));
    if ("reason" in started) throw new Error(started.reason);
    server = started;
    await asSuperuser("CREATE ROLE systole LOGIN PASSWORD 'topsecret'");
    await asSuperuser("CREATE DATABASE systole");
  });
  afterAll(() => server.stop());

  async function asSuperuser(statement: string, database = "postgres"): Promise<void> {
    const url = new URL(server.connectionString);
    url.pathname = `/${database}`;
    const client = new pg.Client({ connectionString: url.href });
    await client.connect();
    await client.query(statement);
    await client.end();
  }

  const urlOf = (database: string, query = ""): string => {
    const url = new URL(server.connectionString);
    return `postgres://systole:topsecret@${url.host}/${database}${query}`;
  };

  it("without TLS, if TLS is required", async () => {
    const said = await refusal({ DATABASE_URL: urlOf("systole", "?sslmode=require") });
    expect(said).toContain("(STORE_TLS_FAILED)");
    expect(said).toContain("sslmode=disable");
  });

  it("with a role without rights on schema public, and then with the grants of the error text", async () => {
    const said = await refusal({ DATABASE_URL: urlOf("systole") });
    expect(said).toContain("The database role lacks a right (STORE_PERMISSION_MISSING).");
    const grants = [...said.matchAll(/GRANT [^;]+/g)].map(([grant]) => grant);
    expect(grants).toHaveLength(2);
    for (const grant of grants) {
      await asSuperuser(grant.replace("<database>", "systole").replaceAll("<role>", "systole"), "systole");
    }
    const started = await startSystoleProcess({ ...env, DATABASE_URL: urlOf("systole") });
    expect(await started.stop()).toBe(0);
  });

  it("with the role and the database of the README's commands", async () => {
    const readme = readFileSync(path.resolve(import.meta.dirname, "../README.md"), "utf8");
    const [, statements = ""] = /```sql\n(CREATE ROLE[\s\S]*?)```/.exec(readme) ?? [];
    for (const statement of statements
      .replaceAll(/\bsystole\b/g, "readme")
      .split("\n")
      .filter(Boolean)) {
      await asSuperuser(statement.replace("'…'", "'topsecret'"));
    }
    const DATABASE_URL = urlOf("readme").replace("systole:", "readme:");
    const started = await startSystoleProcess({ ...env, DATABASE_URL });
    expect(await started.stop()).toBe(0);
  });
});

describe("the data directory", () => {
  it("cannot be created", async () => {
    const said = await refusal({ SYSTOLE_DATA_DIR: "/proc/systole/data" });
    expect(said).toContain("The data directory cannot be used (DATA_DIR_UNUSABLE).");
    expect(said).toContain("/proc/systole");
  });

  it.each([
    ["postgres-password", "STORE_PASSWORD_LOST"],
    ["secret-key", "SECRET_KEY_MISSING"],
  ])(
    "has lost %s: no replacement is made, nothing is left running, and it starts when the file is back",
    async (name, code) => {
      const data = path.join(directory, `without-${name}`);
      const given = { ...env, SYSTOLE_DATA_DIR: data };
      expect(await (await startSystoleProcess(given)).stop()).toBe(0);
      const file = path.join(data, name);
      renameSync(file, `${file}.away`);
      const said = await refusal({ SYSTOLE_DATA_DIR: data });
      expect(said).toContain(`(${code})`);
      expect(said).toContain(name);
      expect(readdirSync(data)).not.toContain(name);
      expect(existsSync(path.join(data, "postgres/postmaster.pid"))).toBe(false);
      renameSync(`${file}.away`, file);
      expect(await (await startSystoleProcess(given)).stop()).toBe(0);
    },
  );

  it("gets a new password as the guide says", async () => {
    const data = path.join(directory, "new-password");
    const given = { ...env, SYSTOLE_DATA_DIR: data };
    expect(await (await startSystoleProcess(given)).stop()).toBe(0);
    rmSync(path.join(data, "postgres-password"));
    const root = path.resolve(import.meta.dirname, "..");
    const guide = readFileSync(path.join(root, "docs/guides/operations.md"), "utf8");
    const [, script = ""] =
      /The embedded PostgreSQL's password[\s\S]*?```console\n([\s\S]*?)```/.exec(guide) ?? [];
    // PostgreSQL refuses to be run by root.
    const shell = process.getuid?.() === 0 ? ["unshare", "--user", "--map-user=1000", "sh"] : ["sh"];
    const [command = "", ...args] = [...shell, "-ec", script.replaceAll("data/", `${data}/`)];
    expect(spawnSync(command, args, { cwd: root, encoding: "utf8" })).toMatchObject({ status: 0 });
    expect(await (await startSystoleProcess(given)).stop()).toBe(0);
  });
});
