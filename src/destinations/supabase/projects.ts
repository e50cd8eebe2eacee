/** Projects for tests, and senders to them, all of which end with the test that asked for them. */
import { PostgrestClient } from "@supabase/postgrest-js";
import { onTestFinished } from "vitest";
import { supabase as recipe } from "../../../test/servers/postgrest.ts";
import { isUnavailable, useServer } from "../../../test/servers/server.ts";
import { openGuard } from "../conformance/bench.ts";
import type { Settings } from "../conformance/target.ts";
import type { Sender, SenderContext } from "../destination.ts";
import { parseSettings } from "../settings.ts";
import supabase from "./index.ts";
import { openPlace, type SupabasePlace } from "./target.ts";

/** The conformance suite restarts its own. */
const server = await useServer(recipe("supabase-projects"));

/** Whether the server cannot run on this machine. */
export const noServer = isUnavailable(server);

/** The port of the database's server. */
export const sqlPort = isUnavailable(server) ? 0 : (server.ports.sql as number);

/** A project in which a developer has run setup.sql. */
export async function open(): Promise<SupabasePlace> {
  if (isUnavailable(server)) throw new Error(server.reason);
  const { facts, host, ports } = server;
  const place = await openPlace(facts, { host, port: ports.http as number });
  onTestFinished(() => place.close());
  return place;
}

/** A project that Systole has not used yet. */
export async function openBare(): Promise<SupabasePlace> {
  const place = await open();
  await place.drop?.();
  return place;
}

export function connect(settings: Settings, context: SenderContext = openGuard): Sender {
  const sender = supabase.connect(parseSettings(supabase, settings), context);
  onTestFinished(() => sender.close());
  return sender;
}

export const withoutDatabase = ({ database_url: _, ...rest }: Settings): Settings => rest;

export async function rowsOf({ sql }: SupabasePlace, table: string): Promise<Record<string, unknown>[]> {
  return (await sql.project(`select * from public.${table}`)).rows;
}

export async function objects({ sql }: SupabasePlace): Promise<string[]> {
  const { rows } = await sql.project("select name from storage.objects order by name");
  return rows.map(({ name }) => name);
}

const headers = ({ project }: SupabasePlace, key: string) => ({
  apikey: project.anonKey,
  authorization: `Bearer ${key}`,
});

/** A client as in a developer's app, with this key. */
export const rest = (place: SupabasePlace, key: string): PostgrestClient =>
  new PostgrestClient(`${place.settings.url}/rest/v1`, { headers: headers(place, key) });

export const download = (place: SupabasePlace, path: string, key: string): Promise<Response> =>
  fetch(`${place.settings.url}/storage/v1/object/terra-payloads/${path}`, { headers: headers(place, key) });
