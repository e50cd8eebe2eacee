/** What is special to Supabase, on projects of their own. */
import { readFile } from "node:fs/promises";
import type { LookupFunction } from "node:net";
import { PostgrestClient } from "@supabase/postgrest-js";
import { afterEach, describe, expect, it } from "vitest";
import { recipe, type SupabaseFacts } from "../../../test/servers/postgrest.ts";
import { isUnavailable, useServer } from "../../../test/servers/server.ts";
import { secretKey, signKey } from "../../../test/servers/supabase/keys.ts";
import { createAddressGuard } from "../../security/address-guard.ts";
import { failure, openGuard, patience } from "../conformance/bench.ts";
import { dataEvent, newUser, plainEvent, revised, type TestEvent } from "../conformance/events.ts";
import type { Settings } from "../conformance/target.ts";
import { DeliveryError, type Sender, type SenderContext } from "../destination.ts";
import { parseSettings } from "../settings.ts";
import supabase from "./index.ts";
import { makeReadmeRole, readmeRole } from "./own-roles.ts";
import { openPlace, type SupabasePlace } from "./target.ts";

const server = await useServer(recipe);
const facts = server as unknown as { facts: SupabaseFacts; host: string; ports: { http: number } };
const setup = await readFile(new URL("./setup.sql", import.meta.url), "utf8");

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function open(): Promise<SupabasePlace> {
  const place = await openPlace(facts.facts, { host: facts.host, port: facts.ports.http });
  ends.push(() => place.close());
  return place;
}

function connect(settings: Settings, context: SenderContext = openGuard): Sender {
  const sender = supabase.connect(parseSettings(supabase, settings), context);
  ends.push(() => sender.close());
  return sender;
}

/** A project that Systole has not been in. */
async function openBare(): Promise<SupabasePlace> {
  const place = await open();
  await place.drop?.();
  return place;
}

const without = ({ database_url: _, ...rest }: Settings): Settings => rest;

/** As a developer's app asks, with this key. */
const rest = (place: SupabasePlace, key: string): PostgrestClient => {
  const headers = { apikey: place.project.anonKey, authorization: `Bearer ${key}` };
  return new PostgrestClient(`${place.settings.url}/rest/v1`, { headers });
};

async function read(place: SupabasePlace, path: string, key: string): Promise<Response> {
  const headers = { apikey: place.project.anonKey, authorization: `Bearer ${key}` };
  return fetch(`${place.settings.url}/storage/v1/object/terra-payloads/${path}`, { headers });
}

async function objects({ sql }: SupabasePlace): Promise<string[]> {
  const { rows } = await sql.project("select name from storage.objects order by name");
  return rows.map(({ name }) => name);
}

async function rowsOf({ sql }: SupabasePlace, table: string): Promise<Record<string, unknown>[]> {
  return (await sql.project(`select * from public.${table}`)).rows;
}

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

const night = { naturalKey: "night", startTime: "2025-10-01T23:00:00.000000+02:00" };

describe.skipIf(isUnavailable(server))("Supabase", () => {
  describe("what arrives", () => {
    it("is a row for each record, and an object where Terra's clients look for it", async () => {
      const place = await open();
      const event = dataEvent("sleep", [{ ...night, revision: 4 }]);
      await connect(place.settings).deliver(event, patience());
      const [row] = await rowsOf(place, "terra_data_payloads");
      expect(row).toMatchObject({
        user_id: event.userId,
        data_type: "sleep",
        created_at: new Date(event.orderingTimestamp),
        start_time: new Date("2025-10-01T21:00:00Z"),
        natural_key: "night",
        revision: "4",
        event_id: event.id,
        supersedes: null,
      });
      expect(await objects(place)).toEqual([`sleep/${row?.payload_id}.json`]);
      const object = await read(place, `sleep/${row?.payload_id}.json`, place.project.serviceRoleKey);
      expect(object.headers.get("content-type")).toBe("application/json");
      expect(JSON.parse(await object.text())).toEqual(JSON.parse(event.body.toString("utf8")).data[0]);
    });

    it("says of a person what the latest event does, in whatever order events come", async () => {
      const place = await open();
      const sender = connect(place.settings);
      const userId = newUser();
      const state = async () => (await rowsOf(place, "terra_users")).map((row) => row.state);
      const auth = plainEvent("auth", { userId, orderingTimestamp: 1_000 });
      const deauth = plainEvent("deauth", { userId, orderingTimestamp: 3_000 });
      const data = dataEvent("sleep", [{}], { userId, orderingTimestamp: 2_000 });
      for (const event of [auth, deauth, data, auth]) await sender.deliver(event, patience());
      expect(await state()).toEqual(["deauth"]);
      expect((await rowsOf(place, "terra_users"))[0]).toMatchObject({
        user_id: userId,
        reference_id: "person-1",
        provider: "POLAR",
        event_id: deauth.id,
      });
      await sender.deliver(plainEvent("access_revoked", { userId, orderingTimestamp: 4_000 }), patience());
      expect(await state()).toEqual(["access_revoked"]);
    });

    it("has a row also where there is no person", async () => {
      const place = await open();
      const event = plainEvent("auth_cancelled", { userId: null, referenceId: null });
      await connect(place.settings).deliver(event, patience());
      expect(await rowsOf(place, "terra_users")).toEqual([]);
      const [row] = await rowsOf(place, "terra_misc_payloads");
      expect(row).toMatchObject({ user_id: null, data_type: event.type, payload_type: event.type });
      expect(await objects(place)).toEqual([`auth_cancelled/${row?.payload_id}.json`]);
    });

    it("leaves no object of a revision that a newer one took the place of", async () => {
      const place = await open();
      const sender = connect(place.settings);
      const userId = newUser();
      const [first, second, third] = [1, 2, 3].map((revision) => revised("sleep", night, revision, userId));
      if (!first || !second || !third) throw new Error("three were made");
      const standing = async () =>
        (await rowsOf(place, "terra_data_payloads")).map((row) => `sleep/${row.payload_id}.json`);
      await sender.deliver(second, patience());
      const before = await standing();
      expect(await objects(place)).toEqual(before);
      await sender.deliver(first, patience());
      expect(await objects(place)).toEqual(before);
      await sender.deliver(third, patience());
      expect(await standing()).not.toEqual(before);
      expect(await objects(place)).toEqual(await standing());
      await sender.deliverBatch?.([first, third, second, first], patience());
      expect(await objects(place)).toEqual(await standing());
    });

    it("is never a row without its object", async () => {
      const place = await open();
      await place.sql.project("update storage.buckets set allowed_mime_types = '{image/png}'");
      const sender = connect(place.settings);
      const refused = { code: "DELIVERY_FAILED", retry: "later" };
      expect(await failure(sender.deliver(dataEvent(), patience()))).toMatchObject(refused);
      const outcomes = await sender.deliverBatch?.([dataEvent(), plainEvent("auth")], patience());
      expect(outcomes).toMatchObject([refused, refused]);
      for (const table of ["terra_users", "terra_data_payloads", "terra_misc_payloads"]) {
        expect(await rowsOf(place, table)).toEqual([]);
      }
    });

    it("is deleted with the person's row", async () => {
      const place = await open();
      const event = dataEvent();
      await connect(place.settings).deliver(event, patience());
      await place.sql.project("delete from public.terra_users");
      expect(await rowsOf(place, "terra_data_payloads")).toEqual([]);
      expect(await rowsOf(place, "terra_misc_payloads")).toEqual([]);
    });

    it("is all there when batches with the same records cross", async () => {
      const place = await open();
      const people = [newUser(), newUser(), newUser()];
      const made = (revision: number): TestEvent[] =>
        people.flatMap((userId) =>
          ["a", "b", "c", "d"].map((naturalKey) =>
            revised("sleep", { ...night, naturalKey }, revision, userId),
          ),
        );
      const senders = [connect(place.settings), connect(place.settings)];
      const batches = Array.from({ length: 10 }, (_, index) => made(index + 1));
      const outcomes = await Promise.all(
        batches.flatMap((batch) => [
          senders[0]?.deliverBatch?.(batch, patience()),
          senders[1]?.deliverBatch?.(batch.toReversed(), patience()),
        ]),
      );
      expect(outcomes.flat().filter((outcome) => outcome instanceof DeliveryError)).toEqual([]);
      const rows = await rowsOf(place, "terra_data_payloads");
      expect(rows.map(({ revision }) => revision)).toEqual(Array.from({ length: 12 }, () => "10"));
      expect(await objects(place)).toEqual(rows.map((row) => `sleep/${row.payload_id}.json`).sort());
    });
  });

  describe("a project that is not prepared", () => {
    it("is told so with the name of the script, until the script was run", async () => {
      const place = await openBare();
      const sender = connect(without(place.settings));
      const attempts = [
        () => sender.deliver(dataEvent(), patience()),
        () => sender.deliverBatch?.([dataEvent(), dataEvent()], patience()) ?? Promise.resolve(),
        () => sender.check(patience()),
      ];
      for (const attempt of attempts) {
        const thrown = await failure(attempt());
        expect(thrown).toMatchObject({ code: "DESTINATION_TARGET_MISSING", retry: "later" });
        expect(thrown.details.reason).toContain("setup.sql");
      }
      await place.sql.project(setup);
      await expect.poll(() => sender.check(patience()).then(() => "fine", String)).toBe("fine");
      await sender.deliver(dataEvent(), patience());
    });

    it("is prepared by the first delivery where there is a database_url; a check only proves that", async () => {
      const place = await openBare();
      const sender = connect(place.settings);
      await sender.check(patience());
      const relations = await place.sql.project("select from pg_tables where tablename like 'terra%'");
      expect(relations.rowCount).toBe(0);
      expect((await place.sql.project("select from storage.buckets")).rowCount).toBe(0);
      const events = Array.from({ length: 20 }, () => dataEvent());
      await Promise.all(events.map((event) => sender.deliver(event, patience())));
      expect(await rowsOf(place, "terra_data_payloads")).toHaveLength(20);
      expect((await place.sql.project("select public from storage.buckets")).rows).toEqual([
        { public: false },
      ]);
    });

    it("may have Terra's own tables, which keep their rows", async () => {
      const place = await openBare();
      await place.sql.project(terraTables);
      const sender = connect(place.settings);
      await sender.check(patience());
      const event = dataEvent("sleep", [{}], { userId: "terra-user" });
      await sender.deliver(event, patience());
      const rows = await rowsOf(place, "terra_data_payloads");
      expect(rows.map(({ event_id }) => event_id).sort()).toEqual([event.id, null].sort());
      expect(rows).toContainEqual(expect.objectContaining({ payload_id: "terra-payload", record_id: null }));
      expect(await rowsOf(place, "terra_users")).toMatchObject([
        { user_id: "terra-user", event_id: event.id },
      ]);
    });

    it("may be prepared twice, also while it is used", async () => {
      const place = await open();
      const sender = connect(place.settings);
      const work = Array.from({ length: 10 }, async () => {
        await place.sql.project(setup);
        await sender.deliver(dataEvent(), patience());
      });
      await Promise.all(work);
      expect(await rowsOf(place, "terra_data_payloads")).toHaveLength(10);
    });

    it("names what keeps database_url from preparing it", async () => {
      const place = await openBare();
      const to = (change: (url: URL) => void): Settings => {
        const url = new URL(place.project.databaseUrl);
        change(url);
        return { ...place.settings, database_url: url.href };
      };
      const refused: [Settings, string, string][] = [
        [
          to((url) => Object.assign(url, { password: "wrong" })),
          "DESTINATION_CREDENTIALS_REFUSED",
          "database_url",
        ],
        [
          to((url) => Object.assign(url, { pathname: "/absent" })),
          "DESTINATION_TARGET_MISSING",
          "database_url",
        ],
        [
          to((url) => Object.assign(url, { username: "authenticator" })),
          "DESTINATION_PERMISSION_MISSING",
          "CREATE on schema public",
        ],
      ];
      for (const [settings, code, reason] of refused) {
        const sender = connect(settings);
        for (const attempt of [sender.check, (signal: AbortSignal) => sender.deliver(dataEvent(), signal)]) {
          const thrown = await failure(attempt(patience()));
          expect(thrown).toMatchObject({ code, retry: "later" });
          expect(String(thrown.details.reason).startsWith(reason), String(thrown.details.reason)).toBe(true);
        }
      }
      await place.sql.project(setup);
      const thrown = await failure(connect(refused[2]?.[0] ?? {}).check(patience()));
      expect(thrown.details.reason).toContain("CREATE on schema public");
    });
  });

  describe("who may do what", () => {
    it("lets the anon key and signed-in people see and do nothing", async () => {
      const place = await open();
      const { project } = place;
      const [event, plain] = [dataEvent(), plainEvent("auth")];
      const sender = connect(place.settings);
      for (const one of [event, plain]) await sender.deliver(one, patience());
      // They hold every privilege on the tables, as on Supabase: only row level security is in between.
      const granted = await place.sql.project(
        "select has_table_privilege('anon', 'public.terra_users', 'SELECT, INSERT, DELETE')",
      );
      expect(granted.rows).toEqual([{ has_table_privilege: true }]);
      for (const key of [project.anonKey, signKey(project.ref, "authenticated")]) {
        await expectNothingFor(rest(place, key));
        for (const name of await objects(place)) expect((await read(place, name, key)).status).toBe(400);
      }
      expect(await place.arrivals()).toHaveLength(2);
    });

    it("takes no more for a role of one's own than README.md grants", async () => {
      const place = await open();
      await makeReadmeRole(place.sql);
      const { project, settings } = place;
      const token = { role_token: signKey(project.ref, readmeRole), service_role_key: project.anonKey };
      const sender = connect({ ...without(settings), ...token });
      await sender.check(patience());
      expect(await objects(place)).toEqual([]);
      const userId = newUser();
      const revisions = [1, 3, 2].map((revision) => revised("sleep", night, revision, userId));
      for (const event of revisions) await sender.deliver(event, patience());
      const outcomes = await sender.deliverBatch?.([...revisions, plainEvent("auth")], patience());
      expect(outcomes?.filter((outcome) => outcome instanceof DeliveryError)).toEqual([]);
      expect((await place.arrivals()).map(({ revision }) => revision).sort()).toEqual([3, null]);
      expect(await objects(place)).toHaveLength(2);
      // It is not the service role: another table of the project is not for it.
      await place.sql.project(
        "create table public.private (id text); alter table public.private enable row level security",
      );
      await place.sql.project("insert into public.private values ('x')");
      expect((await rest(place, token.role_token).from("private").select()).data ?? []).toEqual([]);
    });

    it("knows Supabase's newer secret keys", async () => {
      const place = await open();
      const sender = connect({ ...without(place.settings), service_role_key: secretKey(place.project.ref) });
      await sender.check(patience());
      const event = dataEvent();
      await sender.deliver(event, patience());
      expect(await place.arrivals()).toMatchObject([{ eventId: event.id }]);
    });

    it("says so when it is given a key that everybody has", async () => {
      const place = await open();
      const { ref } = place.project;
      for (const key of ["sb_publishable_abc", signKey(ref, "anon"), signKey(ref, "authenticated")]) {
        const thrown = await failure(connect({ ...place.settings, service_role_key: key }).check(patience()));
        expect(thrown.code).toBe("DESTINATION_PERMISSION_MISSING");
        expect(thrown.details.reason).toMatch(
          /^service_role: the key is that of the role (anon|authenticated)/,
        );
      }
    });

    it("tells a token that is not the project's from a key that is not", async () => {
      const place = await open();
      const { ref, anonKey } = place.project;
      const stranger = signKey(ref, "service_role", { secret: "not the project's" });
      for (const role_token of [stranger, signKey(ref, "no_such_role"), "nonsense"]) {
        const sender = connect({ ...without(place.settings), service_role_key: anonKey, role_token });
        expect((await failure(sender.check(patience()))).code).toBe("DESTINATION_CREDENTIALS_REFUSED");
      }
    });

    it("names the bucket that a role may not make", async () => {
      const place = await open();
      await place.sql.project("delete from storage.buckets");
      // A role that lacks but one thing, which is granted here.
      const sender = connect(place.lacking?.["UPDATE on terra_users"] ?? {});
      await place.sql.project("create policy for_all on public.terra_users to public using (true)");
      const thrown = await failure(sender.check(patience()));
      expect(thrown.code).toBe("DESTINATION_PERMISSION_MISSING");
      expect(thrown.details.reason).toMatch(/^INSERT on storage.buckets: .*terra-payloads is missing$/);
      const refused = await failure(sender.deliver(dataEvent(), patience()));
      expect(refused).toMatchObject({ code: "DESTINATION_TARGET_MISSING", retry: "later" });
    });
  });

  describe("sizes", () => {
    it("sends a link when the bucket takes less than it did when it was asked", async () => {
      const place = await open();
      const sender = connect(place.settings);
      await sender.deliver(dataEvent(), patience());
      await place.sql.project("update storage.buckets set file_size_limit = 500");
      const event = dataEvent("sleep", [{ members: `"padding": "${"x".repeat(1_000)}"` }]);
      await sender.deliver(event, patience());
      const [arrival] = (await place.arrivals()).filter(({ eventId }) => eventId === event.id);
      expect(JSON.parse(arrival?.json ?? "")).toMatchObject({ type: "s3_payload", event_id: event.id });
    });

    it("gives up what is too large also as a link, and harms no other", async () => {
      const place = await open();
      await place.sql.project("update storage.buckets set file_size_limit = 100");
      const sender = connect(place.settings);
      expect(await failure(sender.deliver(dataEvent(), patience()))).toMatchObject({
        code: "DELIVERY_TOO_LARGE",
        retry: "never",
      });
      const small = { ...plainEvent("auth"), body: Buffer.from("{}") };
      const outcomes = await sender.deliverBatch?.([dataEvent(), small], patience());
      expect(outcomes?.map((outcome) => outcome instanceof DeliveryError)).toEqual([true, false]);
    });

    it("says so when everybody may read the bucket", async () => {
      const place = await open();
      await place.sql.project("update storage.buckets set public = true");
      expect((await connect(place.settings).check(patience())).response).toMatch(/public/);
    });
  });

  describe("links", () => {
    it("are signed addresses in the bucket", async () => {
      const place = await open();
      const event = dataEvent();
      const url = await connect(place.settings).share?.(event, 600, patience());
      const answer = await fetch(url ?? "");
      expect(answer.status).toBe(200);
      expect(Buffer.from(await answer.arrayBuffer())).toEqual(event.body);
      expect((await fetch(`${url}x`)).status).toBe(400);
    });
  });

  describe("addresses", () => {
    const refusing = (refused: string): SenderContext => {
      const lookup: LookupFunction = (hostname, options, callback) => {
        if (hostname === refused) callback(new DeliveryError("DESTINATION_ADDRESS_PRIVATE", "later"), []);
        else openGuard.lookup(hostname, options, callback);
      };
      return { lookup, assertAddressAllowed: () => {} };
    };

    it("are looked up as the house allows, at every connection", async () => {
      const place = await openBare();
      const elsewhere = (setting: string): Settings => {
        const url = new URL(String(place.settings[setting]));
        url.hostname = "localhost";
        return { ...place.settings, [setting]: url.href };
      };
      for (const setting of ["url", "database_url"]) {
        const sender = connect(elsewhere(setting), refusing("localhost"));
        const thrown = await failure(sender.deliver(dataEvent(), patience()));
        expect(thrown.code, setting).toBe("DESTINATION_ADDRESS_PRIVATE");
      }
    });

    it("that are private are refused, the database's as well", async () => {
      const place = await open();
      const closed = createAddressGuard({ allowPrivate: false });
      const settings = { ...place.settings, url: "https://project.supabase.co" };
      expect(() => connect(settings, closed)).toThrow(DeliveryError);
      expect(() => connect(without(place.settings), closed)).toThrow(DeliveryError);
      expect(() => connect(without(settings), closed)).not.toThrow();
    });
  });
});

/** As Terra makes them. */
const terraTables = `
  create table public.terra_users (
    user_id text primary key, reference_id text, created_at timestamptz, granted_scopes text, provider text,
    state text
  );
  create table public.terra_data_payloads (
    payload_id text primary key, user_id text not null, data_type text, created_at timestamptz,
    start_time timestamptz, end_time timestamptz,
    foreign key (user_id) references public.terra_users (user_id) on delete cascade on update cascade
  );
  create table public.terra_misc_payloads (
    payload_id text primary key, user_id text not null, data_type text, payload_type text,
    created_at timestamptz,
    foreign key (user_id) references public.terra_users (user_id) on delete cascade on update cascade
  );
  insert into public.terra_users (user_id, state) values ('terra-user', 'active');
  insert into public.terra_data_payloads (payload_id, user_id, data_type)
  values ('terra-payload', 'terra-user', 'sleep');`;
