/** Runs the statements of README.md on a real project. The role is tried in permissions.test.ts. */
import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { signKey } from "../../../test/servers/supabase/keys.ts";
import { deadline } from "../conformance/bench.ts";
import { dataEvent } from "../conformance/events.ts";
import supabase from "./index.ts";
import { connect, download, noServer, open, rest } from "./projects.ts";
import type { SupabasePlace } from "./target.ts";

const readme = await readFile(new URL("./README.md", import.meta.url), "utf8");
const [policies, , leftovers] = [...readme.matchAll(/```sql\n(.*?)```/gs)].map(([, code]) => code ?? "");

async function payloadOf({ sql }: SupabasePlace, eventId: string): Promise<string> {
  const query = `select payload_id from public.terra_data_payloads where event_id = '${eventId}'`;
  return (await sql.project(query)).rows[0].payload_id;
}

describe.skipIf(noServer)("README.md", () => {
  it("lets people see their own data, and nobody else's", async () => {
    const place = await open();
    const sender = connect(place.settings);
    const [own, another] = [randomUUID(), randomUUID()];
    const events = [own, another].map((referenceId) => dataEvent("sleep", [{}], { referenceId }));
    for (const event of events) await sender.deliver(event, deadline());
    const payloads = await Promise.all(events.map(({ id }) => payloadOf(place, id)));
    await place.sql.project(policies ?? "");
    const key = signKey(place.project.ref, "authenticated", { sub: own });
    const client = rest(place, key);
    const { data: users } = await client.from("terra_users").select();
    expect(users).toMatchObject([{ reference_id: own }]);
    const { data: rows } = await client.from("terra_data_payloads").select();
    expect(rows).toMatchObject([{ payload_id: payloads[0] }]);
    const statuses = payloads.map(
      async (payload) => (await download(place, `sleep/${payload}.json`, key)).status,
    );
    expect(await Promise.all(statuses)).toEqual([200, 400]);
  });

  it("finds objects that no row points to", async () => {
    const place = await open();
    const sender = connect(place.settings);
    const [kept, lost] = [dataEvent(), dataEvent()];
    for (const event of [kept, lost]) await sender.deliver(event, deadline());
    await sender.share?.(kept, 60, deadline());
    const leftover = `sleep/${await payloadOf(place, lost.id)}.json`;
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
