import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import pg from "pg";
import { afterEach, describe, expect, it } from "vitest";
import { startEmbedded } from "./server.ts";

const cleanups: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function temporaryDirectory(): string {
  const directory = mkdtempSync(path.join(os.tmpdir(), "systole-embedded-"));
  cleanups.push(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

async function query(connectionString: string, text: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return await client.query(text);
  } finally {
    await client.end();
  }
}

/** Starts a process that holds the data directory, as Systole does, until it is killed. */
async function startHolder(directory: string, then = ""): Promise<ChildProcess> {
  const server = path.join(import.meta.dirname, "server.ts");
  const script = `
    const { startEmbedded } = await import(${JSON.stringify(server)});
    await startEmbedded(${JSON.stringify(directory)});
    process.stdout.write("ready");
    ${then};
    setInterval(() => {}, 1000);`;
  const holder = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await new Promise((resolve, reject) => {
    holder.stdout?.once("data", resolve);
    holder.once("exit", () => reject(new Error("holder ended early")));
  });
  return holder;
}

const postmasterOf = (directory: string): number =>
  Number(readFileSync(path.join(directory, "postgres/postmaster.pid"), "utf8").split("\n")[0]);

/** The variables that pg_ctl and the postmaster set for their children. */
const allowed = new Set([
  "",
  "PATH",
  "LC_ALL",
  "TZ",
  "PWD",
  "PGDATA",
  "PG_GRANDPARENT_PID",
  "PGLOCALEDIR",
  "PGSYSCONFDIR",
  "OLDPWD",
  "SHLVL",
  "_",
]);

const exited = (child: ChildProcess): Promise<unknown> =>
  new Promise((resolve) => child.once("exit", resolve));

describe("the embedded server", () => {
  it("starts, keeps its data over a restart, and syncs to disk", async () => {
    const directory = temporaryDirectory();
    const first = await startEmbedded(directory);
    await query(first.connectionString, "CREATE TABLE kept AS SELECT 42 AS answer");
    expect((await query(first.connectionString, "SHOW fsync")).rows).toEqual([{ fsync: "on" }]);
    await first.stop();
    const second = await startEmbedded(directory);
    cleanups.push(() => second.stop());
    expect(second.adopted).toBe(false);
    expect((await query(second.connectionString, "SELECT answer FROM kept")).rows).toEqual([{ answer: 42 }]);
  });

  it("adopts the server that a killed Systole left behind", async () => {
    const directory = temporaryDirectory();
    const holder = await startHolder(directory);
    const ended = exited(holder);
    holder.kill("SIGKILL");
    await ended;
    const server = await startEmbedded(directory);
    cleanups.push(() => server.stop());
    expect(server.adopted).toBe(true);
    expect((await query(server.connectionString, "SELECT 1 AS one")).rows).toEqual([{ one: 1 }]);
  });

  it("starts again when the server itself was killed with it", async () => {
    const directory = temporaryDirectory();
    const holder = await startHolder(directory);
    const ended = exited(holder);
    const postmaster = postmasterOf(directory);
    holder.kill("SIGKILL");
    // The pid is the same inside a user namespace: only user ids are mapped.
    process.kill(postmaster, "SIGKILL");
    await ended;
    const server = await startEmbedded(directory);
    cleanups.push(() => server.stop());
    expect((await query(server.connectionString, "SELECT 1 AS one")).rows).toEqual([{ one: 1 }]);
  });

  it("refuses a second Systole on the same directory, naming the first, and leaves it running", async () => {
    const directory = temporaryDirectory();
    const holder = await startHolder(directory);
    cleanups.push(async () => {
      holder.kill("SIGKILL");
      await (await startEmbedded(directory)).stop();
    });
    await expect(startEmbedded(directory)).rejects.toMatchObject({
      code: "DATA_DIR_IN_USE",
      details: { directory, pid: holder.pid },
    });
    expect(holder.exitCode).toBeNull();
  });

  it("lets only one of two win when both start on an empty directory at once", async () => {
    const directory = temporaryDirectory();
    const results = await Promise.allSettled([startHolder(directory), startHolder(directory)]);
    const holders = results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
    cleanups.push(async () => {
      for (const holder of holders) holder.kill("SIGKILL");
      await (await startEmbedded(directory)).stop();
    });
    expect(holders).toHaveLength(1);
  });

  it("is used with a role that is not a superuser, and gets none of our secrets", async () => {
    const directory = temporaryDirectory();
    process.env.SYSTOLE_TEST_SECRET = "sealed-with-nothing";
    cleanups.push(() => void delete process.env.SYSTOLE_TEST_SECRET);
    const server = await startEmbedded(directory);
    cleanups.push(() => server.stop());
    const { rows } = await query(
      server.connectionString,
      `SELECT rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls, pg_has_role('pg_execute_server_program', 'MEMBER') AS executes
       FROM pg_roles WHERE rolname = current_user`,
    );
    expect(Object.values(rows[0])).toEqual([false, false, false, false, false, false]);
    await expect(query(server.connectionString, "COPY (SELECT 1) TO PROGRAM 'id'")).rejects.toMatchObject({
      code: "42501",
    });
    const environment = readFileSync(`/proc/${postmasterOf(directory)}/environ`, "utf8").split("\0");
    expect(environment.map((line) => line.split("=")[0]).filter((name) => !allowed.has(name ?? ""))).toEqual(
      [],
    );
    expect(environment.join()).not.toContain("sealed-with-nothing");
  });

  it("gives that role the cluster of a former version, which did everything as the superuser", async () => {
    const directory = temporaryDirectory();
    const before = await startEmbedded(directory);
    const { username } = new URL(before.connectionString);
    await query(
      before.superuserUrl,
      `ALTER SCHEMA public OWNER TO pg_database_owner; REVOKE ALL ON DATABASE postgres FROM ${username}; DROP ROLE ${username};
       CREATE TABLE parent (id bigint GENERATED ALWAYS AS IDENTITY, day date) PARTITION BY RANGE (day);
       CREATE TABLE child PARTITION OF parent FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
       CREATE SCHEMA pgboss; CREATE TYPE pgboss.state AS ENUM ('new'); CREATE TABLE pgboss.job (id serial, state pgboss.state);
       CREATE FUNCTION pgboss.f() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE VIEW kept AS SELECT day FROM parent`,
    );
    await before.stop();
    const server = await startEmbedded(directory);
    cleanups.push(() => server.stop());
    await query(
      server.connectionString,
      `INSERT INTO parent (day) VALUES ('2026-05-01'); ALTER TABLE parent ADD COLUMN more text; DROP TABLE child;
       INSERT INTO pgboss.job (state) VALUES ('new'); ALTER TYPE pgboss.state ADD VALUE 'done'; DROP FUNCTION pgboss.f();
       DROP VIEW kept; CREATE SCHEMA another`,
    );
  });

  it("ends with a process that exits without having stopped it", async () => {
    const directory = temporaryDirectory();
    const holder = await startHolder(directory, "process.exit(3)");
    await exited(holder);
    expect(() => postmasterOf(directory)).toThrow();
    const server = await startEmbedded(directory);
    cleanups.push(() => server.stop());
    expect(server.adopted).toBe(false);
  });

  it("removes the leftovers of a start that was killed while it created the cluster", async () => {
    const directory = temporaryDirectory();
    mkdirSync(path.join(directory, "postgres.new-4194305"));
    await (await startEmbedded(directory)).stop();
    expect(readdirSync(directory).sort()).toEqual(["postgres", "postgres-password"]);
  });

  it("stops a start that is aborted, and leaves nothing behind", async () => {
    const directory = temporaryDirectory();
    for (const afterMs of [0, 50, 300, 1_000]) {
      const broken = new AbortController();
      setTimeout(() => broken.abort(new Error("told to stop")), afterMs);
      await startEmbedded(directory, broken.signal).then(
        (server) => server.stop(),
        (error) => expect(error.message).toBe("told to stop"),
      );
      expect(() => postmasterOf(directory)).toThrow();
      expect(readdirSync(directory).filter((name) => name.includes(".new-"))).toEqual([]);
    }
    await (await startEmbedded(directory)).stop();
  });

  it.each(["missing", "another"])("says at once that the password is lost: %s", async (how) => {
    const directory = temporaryDirectory();
    await (await startEmbedded(directory)).stop();
    const file = path.join(directory, "postgres-password");
    if (how === "missing") rmSync(file);
    else writeFileSync(file, "another");
    await expect(startEmbedded(directory)).rejects.toMatchObject({
      code: "STORE_PASSWORD_LOST",
      details: { file },
    });
    expect(() => postmasterOf(directory)).toThrow();
  });

  it("closes a data directory that was open to others", async () => {
    const directory = temporaryDirectory();
    chmodSync(directory, 0o755);
    const server = await startEmbedded(directory);
    cleanups.push(() => server.stop());
    expect(statSync(directory).mode & 0o777).toBe(0o700);
  });

  it("reports that a directory cannot be made, if the file system answers as if it had no parent", async () => {
    const directory = "/proc/systole/data";
    await expect(startEmbedded(directory)).rejects.toMatchObject({ code: "DATA_DIR_UNUSABLE" });
  });

  it("keeps its password readable only for its owner", async () => {
    const directory = temporaryDirectory();
    const server = await startEmbedded(directory);
    cleanups.push(() => server.stop());
    expect(statSync(path.join(directory, "postgres-password")).mode & 0o077).toBe(0);
    const anyone = server.connectionString.replace(/:[^:@/]+@/, ":wrong@");
    await expect(query(anyone, "SELECT 1")).rejects.toMatchObject({ code: "28P01" });
  });

  it("says in one sentence that the directory cannot be used", async () => {
    const file = path.join(temporaryDirectory(), "a-file");
    writeFileSync(file, "");
    await expect(startEmbedded(file)).rejects.toMatchObject({
      code: "DATA_DIR_UNUSABLE",
      details: { directory: file },
    });
  });

  const mayMount = spawnSync("unshare", ["--mount", "true"]).status === 0;
  it.skipIf(!mayMount)("says in one sentence that the disk is full (needs to mount a tmpfs)", async () => {
    const disk = temporaryDirectory();
    // Too small for a cluster.
    expect(spawnSync("mount", ["-t", "tmpfs", "-o", "size=8m", "tmpfs", disk]).status).toBe(0);
    cleanups.push(() => void spawnSync("umount", ["-l", disk]));
    await expect(startEmbedded(path.join(disk, "data"))).rejects.toMatchObject({ code: "DISK_FULL" });
  });
});
