/** The same person connects again: with the same reference, another one, or after leaving. */
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { agree, eventsOfUser, type Json, link, newSandboxUser } from "../support/consent.ts";
import { exercise } from "../support/polar-bodies.ts";
import { keyHeaders, type System, startSystem } from "../support/system.ts";
import { waitFor } from "../support/wait.ts";

let system: System;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system.close());

describe("connecting again", () => {
  it("makes a new user_id, announces both, and keeps data fetched from the same account", async () => {
    const sandboxUser = await newSandboxUser(system);
    const first = await link(system, { reference_id: "again" });
    await agree(system, first.auth_url, sandboxUser);
    const person = { userId: first.user_id, sandboxUserId: sandboxUser };
    await system.upload(person, "exercises", exercise("again1"));
    await waitFor("the workout", () => eventsOfUser(system, "activity", first.user_id).length > 0);

    const second = await link(system, { reference_id: "again" });
    await agree(system, second.auth_url, sandboxUser);
    const [event] = await waitFor("user_reauth", () => {
      const events = system.events("user_reauth");
      return events.length > 0 && events;
    });
    expect(event?.body).toMatchObject({
      status: "warning",
      old_user: { user_id: first.user_id },
      new_user: { user_id: second.user_id },
    });
    await waitFor("auth as well", () => eventsOfUser(system, "auth", second.user_id).length > 0);
    expect((await system.read(`/v2/userInfo?user_id=${first.user_id}`)).status).toBe(404);
    const { data } = (await (
      await system.read(`/v2/activity?user_id=${second.user_id}&start_date=2020-01-01&to_webhook=false`)
    ).json()) as Json;
    expect(data.map((record: Json) => record.metadata.summary_id)).toEqual(["again1"]);
  });
});

describe("connecting again while a fetch is being written", () => {
  it("waits for it instead of causing a deadlock", async () => {
    const sandboxUser = await newSandboxUser(system);
    const first = await link(system, { reference_id: "entangled" });
    await agree(system, first.auth_url, sandboxUser);
    const person = { userId: first.user_id, sandboxUserId: sandboxUser };
    await system.upload(person, "exercises", exercise("entangled1"));
    await waitFor("the workout", () => eventsOfUser(system, "activity", first.user_id).length > 0);

    const blocker = new pg.Client({ connectionString: system.databaseUrl });
    await blocker.connect();
    await blocker.query("BEGIN");
    await blocker.query("LOCK TABLE raw_payloads IN SHARE MODE");
    const waiting = async (count: number): Promise<boolean> => {
      const { rows } = await blocker.query(
        "SELECT count(DISTINCT pid)::int AS pids FROM pg_locks WHERE NOT granted",
      );
      return rows[0].pids >= count;
    };
    await system.upload(person, "exercises", exercise("entangled1", { calories: 5 }));
    await waitFor("the fetch to wait before its raw payload", () => waiting(1));
    const second = await link(system, { reference_id: "entangled" });
    const agreed = agree(system, second.auth_url, sandboxUser);
    await waitFor("the new connection to wait behind it", () => waiting(2));
    await blocker.query("ROLLBACK");
    await blocker.end();
    await agreed;

    expect((await system.read(`/v2/userInfo?user_id=${second.user_id}`)).status).toBe(200);
    await waitFor("the edited workout at the new connection", async () => {
      const range = `user_id=${second.user_id}&start_date=2020-01-01&to_webhook=false`;
      const { data } = (await (await system.read(`/v2/activity?${range}`)).json()) as Json;
      return data[0]?.calories_data.total_burned_calories === 5;
    });
    // Either of the two may have been the victim of a deadlock, and the victim's work may be repeated.
    expect(
      await system.query("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"),
    ).toEqual([{ deadlocks: "0" }]);
  });
});

describe("one account under two references", () => {
  it("loses nothing for one when the other leaves", async () => {
    const sandboxUser = await newSandboxUser(system);
    const [leaving, staying] = [
      await link(system, { reference_id: "shared a" }),
      await link(system, { reference_id: "shared b" }),
    ];
    for (const { auth_url } of [leaving, staying]) await agree(system, auth_url, sandboxUser);
    await fetch(`${system.server.url}/v2/auth/deauthenticateUser?user_id=${leaving.user_id}`, {
      method: "DELETE",
      headers: keyHeaders,
    });
    const person = { userId: staying.user_id, sandboxUserId: sandboxUser };
    await system.upload(person, "exercises", exercise("staying1"));
    await waitFor("the workout", () =>
      eventsOfUser(system, "activity", staying.user_id).some(({ raw }) =>
        raw.includes('"summary_id":"staying1"'),
      ),
    );
  });
});

describe("connecting again before the old permission was revoked", () => {
  it("keeps the new permission", async () => {
    const sandboxUser = await newSandboxUser(system);
    const first = await link(system, { reference_id: "returner" });
    await agree(system, first.auth_url, sandboxUser);
    await system.control("POST", "/_sandbox/faults", { kind: "outage", status: 503, path: "/v3/users/" });
    await fetch(`${system.server.url}/v2/auth/deauthenticateUser?user_id=${first.user_id}`, {
      method: "DELETE",
      headers: keyHeaders,
    });
    const order = await waitFor("the task to be refused once", async () => {
      const [row] = await system.query(
        "SELECT task_id FROM fetch_tasks WHERE kind = 'revoke' AND attempts > 0 AND user_id = $1",
        [first.user_id],
      );
      return row;
    });
    await system.query(
      "UPDATE pgboss.job SET start_after = now() + interval '1 hour' WHERE state = 'created' AND name = 'ingest'",
    );
    await system.control("DELETE", "/_sandbox/faults");
    const second = await link(system, { reference_id: "returner" });
    await agree(system, second.auth_url, sandboxUser);
    await waitFor("the task to be dropped", async () => {
      await system.hurry();
      const rows = await system.query(
        "SELECT 1 FROM fetch_tasks WHERE task_id = $1 AND state = 'done' AND user_id IS NULL",
        [order.task_id],
      );
      return rows.length > 0;
    });
    const person = { userId: second.user_id, sandboxUserId: sandboxUser };
    await system.upload(person, "exercises", exercise("returned1"));
    await waitFor("the workout", () =>
      eventsOfUser(system, "activity", second.user_id).some(({ raw }) =>
        raw.includes('"summary_id":"returned1"'),
      ),
    );
  });
});
