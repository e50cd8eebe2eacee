/** Runs the statements of README.md on a real project. The role is tried in project.test.ts. */
import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { PostgrestClient } from "@supabase/postgrest-js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { recipe } from "../../../test/servers/postgrest.ts";
import { isUnavailable, type RunningServer, useServer } from "../../../test/servers/server.ts";
import { signKey } from "../../../test/servers/supabase/keys.ts";
import { openGuard, patience } from "../conformance/bench.ts";
import { dataEvent } from "../conformance/events.ts";
import type { Sender } from "../destination.ts";
import { parseSettings } from "../settings.ts";
import supabase from "./index.ts";
import { openPlace, type SupabasePlace } from "./target.ts";

const server = await useServer(recipe);
const readme = await readFile(new URL("./README.md", import.meta.url), "utf8");
const [policies, , leftovers] = [...readme.matchAll(/```sql\n(.*?)```/gs)].map(([, code]) => code ?? "");

describe.skipIf(isUnavailable(server))("README.md", () => {
  let place: SupabasePlace;
  let sender: Sender;
  beforeAll(async () => {
    const { facts, host, ports } = server as RunningServer<Parameters<typeof openPlace>[0]>;
    place = await openPlace(facts, { host, port: ports.http as number });
    sender = supabase.connect(parseSettings(supabase, place.settings), openGuard);
  });
  afterAll(async () => {
    await sender?.close();
    await place?.close();
  });

  const payloadOf = async (eventId: string): Promise<string> => {
    const query = `select payload_id from public.terra_data_payloads where event_id = '${eventId}'`;
    return (await place.sql.project(query)).rows[0].payload_id;
  };

  it("lets people see their own data, and nobody else's", async () => {
    const [own, another] = [randomUUID(), randomUUID()];
    const events = [own, another].map((referenceId) => dataEvent("sleep", [{}], { referenceId }));
    for (const event of events) await sender.deliver(event, patience());
    const payloads = await Promise.all(events.map(({ id }) => payloadOf(id)));
    await place.sql.project(policies ?? "");
    const { ref, anonKey } = place.project;
    const headers = {
      apikey: anonKey,
      authorization: `Bearer ${signKey(ref, "authenticated", { sub: own })}`,
    };
    const client = new PostgrestClient(`${place.settings.url}/rest/v1`, { headers });
    const { data: users } = await client.from("terra_users").select();
    expect(users).toMatchObject([{ reference_id: own }]);
    const { data: rows } = await client.from("terra_data_payloads").select();
    expect(rows).toMatchObject([{ payload_id: payloads[0] }]);
    const statuses = payloads.map(async (payload) => {
      const path = `/storage/v1/object/terra-payloads/sleep/${payload}.json`;
      return (await fetch(`${place.settings.url}${path}`, { headers })).status;
    });
    expect(await Promise.all(statuses)).toEqual([200, 400]);
  });

  it("finds objects that no row points to", async () => {
    const [kept, lost] = [dataEvent(), dataEvent()];
    for (const event of [kept, lost]) await sender.deliver(event, patience());
    await sender.share?.(kept, 60, patience());
    const leftover = `sleep/${await payloadOf(lost.id)}.json`;
    await place.sql.project(`delete from public.terra_data_payloads where event_id = '${lost.id}'`);
    const found = async () => (await place.sql.project(leftovers ?? "")).rows;
    expect(await found()).toEqual([]);
    await place.sql.project("update storage.objects set created_at = now() - interval '3 days'");
    expect(await found()).toEqual([{ name: leftover }]);
  });

  it("lists every setting", () => {
    const listed = [...readme.matchAll(/^\| `(\w+)` +\| (?:required|optional|`terra)/gm)].map(
      ([, name]) => name,
    );
    expect(listed).toEqual(Object.keys(supabase.settings.shape));
  });
});
