/** Supabase's PostgREST and PostgreSQL with a stand-in for its gateway and storage; each place is a project. */
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { PostgrestClient } from "@supabase/postgrest-js";
import pg from "pg";
import { recipe, type SupabaseFacts } from "../../../test/servers/postgrest.ts";
import { isUnavailable, type Unavailable, useServer } from "../../../test/servers/server.ts";
import { signKey } from "../../../test/servers/supabase/keys.ts";
import { createProject, dropProject, type Project } from "../../../test/servers/supabase/project.ts";
import {
  type Address,
  type Arrival,
  endlessHttp,
  type Place,
  type Settings,
  type Target,
  type TargetBehaviour,
} from "../conformance/target.ts";
import { makeLackingRoles, type Places } from "./own-roles.ts";

/** The size limit of the places' bucket. */
const mostBytes = 1_024 * 1_024;

export const behaviour: TargetBehaviour = {
  kind: "supabase",
  keeps: "newest",
  exact: "bytes",
  holds: "record",
  endless: endlessHttp,
  oversizeBytes: 2 * mostBytes,
  fitsBytes: mostBytes,
};

export async function startTarget(): Promise<Target | Unavailable> {
  const server = await useServer(recipe);
  if (isUnavailable(server)) return server;
  return {
    server: server.version,
    address: { host: server.host, port: server.ports.http as number },
    open: (reached) => openPlace(server.facts, reached),
    restart: () => server.restart(),
    close: async () => {},
  };
}

export interface SupabasePlace extends Place {
  readonly project: Project;
  /** Runs statements as the developer, on the project's database or on its server. */
  readonly sql: Places;
}

let count = 0;

/** A project where a developer has run setup.sql, and the grants of README.md for roles of their own. */
export async function openPlace(facts: SupabaseFacts, reached: Address): Promise<SupabasePlace> {
  const ref = `p${process.pid}_${Date.now()}_${count++}`;
  const project = await createProject(facts.databaseUrl, ref);
  const { databaseUrl, anonKey, serviceRoleKey } = project;
  const sql: Places = {
    server: (statements) => runOn(facts.databaseUrl, statements),
    project: (statements) => runOn(databaseUrl, statements),
  };
  const run = sql.project;
  await run(await readFile(new URL("./setup.sql", import.meta.url), "utf8"));
  await run(`insert into storage.buckets (id, name, file_size_limit)
    values ('terra-payloads', 'terra-payloads', ${mostBytes})`);
  const roles = await makeLackingRoles(sql);
  const url = `http://${reached.host}:${reached.port}`;
  const ofRole = (role: string): Settings => {
    return { url, service_role_key: anonKey, role_token: signKey(ref, role) };
  };
  const lacking = Object.entries(roles).map(([permission, role]) => [permission, ofRole(role)]);
  return {
    project,
    sql,
    settings: { url, service_role_key: serviceRoleKey, database_url: databaseUrl },
    wrongCredentials: {
      url,
      service_role_key: signKey(ref, "service_role", { secret: "not the project's" }),
    },
    lacking: { service_role: { url, service_role_key: anonKey }, ...Object.fromEntries(lacking) },
    arrivals: () => arrivals(facts.url, project),
    drop: async () => {
      await run(dropAll);
    },
    // No index takes a key this long.
    poison: (event) => ({ ...event, userId: randomBytes(8_000).toString("base64") }),
    async close() {
      await fetch(`${facts.url}/projects/${ref}`, { method: "DELETE" });
      await dropProject(facts.databaseUrl, ref);
    },
  };
}

const dropAll = `
  drop function public.systole_take, public.systole_check;
  drop table public.terra_users, public.terra_data_payloads, public.terra_misc_payloads;
  delete from storage.objects;
  delete from storage.buckets;
  notify pgrst, 'reload schema';`;

async function runOn(connectionString: string, statements: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return await client.query(statements);
  } finally {
    await client.end();
  }
}

interface Row {
  readonly payload_id: string;
  readonly data_type: string;
  readonly event_id: string;
  readonly revision?: number;
}

/** Reads rows and the objects that they point to, as Terra's clients do. */
async function arrivals(url: string, { serviceRoleKey }: Project): Promise<Arrival[]> {
  const headers = { apikey: serviceRoleKey, authorization: `Bearer ${serviceRoleKey}` };
  const client = new PostgrestClient(`${url}/rest/v1`, { headers });
  const rowsOf = async (table: string): Promise<Row[]> =>
    ((await client.from(table).select()).data ?? []) as Row[];
  const rows = [...(await rowsOf("terra_data_payloads")), ...(await rowsOf("terra_misc_payloads"))];
  return Promise.all(
    rows.map(async ({ payload_id, data_type, event_id, revision = null }) => {
      const path = `terra-payloads/${data_type}/${payload_id}.json`;
      const answer = await fetch(`${url}/storage/v1/object/${path}`, { headers });
      return { eventId: event_id, revision, json: await answer.text() };
    }),
  );
}
