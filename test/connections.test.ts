/** A connection's life: link, consent, refusal, coming back, leaving; and our webhook at the provider. */
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connectPerson } from "../src/demo/person.ts";
import { type House, startHouse } from "./support/house.ts";
import { exercise } from "./support/polar-bodies.ts";
import { waitFor } from "./support/wait.ts";

type Json = ReturnType<typeof JSON.parse>;

let house: House;
beforeAll(async () => {
  house = await startHouse();
});
afterAll(() => house.close());

const headers = () => ({ "dev-id": house.server.devId, "x-api-key": house.server.apiKey });

async function link(body: Json): Promise<{ auth_url: string; user_id: string }> {
  const response = await fetch(`${house.server.url}/v2/auth/authenticateUser?resource=POLAR`, {
    method: "POST",
    headers: { ...headers(), "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  expect(response.status).toBe(200);
  return (await response.json()) as Json;
}

async function newSandboxUser(): Promise<string> {
  const response = await house.control("POST", "/_sandbox/users", {});
  return String(((await response.json()) as Json).user_id);
}

/** Follows redirects by hand and answers the last address that is not ours or the sandbox's. */
async function follow(start: string): Promise<{ url: URL; status: number }> {
  let url = new URL(start);
  for (let hops = 0; hops < 5; hops++) {
    const ours = [house.server.url, house.sandbox.url].includes(url.origin);
    if (!ours) return { url, status: 0 };
    const response = await fetch(url, { redirect: "manual" });
    await response.arrayBuffer();
    const location = response.headers.get("location");
    if (location === null) return { url, status: response.status };
    url = new URL(location, url);
  }
  throw new Error("too many redirects");
}

async function agree(authUrl: string, sandboxUser: string) {
  const consent = new URL(authUrl);
  consent.searchParams.set("sandbox_user", sandboxUser);
  return follow(consent.href);
}

const eventsOfUser = (type: string, userId: string) =>
  house.events(type).filter(({ body }) => (body.user ?? (body.new_user as Json))?.user_id === userId);

describe("connecting", () => {
  it("leads back to the developer's own address with the ids, and sends auth", async () => {
    const sandboxUser = await newSandboxUser();
    const { auth_url, user_id } = await link({
      reference_id: "ref 1/ä",
      auth_success_redirect_url: "https://app.example/done?step=2",
      auth_failure_redirect_url: "https://app.example/failed",
    });
    const { url } = await agree(auth_url, sandboxUser);
    expect(url.origin + url.pathname).toBe("https://app.example/done");
    expect(Object.fromEntries(url.searchParams)).toEqual({ step: "2", user_id, reference_id: "ref 1/ä" });
    const [event] = await waitFor("auth", () => {
      const events = eventsOfUser("auth", user_id);
      return events.length > 0 && events;
    });
    expect(event?.body).toMatchObject({
      status: "success",
      user: { provider: "POLAR", reference_id: "ref 1/ä", active: true },
    });
  });

  it("leads back to the failure address with the reason when the person refuses, and sends auth_cancelled", async () => {
    const { auth_url } = await link({
      reference_id: "refuser",
      auth_success_redirect_url: "https://app.example/done",
      auth_failure_redirect_url: "myapp://failed?from=systole",
    });
    const state = new URL(auth_url).searchParams.get("state");
    const back = `${house.server.url}/v2/auth/polar/oauth2?error=access_denied&state=${state}`;
    const { url } = await follow(back);
    expect(url.href.startsWith("myapp://failed?")).toBe(true);
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      from: "systole",
      reason: "access_denied",
      reference_id: "refuser",
    });
    const event = await waitFor("auth_cancelled", () =>
      house.events("auth_cancelled").find(({ body }) => body.reference_id === "refuser"),
    );
    expect(event.body).toMatchObject({ status: "error", reason: "access_denied" });
    expect(event.body).not.toHaveProperty("user");
  });

  it("takes a state only once, and none that it never gave out", async () => {
    const { auth_url } = await link({});
    const state = new URL(auth_url).searchParams.get("state");
    const back = `${house.server.url}/v2/auth/polar/oauth2?error=access_denied&state=${state}`;
    await follow(back);
    expect((await fetch(back)).status).toBe(400);
    expect((await fetch(`${house.server.url}/v2/auth/polar/oauth2?code=x&state=made-up`)).status).toBe(400);
  });

  it("says so when the code cannot be exchanged", async () => {
    const { auth_url } = await link({
      reference_id: "bad code",
      auth_failure_redirect_url: "https://app.example/failed",
    });
    const state = new URL(auth_url).searchParams.get("state");
    const { url } = await follow(`${house.server.url}/v2/auth/polar/oauth2?code=wrong&state=${state}`);
    expect(url.searchParams.get("reason")).toBe("oauth_exchange_failed");
    await waitFor("auth_cancelled", () =>
      house.events("auth_cancelled").find(({ body }) => body.reference_id === "bad code"),
    );
  });

  it("accepts a person whom the provider has registered already", async () => {
    const sandboxUser = await newSandboxUser();
    for (const reference_id of ["twice a", "twice b"]) {
      const { auth_url, user_id } = await link({ reference_id });
      await agree(auth_url, sandboxUser);
      await waitFor("auth", () => eventsOfUser("auth", user_id).length > 0);
    }
  });
});

describe("connecting again", () => {
  it("makes a new user_id, tells both, and keeps what was fetched from the same account", async () => {
    const sandboxUser = await newSandboxUser();
    const first = await link({ reference_id: "again" });
    await agree(first.auth_url, sandboxUser);
    const person = { userId: first.user_id, sandboxUserId: sandboxUser };
    await house.upload(person, "exercises", exercise("again1"));
    await waitFor("the workout", () => eventsOfUser("activity", first.user_id).length > 0);

    const second = await link({ reference_id: "again" });
    await agree(second.auth_url, sandboxUser);
    const [event] = await waitFor("user_reauth", () => {
      const events = house.events("user_reauth");
      return events.length > 0 && events;
    });
    expect(event?.body).toMatchObject({
      status: "warning",
      old_user: { user_id: first.user_id },
      new_user: { user_id: second.user_id },
    });
    await waitFor("auth as well", () => eventsOfUser("auth", second.user_id).length > 0);
    expect((await house.read(`/v2/userInfo?user_id=${first.user_id}`)).status).toBe(404);
    const { data } = (await (
      await house.read(`/v2/activity?user_id=${second.user_id}&start_date=2020-01-01&to_webhook=false`)
    ).json()) as Json;
    expect(data.map((record: Json) => record.metadata.summary_id)).toEqual(["again1"]);
  });
});

describe("connecting again while a fetch is being written", () => {
  it("waits for it instead of falling out with it", async () => {
    const sandboxUser = await newSandboxUser();
    const first = await link({ reference_id: "entangled" });
    await agree(first.auth_url, sandboxUser);
    const person = { userId: first.user_id, sandboxUserId: sandboxUser };
    await house.upload(person, "exercises", exercise("entangled1"));
    await waitFor("the workout", () => eventsOfUser("activity", first.user_id).length > 0);

    const blocker = new pg.Client({ connectionString: house.databaseUrl });
    await blocker.connect();
    await blocker.query("BEGIN");
    await blocker.query("LOCK TABLE raw_payloads IN SHARE MODE");
    const waiting = async (count: number): Promise<boolean> => {
      const { rows } = await blocker.query(
        "SELECT count(DISTINCT pid)::int AS pids FROM pg_locks WHERE NOT granted",
      );
      return rows[0].pids >= count;
    };
    await house.upload(person, "exercises", exercise("entangled1", { calories: 5 }));
    await waitFor("the fetch to stand before its raw payload", () => waiting(1));
    const second = await link({ reference_id: "entangled" });
    const agreed = agree(second.auth_url, sandboxUser);
    await waitFor("the new connection to stand behind it", () => waiting(2));
    await blocker.query("ROLLBACK");
    await blocker.end();
    await agreed;

    expect((await house.read(`/v2/userInfo?user_id=${second.user_id}`)).status).toBe(200);
    await waitFor("the edited workout at the new connection", async () => {
      const range = `user_id=${second.user_id}&start_date=2020-01-01&to_webhook=false`;
      const { data } = (await (await house.read(`/v2/activity?${range}`)).json()) as Json;
      return data[0]?.calories_data.total_burned_calories === 5;
    });
    // Which of the two would have fallen out is a matter of luck, and the loser's work may be repeated.
    expect(
      await house.query("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"),
    ).toEqual([{ deadlocks: "0" }]);
  });
});

describe("leaving", () => {
  it("erases everything, gives the permission back at the provider, and sends deauth", async () => {
    const person = await connectPerson(house.server, "leaver");
    await house.upload(person, "exercises", exercise("leave1"));
    await waitFor("the workout", () => eventsOfUser("activity", person.userId).length > 0);
    const response = await fetch(`${house.server.url}/v2/auth/deauthenticateUser?user_id=${person.userId}`, {
      method: "DELETE",
      headers: headers(),
    });
    expect(response.status).toBe(200);
    await waitFor("deauth", () => eventsOfUser("deauth", person.userId).length > 0);
    for (const table of ["connections", "records", "raw_payloads", "raw_parts"]) {
      const [row] = await house.query<{ count: string }>(`SELECT count(*) FROM ${table} WHERE user_id = $1`, [
        person.userId,
      ]);
      expect(row?.count, table).toBe("0");
    }
    const requests: Json = await (await house.control("GET", "/_sandbox/requests")).json();
    const list = requests.requests ?? requests;
    expect(
      list.some(
        (request: Json) =>
          request.method === "DELETE" && request.path === `/v3/users/${person.sandboxUserId}`,
      ),
    ).toBe(true);
  });

  it("erases at once even when the provider is away, and gives the permission back later", async () => {
    const person = await connectPerson(house.server, "leaver in a storm");
    await house.control("POST", "/_sandbox/faults", { kind: "outage", status: 503, path: "/v3/users/" });
    const response = await fetch(`${house.server.url}/v2/auth/deauthenticateUser?user_id=${person.userId}`, {
      method: "DELETE",
      headers: headers(),
    });
    expect(response.status).toBe(200);
    expect((await house.read(`/v2/userInfo?user_id=${person.userId}`)).status).toBe(404);
    await house.control("DELETE", "/_sandbox/faults");
    await waitFor("the permission to be given back", async () => {
      await house.query(
        "UPDATE pgboss.job SET start_after = now() WHERE state = 'created' AND name = 'ingest'",
      );
      const rows = await house.query("SELECT 1 FROM notifications WHERE event = 'REVOKE' AND state = 'done'");
      return rows.length > 0;
    });
  });
});

describe("leaving while data is being fetched", () => {
  it("leaves nothing behind", async () => {
    const person = await connectPerson(house.server, "leaver in a hurry");
    await waitFor("the first fetch", async () => (await statesOf(person.userId)).includes("done"));
    await house.control("POST", "/_sandbox/faults", {
      kind: "slow",
      milliseconds: 1_500,
      path: "/v3/exercises/",
    });
    await house.upload(person, "exercises", exercise("hurry1"));
    await waitFor("the request under way", async () => {
      const requests: Json = await (await house.control("GET", "/_sandbox/requests")).json();
      const rows = await house.query("SELECT 1 FROM notifications WHERE fetches->0->>'key' = 'hurry1'");
      return rows.length > 0 && requests.requests.length > 0;
    });
    await fetch(`${house.server.url}/v2/auth/deauthenticateUser?user_id=${person.userId}`, {
      method: "DELETE",
      headers: headers(),
    });
    await waitFor("the fetch to end", async () => {
      const requests: Json = await (await house.control("GET", "/_sandbox/requests")).json();
      return requests.requests.some(({ path }: Json) => path.startsWith("/v3/exercises/hurry1"));
    });
    // Its answer has been sent; what is made of it would be there a moment later.
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    await house.control("DELETE", "/_sandbox/faults");
    for (const table of ["records", "raw_payloads", "raw_parts"]) {
      const rows = await house.query(`SELECT 1 FROM ${table} WHERE user_id = $1`, [person.userId]);
      expect(rows, table).toEqual([]);
    }
    const announced = "SELECT 1 FROM notifications WHERE provider_user_id = $1 AND origin = 'provider'";
    expect(await house.query(announced, [person.sandboxUserId])).toEqual([]);
  });

  const statesOf = async (userId: string): Promise<string[]> =>
    (
      await house.query<{ state: string }>("SELECT state FROM notifications WHERE user_id = $1", [userId])
    ).map(({ state }) => state);
});

describe("one account under two references", () => {
  it("loses nothing for the one when the other leaves", async () => {
    const sandboxUser = await newSandboxUser();
    const [leaving, staying] = [
      await link({ reference_id: "shared a" }),
      await link({ reference_id: "shared b" }),
    ];
    for (const { auth_url } of [leaving, staying]) await agree(auth_url, sandboxUser);
    await fetch(`${house.server.url}/v2/auth/deauthenticateUser?user_id=${leaving.user_id}`, {
      method: "DELETE",
      headers: headers(),
    });
    const person = { userId: staying.user_id, sandboxUserId: sandboxUser };
    await house.upload(person, "exercises", exercise("staying1"));
    await waitFor("the workout", () =>
      eventsOfUser("activity", staying.user_id).some(({ raw }) => raw.includes('"summary_id":"staying1"')),
    );
  });
});

describe("several connects of one person at once", () => {
  it("leave one connection", async () => {
    const sandboxUser = await newSandboxUser();
    const links = await Promise.all(Array.from({ length: 4 }, () => link({ reference_id: "eager" })));
    await Promise.all(links.map(({ auth_url }) => agree(auth_url, sandboxUser)));
    const { users } = (await (await house.read("/v2/userInfo?reference_id=eager")).json()) as Json;
    expect(users).toHaveLength(1);
  });
});

describe("coming back before the old permission was given back", () => {
  it("keeps the new permission", async () => {
    const sandboxUser = await newSandboxUser();
    const first = await link({ reference_id: "returner" });
    await agree(first.auth_url, sandboxUser);
    await house.control("POST", "/_sandbox/faults", { kind: "outage", status: 503, path: "/v3/users/" });
    await fetch(`${house.server.url}/v2/auth/deauthenticateUser?user_id=${first.user_id}`, {
      method: "DELETE",
      headers: headers(),
    });
    await house.control("DELETE", "/_sandbox/faults");
    const second = await link({ reference_id: "returner" });
    await agree(second.auth_url, sandboxUser);
    await waitFor("the order to be dropped", async () => {
      await house.query(
        "UPDATE pgboss.job SET start_after = now() WHERE state = 'created' AND name = 'ingest'",
      );
      const rows = await house.query(
        "SELECT 1 FROM notifications WHERE event = 'REVOKE' AND state = 'done' AND user_id = $1",
        [first.user_id],
      );
      return rows.length > 0;
    });
    const person = { userId: second.user_id, sandboxUserId: sandboxUser };
    await house.upload(person, "exercises", exercise("returned1"));
    await waitFor("the workout", () =>
      eventsOfUser("activity", second.user_id).some(({ raw }) => raw.includes('"summary_id":"returned1"')),
    );
  });
});

describe("a list with one item that cannot be read", () => {
  it("gives all the others", async () => {
    const sandboxUser = await newSandboxUser();
    const registered = await link({ reference_id: "listed" });
    await agree(registered.auth_url, sandboxUser);
    const person = { userId: registered.user_id, sandboxUserId: sandboxUser };
    const broken = exercise("listed2", { duration: "PT1.5M" });
    for (const body of [exercise("listed1"), broken, exercise("listed3")]) {
      await house.control("PUT", `/_sandbox/users/${person.sandboxUserId}/exercises?notify=false`, body);
    }
    const again = await link({ reference_id: "listed" });
    await agree(again.auth_url, sandboxUser);
    const found = await waitFor("the two good ones", async () => {
      const range = `user_id=${again.user_id}&start_date=2020-01-01&to_webhook=false`;
      const { data } = (await (await house.read(`/v2/activity?${range}`)).json()) as Json;
      return data.length === 2 && data;
    });
    expect(found.map((record: Json) => record.metadata.summary_id).sort()).toEqual(["listed1", "listed3"]);
    // The records are there a moment before the order says how it went.
    const order = await waitFor("the order's outcome", async () => {
      const [row] = await house.query("SELECT state, code FROM notifications WHERE user_id = $1", [
        again.user_id,
      ]);
      return row?.code && row;
    });
    expect(order).toEqual({ state: "accepted", code: "PROVIDER_BODY_INVALID" });
  });
});

describe("a pause", () => {
  it("keeps what is announced meanwhile and fetches it when it ends", async () => {
    const person = await connectPerson(house.server, "pauser");
    const patch = (active: boolean) =>
      fetch(`${house.server.url}/v2/users/${person.userId}`, {
        method: "PATCH",
        headers: { ...headers(), "content-type": "application/json" },
        body: JSON.stringify({ active }),
      });
    expect((await patch(false)).status).toBe(200);
    await house.upload(person, "exercises", exercise("pause1"));
    await waitFor("the notification to wait", async () => {
      const page: Json = await (await house.admin("GET", "/notifications?state=waiting")).json();
      return page.data.some(
        (row: Json) => row.code === "CONNECTION_PAUSED" && row.fetches[0]?.key === "pause1",
      );
    });
    expect((await patch(true)).status).toBe(200);
    await waitFor("the workout", () =>
      eventsOfUser("activity", person.userId).some(({ raw }) => raw.includes('"summary_id":"pause1"')),
    );
  });
});

describe("secrets at rest", () => {
  it("are nowhere in the database as they are", async () => {
    const person = await connectPerson(house.server, "secretive");
    const secret = await house.notificationSecret();
    const rows = await house.query<{ text: string }>(
      `SELECT (SELECT string_agg(c::text, '') FROM connections c)
           || (SELECT string_agg(p::text, '') FROM provider_configs p)
           || (SELECT string_agg(d::text, '') FROM destinations d) AS text`,
    );
    const text = rows[0]?.text ?? "";
    expect(text).toContain(person.userId);
    for (const plain of [secret, house.secret, house.sandbox.clientSecret]) {
      expect(text).not.toContain(plain);
      expect(text).not.toContain(Buffer.from(plain).toString("hex"));
    }
  });
});
