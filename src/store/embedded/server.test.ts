import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
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

/** A Systole-like process that holds the data directory until it is killed. */
async function startHolder(directory: string): Promise<ChildProcess> {
  const server = path.join(import.meta.dirname, "server.ts");
  const script = `
    const { startEmbedded } = await import(${JSON.stringify(server)});
    await startEmbedded(${JSON.stringify(directory)});
    process.stdout.write("ready");
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
    const postmaster = Number(
      readFileSync(path.join(directory, "postgres/postmaster.pid"), "utf8").split("\n")[0],
    );
    holder.kill("SIGKILL");
    // Inside a user namespace the pid is the same: only user ids are mapped.
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

  it("keeps its password from everybody else", async () => {
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
