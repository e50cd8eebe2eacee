/** Leaving erases everything and revokes the permission, whatever happens at the same time. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connectPerson } from "../../src/demo/person.ts";
import { eventsOfUser, type Json } from "../support/consent.ts";
import { exercise } from "../support/polar-bodies.ts";
import { keyHeaders, type System, startSystem } from "../support/system.ts";
import { waitFor } from "../support/wait.ts";

let system: System;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system.close());

describe("leaving", () => {
  it("erases everything, revokes the permission at the provider, and sends deauth", async () => {
    const person = await connectPerson(system.server, "leaver");
    await system.upload(person, "exercises", exercise("leave1"));
    await waitFor("the workout", () => eventsOfUser(system, "activity", person.userId).length > 0);
    const response = await fetch(`${system.server.url}/v2/auth/deauthenticateUser?user_id=${person.userId}`, {
      method: "DELETE",
      headers: keyHeaders,
    });
    expect(response.status).toBe(200);
    await waitFor("deauth", () => eventsOfUser(system, "deauth", person.userId).length > 0);
    for (const table of ["connections", "records", "raw_payloads", "raw_parts", "coverage"]) {
      const [row] = await system.query<{ count: string }>(
        `SELECT count(*) FROM ${table} WHERE user_id = $1`,
        [person.userId],
      );
      expect(row?.count, table).toBe("0");
    }
    const requests: Json = await (await system.control("GET", "/_sandbox/requests")).json();
    const list = requests.requests ?? requests;
    expect(
      list.some(
        (request: Json) =>
          request.method === "DELETE" && request.path === `/v3/users/${person.sandboxUserId}`,
      ),
    ).toBe(true);
  });

  it("erases at once even if the provider cannot be reached, and revokes the permission later", async () => {
    const person = await connectPerson(system.server, "leaver in a storm");
    await system.control("POST", "/_sandbox/faults", { kind: "outage", status: 503, path: "/v3/users/" });
    const response = await fetch(`${system.server.url}/v2/auth/deauthenticateUser?user_id=${person.userId}`, {
      method: "DELETE",
      headers: keyHeaders,
    });
    expect(response.status).toBe(200);
    expect((await system.read(`/v2/userInfo?user_id=${person.userId}`)).status).toBe(404);
    await system.control("DELETE", "/_sandbox/faults");
    await waitFor("the permission to be revoked", async () => {
      await system.hurry();
      const rows = await system.query("SELECT 1 FROM fetch_tasks WHERE kind = 'revoke' AND state = 'done'");
      return rows.length > 0;
    });
  });
});

describe("leaving while data is being fetched", () => {
  it("leaves nothing behind", async () => {
    const person = await connectPerson(system.server, "leaver in a hurry");
    await waitFor("the first fetch", async () => (await statesOf(person.userId)).includes("done"));
    await system.control("POST", "/_sandbox/faults", {
      kind: "slow",
      milliseconds: 1_500,
      path: "/v3/exercises/",
    });
    await system.upload(person, "exercises", exercise("hurry1"));
    await waitFor("the request under way", async () => {
      const requests: Json = await (await system.control("GET", "/_sandbox/requests")).json();
      const rows = await system.query("SELECT 1 FROM fetch_tasks WHERE fetches->0->>'key' = 'hurry1'");
      return rows.length > 0 && requests.requests.length > 0;
    });
    await fetch(`${system.server.url}/v2/auth/deauthenticateUser?user_id=${person.userId}`, {
      method: "DELETE",
      headers: keyHeaders,
    });
    await waitFor("the fetch to end", async () => {
      const requests: Json = await (await system.control("GET", "/_sandbox/requests")).json();
      return requests.requests.some(({ path }: Json) => path.startsWith("/v3/exercises/hurry1"));
    });
    // Its answer has been sent; what is made of it would be there when its job is done.
    await waitFor("the jobs to end", async () => {
      const open = await system.query("SELECT 1 FROM pgboss.job WHERE name = 'ingest' AND state = 'active'");
      return open.length === 0;
    });
    await system.control("DELETE", "/_sandbox/faults");
    for (const table of ["records", "raw_payloads", "raw_parts", "coverage", "fetch_tasks"]) {
      const rows = await system.query(`SELECT 1 FROM ${table} WHERE user_id = $1`, [person.userId]);
      expect(rows, table).toEqual([]);
    }
    const announced = "SELECT 1 FROM notifications WHERE provider_user_id = $1";
    expect(await system.query(announced, [person.sandboxUserId])).toEqual([]);
    const announcedTasks = "SELECT 1 FROM fetch_tasks WHERE provider_user_id = $1 AND kind = 'announced'";
    expect(await system.query(announcedTasks, [person.sandboxUserId])).toEqual([]);
  });

  const statesOf = async (userId: string): Promise<string[]> =>
    (await system.query<{ state: string }>("SELECT state FROM fetch_tasks WHERE user_id = $1", [userId])).map(
      ({ state }) => state,
    );
});
