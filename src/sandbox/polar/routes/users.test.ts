import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startWorld, type World } from "../testing/world.ts";

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

const register = (person: { id: number; token: string }, memberId: unknown) =>
  world.as(person, "/v3/users", { method: "POST", body: { "member-id": memberId } });

describe("registration", () => {
  test("answers with the person in kebab-case and decimals", async () => {
    const made = await world.call("/_sandbox/users", {
      method: "POST",
      body: {
        "first-name": "Ada",
        last_name: "Lind",
        gender: "FEMALE",
        weight: 61,
        height: 168.5,
        birthdate: "1990-02-28",
      },
    });
    expect(made.status).toBe(201);
    const person = await world.link(made.json().user_id as number);
    const answer = await register(person, "ada");
    expect(answer.status).toBe(200);
    expect(answer.json()).toEqual({
      "polar-user-id": person.id,
      "member-id": "ada",
      "registration-date": expect.stringMatching(/^2025-10-02T09:\d\d:\d\d\.\d{3}Z$/),
      "first-name": "Ada",
      "last-name": "Lind",
      birthdate: "1990-02-28",
      gender: "FEMALE",
      weight: 61,
      height: 168.5,
      "extra-info": [],
    });
    expect(answer.text).toContain('"weight":61.0');
    expect((await world.as(person, `/v3/users/${person.id}`)).text).toBe(answer.text);
  });

  test("409 for a person registered already and for a member-id that is taken", async () => {
    const [first, second] = [await world.link(await world.person()), await world.link(await world.person())];
    expect((await register(first, "same")).status).toBe(200);
    expect((await register(first, "other")).status).toBe(409);
    expect((await register(second, "same")).status).toBe(409);
    expect((await register(second, "second")).status).toBe(200);
  });

  test("without it every data call is 403", async () => {
    const person = await world.link(await world.person());
    for (const path of [
      "/v3/exercises",
      "/v3/users/sleep",
      "/v3/users/activities",
      "/v3/users/physical-info",
    ]) {
      expect((await world.as(person, path)).status).toBe(403);
    }
    await register(person, "now");
    expect((await world.as(person, "/v3/exercises")).status).toBe(200);
  });

  test("403 while consents are missing", async () => {
    const made = await world.call("/_sandbox/users", { method: "POST", body: { consents: false } });
    const person = await world.link(made.json().user_id as number);
    expect((await register(person, "consent")).status).toBe(403);
    const consent = (consents: boolean) =>
      world.call(`/_sandbox/users/${person.id}`, { method: "PATCH", body: { consents } });
    await consent(true);
    expect((await register(person, "consent")).status).toBe(200);
    await consent(false);
    expect((await world.as(person, "/v3/users/sleep")).status).toBe(403);
  });

  test("wrong bodies: 400, and 415 when they are not said to be JSON", async () => {
    const person = await world.link(await world.person());
    const post = (body: string, type = "application/json") =>
      world.as(person, "/v3/users", { method: "POST", body, headers: { "Content-Type": type } });
    expect((await post("{}")).status).toBe(400);
    expect((await post("member-id")).status).toBe(400);
    expect((await post("null")).status).toBe(400);
    expect((await post("<register/>", "application/xml")).status).toBe(415);
  });

  test("DELETE unregisters, revokes the token, and frees the member-id", async () => {
    const person = await world.link(await world.person());
    await register(person, "leaving");
    expect((await world.as(person, `/v3/users/${person.id}`, { method: "DELETE" })).status).toBe(204);
    expect((await world.as(person, "/v3/exercises")).status).toBe(401);
    const back = await world.link(person.id);
    expect((await world.as(back, "/v3/exercises")).status).toBe(403);
    expect((await world.as(back, `/v3/users/${person.id}`)).status).toBe(204);
    expect((await register(back, "leaving")).status).toBe(200);
  });

  test("a token gives access to its own person only", async () => {
    const [mine, other] = [await world.linked(), await world.linked()];
    expect((await world.as(mine, `/v3/users/${other.id}`)).status).toBe(403);
    expect((await world.as(mine, `/v3/users/${other.id}`, { method: "DELETE" })).status).toBe(403);
    expect((await world.as(other, `/v3/users/${other.id}`)).status).toBe(200);
  });
});

describe("refused callers", () => {
  test("401 in Polar's shape without a good token", async () => {
    for (const headers of [{}, { Authorization: "Bearer wrong" }, { Authorization: world.basic }]) {
      const answer = await world.call("/v3/users/sleep", { headers });
      expect(answer.status).toBe(401);
      expect(answer.json()).toEqual({
        error: {
          timestamp: expect.any(String),
          status: 401,
          error_type: "UnauthorizedException",
          message: expect.any(String),
          corr_id: expect.any(String),
        },
      });
    }
  });

  test("406 when JSON is not accepted, 404 for paths Polar does not have, 410 for transactions", async () => {
    const person = await world.linked();
    const status = async (path: string, headers: Record<string, string> = {}, method = "GET") =>
      (await world.as(person, path, { headers, method })).status;
    expect(await status("/v3/users/sleep", { Accept: "application/xml" })).toBe(406);
    expect(await status("/v3/users/sleep", { Accept: "text/html, application/json;q=0.5" })).toBe(200);
    expect(await status("/v3/users/sleep", { Accept: "application/json;q=0, text/html" })).toBe(406);
    expect(await status("/v3/exercises/x/samples")).toBe(404);
    expect(await status("/v3/users/naps")).toBe(404);
    expect(await status(`/v3/users/${person.id}/exercise-transactions`, {}, "POST")).toBe(410);
    expect(await status(`/v3/users/${person.id}/activity-transactions/1/activities/2`)).toBe(410);
  });
});
