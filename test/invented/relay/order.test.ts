/** Deletions and news of a permission in any order, with tries that are cut off: the whole way. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { credentials } from "../../support/system.ts";
import { waitFor } from "../../support/wait.ts";
import { daysAgo, type Hub, startHub } from "../hub.ts";
import { relay } from "./plugin.ts";
import { type RelayServer, startRelay } from "./server.ts";

const secret = "relay's client secret";
let server: RelayServer;
let hub: Hub;

beforeAll(async () => {
  server = await startRelay(secret);
  hub = await startHub(relay, {
    RELAY_CLIENT_ID: "the-client",
    RELAY_CLIENT_SECRET: secret,
    RELAY_AUTHORIZE_URL: `${server.url}/authorize`,
    RELAY_TOKEN_URL: `${server.url}/token`,
    RELAY_API_URL: server.url,
  });
});
afterAll(async () => {
  await hub.close();
  await server.close();
});

const push = (...messages: readonly object[]) => server.push(`${hub.url}/v2/hooks/relay`, messages);
const connect = (person: string) => {
  server.person = person;
  return hub.connect(person);
};
const day = (person: string, back: number, steps: number) => ({
  event: "DAY",
  person,
  day: { day: daysAgo(back), steps },
});
const deletion = (person: string, back: number) => ({ event: "DAY_DELETED", person, day: daysAgo(back) });
const worked = (person: string) =>
  waitFor("the work to be done", async () => {
    const open = "SELECT FROM fetch_tasks WHERE provider_user_id = $1 AND state = 'accepted'";
    return (await hub.query(open, [person])).length === 0;
  });

async function daysOf(userId: string): Promise<string[]> {
  const kept = "SELECT start_date AS day FROM records WHERE user_id = $1 ORDER BY day";
  return (await hub.query<{ day: string }>(kept, [userId])).map((row) => row.day);
}

it("the end of a permission that was given back does not end the next one", async () => {
  const former = await connect("again");
  await hub.call("DELETE", `/v2/auth/deauthenticateUser?user_id=${former}`);
  await push({ event: "LEFT", person: "again" }, { event: "SCOPES", person: "again", scopes: [] });
  const userId = await connect("again");
  await worked("again");
  const { body } = await hub.call("GET", `/v2/userInfo?user_id=${userId}`);
  expect(body.user).toMatchObject({ active: true, scopes: "days" });
  await push({ event: "LEFT", person: "again" });
  await waitFor("the end of this one", async () => {
    const { body: now } = await hub.call("GET", `/v2/userInfo?user_id=${userId}`);
    return (now.user as { active: boolean }).active === false;
  });
});

it("of one body the later of data and deletion counts", async () => {
  const userId = await connect("several");
  await push(day("several", 1, 1), deletion("several", 1), deletion("several", 2), day("several", 2, 2));
  await push(...Array.from({ length: 40 }, (_, steps) => day("several", 3, steps)));
  await worked("several");
  expect(await daysOf(userId)).toEqual([daysAgo(3), daysAgo(2)]);
  await hub.received({ [daysAgo(3)]: 39 }, userId);
});

it("data that is worked after a later deletion stays deleted, and newer data comes", async () => {
  const userId = await connect("late");
  await hub.query("UPDATE connections SET active = false WHERE user_id = $1", [userId]);
  await push(day("late", 1, 1), day("late", 1, 2));
  await worked("late");
  await hub.query("UPDATE connections SET active = true WHERE user_id = $1", [userId]);
  await push(deletion("late", 1));
  await worked("late");
  await hub.query(
    "UPDATE fetch_tasks SET state = 'accepted' WHERE provider_user_id = 'late' AND state = 'waiting'",
  );
  await hub.query(`INSERT INTO pgboss.job (name, data) SELECT 'ingest',
    jsonb_build_object('environmentId', environment_id, 'taskId', task_id)
    FROM fetch_tasks WHERE provider_user_id = 'late' AND state = 'accepted'`);
  await worked("late");
  expect(await daysOf(userId)).toEqual([]);
  await push(day("late", 1, 3));
  await hub.received({ [daysAgo(1)]: 3 }, userId);
});

it("a deletion that was cut off half-way is done again as a whole", async () => {
  const userId = await connect("cut");
  await push(day("cut", 1, 1));
  await worked("cut");
  const held = hub.query(
    `WITH held AS MATERIALIZED (SELECT natural_key FROM records WHERE user_id = $1 FOR UPDATE)
    SELECT count(*), (SELECT pg_sleep(3)) FROM held`,
    [userId],
  );
  await push(deletion("cut", 1));
  await waitFor("the deletion to be cut off", async () => {
    const cut = await hub.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND application_name = 'systole' AND wait_event_type = 'Lock'
      AND query LIKE '%records%'`);
    return cut.length > 0;
  });
  await held;
  await worked("cut");
  expect(await daysOf(userId)).toEqual([]);
});

it("making records anew brings nothing back that was deleted", async () => {
  const userId = await connect("anew");
  await push(day("anew", 1, 1), day("anew", 2, 2));
  await worked("anew");
  await push(deletion("anew", 1));
  await worked("anew");
  const begun = await fetch(`${hub.url}/admin/v1/renormalizations`, {
    method: "POST",
    headers: { authorization: `Bearer ${credentials.adminToken}`, "content-type": "application/json" },
    body: JSON.stringify({ all: true }),
  });
  expect(begun.status).toBeLessThan(300);
  await waitFor("it to be done", async () => {
    const running = await hub.query("SELECT FROM renormalizations WHERE state = 'running'");
    return running.length === 0;
  });
  expect(await daysOf(userId)).toEqual([daysAgo(2)]);
});
