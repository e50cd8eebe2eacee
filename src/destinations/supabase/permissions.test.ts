/** Permissions in a project. */
import type { PostgrestClient } from "@supabase/postgrest-js";
import { describe, expect, it } from "vitest";
import { secretKey, signKey } from "../../../test/servers/supabase/keys.ts";
import { deadline, failure } from "../conformance/bench.ts";
import { dataEvent, newUser, plainEvent, revised } from "../conformance/events.ts";
import { DeliveryError } from "../destination.ts";
import { makeReadmeRole, readmeRole } from "./own-roles.ts";
import { connect, download, noServer, objects, open, rest, withoutDatabase } from "./projects.ts";

const night = { naturalKey: "night", startTime: "2025-10-01T23:00:00.000000+02:00" };

async function expectNothingFor(client: PostgrestClient): Promise<void> {
  const denied = "42501";
  for (const table of ["terra_users", "terra_data_payloads", "terra_misc_payloads"]) {
    const key = table === "terra_users" ? "user_id" : "payload_id";
    expect((await client.from(table).select()).data).toEqual([]);
    expect((await client.from(table).insert({ [key]: "x", user_id: "x" })).error?.code).toBe(denied);
    expect((await client.from(table).update({ event_id: "x" }).neq(key, "x").select()).data).toEqual([]);
    expect((await client.from(table).delete().neq(key, "x").select()).data).toEqual([]);
  }
  expect((await client.rpc("systole_take", { batch: {} })).error?.code).toBe(denied);
  expect((await client.rpc("systole_check")).error?.code).toBe(denied);
}

describe.skipIf(noServer)("who may do what", () => {
  it("lets the anon key and signed-in people see and do nothing", async () => {
    const place = await open();
    const { project } = place;
    const [event, plain] = [dataEvent(), plainEvent("auth")];
    const sender = connect(place.settings);
    for (const one of [event, plain]) await sender.deliver(one, deadline());
    // The roles have every privilege on the tables, as on Supabase: only row level security restricts them.
    const granted = await place.sql.project(
      "select has_table_privilege('anon', 'public.terra_users', 'SELECT, INSERT, DELETE')",
    );
    expect(granted.rows).toEqual([{ has_table_privilege: true }]);
    for (const key of [project.anonKey, signKey(project.ref, "authenticated")]) {
      await expectNothingFor(rest(place, key));
      for (const name of await objects(place)) expect((await download(place, name, key)).status).toBe(400);
    }
    expect(await place.arrivals()).toHaveLength(2);
  });

  it("takes no more for a role of one's own than README.md grants", async () => {
    const place = await open();
    await makeReadmeRole(place.sql);
    const { project, settings } = place;
    const token = { role_token: signKey(project.ref, readmeRole), service_role_key: project.anonKey };
    const sender = connect({ ...withoutDatabase(settings), ...token });
    await sender.check(deadline());
    expect(await objects(place)).toEqual([]);
    const userId = newUser();
    const revisions = [1, 3, 2].map((revision) => revised("sleep", night, revision, userId));
    for (const event of revisions) await sender.deliver(event, deadline());
    const outcomes = await sender.deliverBatch?.([...revisions, plainEvent("auth")], deadline());
    expect(outcomes?.filter((outcome) => outcome instanceof DeliveryError)).toEqual([]);
    expect((await place.arrivals()).map(({ revision }) => revision).sort()).toEqual([3, null]);
    expect(await objects(place)).toHaveLength(2);
    // Unlike the service role, it may not read another table of the project.
    await place.sql.project(
      "create table public.private (id text); alter table public.private enable row level security",
    );
    await place.sql.project("insert into public.private values ('x')");
    expect((await rest(place, token.role_token).from("private").select()).data ?? []).toEqual([]);
  });

  it("knows Supabase's newer secret keys", async () => {
    const place = await open();
    const sender = connect({
      ...withoutDatabase(place.settings),
      service_role_key: secretKey(place.project.ref),
    });
    await sender.check(deadline());
    const event = dataEvent();
    await sender.deliver(event, deadline());
    expect(await place.arrivals()).toMatchObject([{ eventId: event.id }]);
  });

  it("says so when it is given a key that everybody has", async () => {
    const place = await open();
    const { ref } = place.project;
    for (const key of ["sb_publishable_abc", signKey(ref, "anon"), signKey(ref, "authenticated")]) {
      const thrown = await failure(connect({ ...place.settings, service_role_key: key }).check(deadline()));
      expect(thrown.code).toBe("DESTINATION_PERMISSION_MISSING");
      expect(thrown.details.reason).toMatch(
        /^service_role: the key is that of the role (anon|authenticated)/,
      );
    }
  });

  it("tells a token that is not the project's from a key that is not", async () => {
    const place = await open();
    const { ref, anonKey } = place.project;
    const forged = signKey(ref, "service_role", { secret: "not the project's" });
    for (const role_token of [forged, signKey(ref, "no_such_role"), "nonsense"]) {
      const sender = connect({ ...withoutDatabase(place.settings), service_role_key: anonKey, role_token });
      expect((await failure(sender.check(deadline()))).code).toBe("DESTINATION_CREDENTIALS_REFUSED");
    }
  });

  it("names the bucket that a role may not make", async () => {
    const place = await open();
    await place.sql.project("delete from storage.buckets");
    // A role that lacks a single permission, which is granted here.
    const sender = connect(place.lacking?.["UPDATE on terra_users"] ?? {});
    await place.sql.project("create policy for_all on public.terra_users to public using (true)");
    const thrown = await failure(sender.check(deadline()));
    expect(thrown.code).toBe("DESTINATION_PERMISSION_MISSING");
    expect(thrown.details.reason).toMatch(/^INSERT on storage.buckets: .*terra-payloads is missing$/);
    const refused = await failure(sender.deliver(dataEvent(), deadline()));
    expect(refused).toMatchObject({ code: "DESTINATION_TARGET_MISSING", retry: "later" });
  });
});
