/**
 * MariaDB from Debian, its server alone: no system service is created or left running. It speaks TLS with any
 * client that asks for it.
 */
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import mysql from "mysql2/promise";
import type { Place, Program, ServerRecipe, Started, Unavailable } from "./server.ts";
import { aptInstall, runStep } from "./support/install.ts";
import { untilReady } from "./support/ready.ts";
import { certificateFiles } from "./support/server-certificate.ts";

export interface MariadbFacts {
  /** A user with all rights, from 127.0.0.1. */
  readonly user: string;
  readonly password: string;
  /** The authority that signed its certificate for `localhost`, in PEM. */
  readonly ca: string;
}

const server = "/usr/sbin/mariadbd";
const installer = "/usr/bin/mariadb-install-db";
const printsDefaults = "/usr/bin/my_print_defaults";
const root = { user: "root", password: "" };

/** Kinds whose tests need their own options use one with its own name. */
export function mariadb(name: string, options: readonly string[] = []): ServerRecipe<MariadbFacts> {
  return { name, ports: ["sql"], prepare, start: (place) => start(place, options) };
}

export const recipe = mariadb("mariadb");

async function prepare(): Promise<Program | Unavailable> {
  const isThere = (): boolean => [server, installer, printsDefaults].every((file) => existsSync(file));
  return (await aptInstall(["mariadb-server-core", "mariadb-client-core"], isThere)) ?? { server };
}

async function start(place: Place, given: readonly string[]): Promise<Started<MariadbFacts>> {
  const data = path.join(place.directory, "data");
  // The server refuses to run as root unless it is told to.
  const common = ["--no-defaults", `--datadir=${data}`, ...(process.getuid?.() === 0 ? ["--user=root"] : [])];
  if (!existsSync(data)) await initialize(data, common);
  const { certificateFile, keyFile, ca } = certificateFiles(place.directory);
  const options = [
    "--bind-address=127.0.0.1",
    `--port=${place.ports.sql}`,
    `--socket=${path.join(place.directory, "socket")}`,
    `--pid-file=${path.join(place.directory, "pid")}`,
    "--max-connections=300",
    "--skip-name-resolve",
    "--character-set-server=utf8mb4",
    `--ssl-cert=${certificateFile}`,
    `--ssl-key=${keyFile}`,
    ...given,
  ];
  const spawned = await place.spawn({ command: server, args: [...common, ...options] });
  const port = place.ports.sql as number;
  await untilReady(spawned, async () => (await versionOf(port)) !== "");
  return { version: `MariaDB ${await versionOf(port)}`, facts: { ...root, ca } };
}

async function initialize(data: string, common: readonly string[]): Promise<void> {
  await mkdir(data, { recursive: true });
  const args = [...common, "--auth-root-authentication-method=normal", "--skip-test-db"];
  const failure = await runStep({ command: installer, args });
  if (failure !== null) throw new Error(failure);
}

/** Returns e.g. "10.11.14", without the distribution's suffix. */
async function versionOf(port: number): Promise<string> {
  const connection = await mysql.createConnection({ host: "127.0.0.1", port, ...root });
  try {
    const [rows] = await connection.query<mysql.RowDataPacket[]>("SELECT VERSION() AS version");
    return String(rows[0]?.version).split("-")[0] ?? "";
  } finally {
    await connection.end();
  }
}
