/** Projects on which setup.sql was not run, or only in part. */
import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { deadline, failure } from "../conformance/bench.ts";
import { dataEvent } from "../conformance/events.ts";
import type { Settings } from "../conformance/target.ts";
import { connect, noServer, open, openBare, rowsOf, withoutDatabase } from "./projects.ts";

const setup = await readFile(new URL("./setup.sql", import.meta.url), "utf8");

describe.skipIf(noServer)("a project that is not prepared", () => {
  it("is reported with the name of the script, until the script was run", async () => {
    const place = await openBare();
    const sender = connect(withoutDatabase(place.settings));
    const attempts = [
      () => sender.deliver(dataEvent(), deadline()),
      () => sender.deliverBatch?.([dataEvent(), dataEvent()], deadline()) ?? Promise.resolve(),
      () => sender.check(deadline()),
    ];
    for (const attempt of attempts) {
      const thrown = await failure(attempt());
      expect(thrown).toMatchObject({ code: "DESTINATION_TARGET_MISSING", retry: "later" });
      expect(thrown.details.reason).toContain("setup.sql");
    }
    await place.sql.project(setup);
    const checked = () => sender.check(deadline()).then(() => "fine", String);
    await expect.poll(checked).toBe("fine");
    await sender.deliver(dataEvent(), deadline());
  });

  it("is prepared by the first delivery where there is a database_url; a check only proves that", async () => {
    const place = await openBare();
    const sender = connect(place.settings);
    await sender.check(deadline());
    const relations = await place.sql.project("select from pg_tables where tablename like 'terra%'");
    expect(relations.rowCount).toBe(0);
    expect((await place.sql.project("select from storage.buckets")).rowCount).toBe(0);
    const events = Array.from({ length: 20 }, () => dataEvent());
    await Promise.all(events.map((event) => sender.deliver(event, deadline())));
    expect(await rowsOf(place, "terra_data_payloads")).toHaveLength(20);
    expect((await place.sql.project("select public from storage.buckets")).rows).toEqual([{ public: false }]);
  });

  it("may have Terra's own tables, which keep their rows", async () => {
    const place = await openBare();
    await place.sql.project(terraTables);
    const sender = connect(place.settings);
    await sender.check(deadline());
    const event = dataEvent("sleep", [{}], { userId: "terra-user" });
    await sender.deliver(event, deadline());
    const rows = await rowsOf(place, "terra_data_payloads");
    expect(rows.map(({ event_id }) => event_id).sort()).toEqual([event.id, null].sort());
    expect(rows).toContainEqual(expect.objectContaining({ payload_id: "terra-payload", record_id: null }));
    expect(await rowsOf(place, "terra_users")).toMatchObject([{ user_id: "terra-user", event_id: event.id }]);
  });

  it("may be prepared twice, also while it is used", async () => {
    const place = await open();
    const sender = connect(place.settings);
    const work = Array.from({ length: 10 }, async () => {
      await place.sql.project(setup);
      await sender.deliver(dataEvent(), deadline());
    });
    await Promise.all(work);
    expect(await rowsOf(place, "terra_data_payloads")).toHaveLength(10);
  });

  it("names the reason why database_url cannot prepare it", async () => {
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
        const thrown = await failure(attempt(deadline()));
        expect(thrown).toMatchObject({ code, retry: "later" });
        expect(String(thrown.details.reason).startsWith(reason), String(thrown.details.reason)).toBe(true);
      }
    }
    await place.sql.project(setup);
    const thrown = await failure(connect(refused[2]?.[0] ?? {}).check(deadline()));
    expect(thrown.details.reason).toContain("CREATE on schema public");
  });
});

/** Tables as Terra makes them. */
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
