import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Linked, startWorld, until, type World } from "./testing/world.ts";

let world: World;
let person: Linked;
beforeEach(async () => {
  world = await startWorld();
  person = await world.linked();
});
afterEach(() => world.close());

const fault = (body: object) => world.call("/_sandbox/faults", { method: "POST", body });
const read = (path = "/v3/exercises") => world.as(person, path);
const heal = () => world.call("/_sandbox/faults", { method: "DELETE" });

describe("rate limits", () => {
  const headers = (answer: { headers: Headers }) =>
    ["usage", "limit", "reset"].map((name) => answer.headers.get(`ratelimit-${name}`));

  test("give usage, limit and seconds for both windows; one user adds 20 and 100", async () => {
    // The registration was the first call.
    const [usage, limit, reset] = headers(await read());
    expect([usage, limit]).toEqual(["2,2", "520,5100"]);
    const [short, long] = (reset ?? "").split(",").map(Number);
    expect(short).toBeGreaterThan(890);
    expect(short).toBeLessThanOrEqual(900);
    expect(long).toBeGreaterThan(86_380);
    expect(headers(await world.call("/v3/exercises"))).toEqual([null, null, null]);
  });

  test("beyond the limit calls are refused, and still count toward the long window", async () => {
    await fault({ kind: "rate-limit", short: 3 });
    expect((await read()).status).toBe(200);
    expect((await world.asClient("/v3/webhooks")).status).toBe(200);
    const refused = await read();
    expect(refused.status).toBe(429);
    expect(headers(refused).slice(0, 2)).toEqual(["3,4", "3,5100"]);
    await world.at("2025-10-02T09:16:00Z");
    const after = await read();
    expect([after.status, headers(after)[0]]).toEqual([200, "1,5"]);
    await heal();
    expect(headers(await read())[1]).toBe("520,5100");
  });

  test("the long window lasts a day from its first request", async () => {
    await fault({ kind: "rate-limit", long: 2 });
    expect((await read()).status).toBe(200);
    expect((await read()).status).toBe(429);
    await world.at("2025-10-03T08:59:00Z");
    expect((await read()).status).toBe(429);
    await world.at("2025-10-03T09:02:00Z");
    expect((await read()).status).toBe(200);
  });

  test("the real limit applies", async () => {
    for (let call = 2; call <= 520; call++) await read("/v3/users/sleep");
    expect((await read()).status).toBe(429);
  });

  test("a forced 429 occurs as often as it is set to", async () => {
    await fault({ kind: "rate-limit", times: 2 });
    const first = await read();
    expect([first.status, headers(first)[0]]).toEqual([429, "520,2"]);
    expect([(await read()).status, (await read()).status]).toEqual([429, 200]);
  });
});

describe("faults", () => {
  test("an outage is everywhere, or on its path, with its status", async () => {
    await fault({ kind: "outage" });
    expect((await read()).status).toBe(503);
    expect((await world.call("/v2/oauth2/token", { method: "POST" })).status).toBe(503);
    expect((await world.call("/_sandbox/clock")).status).toBe(200);
    expect((await heal()).status).toBe(204);
    expect((await read()).status).toBe(200);
    await fault({ kind: "outage", status: 404, path: "/sleep", times: 1 });
    expect((await read()).status).toBe(200);
    expect((await read("/v3/users/sleep")).status).toBe(404);
    expect((await read("/v3/users/sleep")).status).toBe(200);
  });

  test("slow answers come, but late", async () => {
    await fault({ kind: "slow", milliseconds: 300 });
    const start = performance.now();
    expect((await read()).status).toBe(200);
    expect(performance.now() - start).toBeGreaterThanOrEqual(290);
  });

  test("revoke ends one person's tokens, or everybody's", async () => {
    const other = await world.linked();
    expect((await fault({ kind: "revoke", user_id: other.id })).json().revoked).toBe(1);
    expect((await world.as(other, "/v3/exercises")).status).toBe(401);
    expect((await read()).status).toBe(200);
    await fault({ kind: "revoke" });
    expect((await read()).status).toBe(401);
    const back = await world.link(person.id);
    expect((await world.as(back, "/v3/exercises")).status).toBe(200);
  });

  test("malformed bodies are 200 and invalid", async () => {
    await world.put(person.id, "sleep", { date: "2025-10-01" });
    const body = async (kind?: string) => {
      await fault({ kind: "malformed", times: 1, ...(kind && { body: kind }) });
      const answer = await read("/v3/users/sleep");
      expect([answer.status, answer.headers.get("content-type")]).toEqual([
        200,
        expect.stringMatching(/json/),
      ]);
      expect(() => JSON.parse(answer.text)).toThrow();
      return answer.text;
    };
    expect(await body()).toMatch(/not JSON/);
    expect(await body("empty")).toBe("");
    expect(await body("html")).toMatch(/^<!DOCTYPE html>/);
    expect(await body("truncated")).toBe('{"nights":[{"date');
    expect((await read("/v3/users/sleep")).text).toBe('{"nights":[{"date":"2025-10-01"}]}');
  });

  test("unknown fields are refused or listed", async () => {
    expect((await fault({ kind: "flood" })).status).toBe(400);
    expect((await fault({ kind: "outage", status: 200 })).status).toBe(400);
    const answer = await fault({ kind: "slow", seconds: 2 });
    expect(answer.json()).toEqual({ fault: { kind: "slow", milliseconds: 3000 }, ignored: ["seconds"] });
    expect((await world.call("/_sandbox/faults")).json()).toEqual({
      faults: [{ kind: "slow", milliseconds: 3000 }],
      limits: {},
    });
  });
});

describe("records", () => {
  test("requests to Polar's paths are kept without tokens", async () => {
    await world.call("/_sandbox/requests", { method: "DELETE" });
    await read("/v3/exercises?samples=true");
    await world.call("/v3/users/sleep");
    await world.call("/_sandbox/clock");
    const answer = await world.call("/_sandbox/requests");
    const at = expect.stringMatching(/^2025-10-02T09:/);
    expect(answer.json()).toEqual({
      requests: [
        { method: "GET", path: "/v3/exercises?samples=true", status: 200, at, user_id: person.id },
        { method: "GET", path: "/v3/users/sleep", status: 401, at, user_id: null },
      ],
    });
    expect(answer.text).not.toContain(person.token);
  });

  test("reset clears everything but the clock", async () => {
    await fault({ kind: "outage" });
    expect((await world.call("/_sandbox/reset", { method: "POST" })).status).toBe(204);
    expect((await world.call("/_sandbox/users")).json()).toEqual({ users: [] });
    expect((await read()).status).toBe(401);
    expect((await world.call("/_sandbox/clock")).json().now).toMatch(/^2025-10-02T09:/);
    const again = await world.linked();
    expect((await world.as(again, "/v3/exercises")).text).toBe("[]");
  });

  test("the clock takes any ISO time, ticks on, and refuses the rest", async () => {
    const set = async (now: unknown) =>
      (await world.call("/_sandbox/clock", { method: "PUT", body: { now } })).json();
    expect((await set("2025-10-29T12:00:00+02:00")).now).toMatch(/^2025-10-29T10:00:00/);
    expect((await set("2025-10-29T12:00:00")).now).toMatch(/^2025-10-29T12:00:00/);
    const { now } = await set("2025-10-29");
    expect(now).toMatch(/^2025-10-29T00:00:00/);
    const read = async () => (await world.call("/_sandbox/clock")).json().now;
    await until(async () => (await read()) !== now);
    expect(await read()).not.toBe(now);
    expect(await set("tomorrow")).toEqual({ error: expect.stringContaining("now: must be a time") });
    expect(await set(5)).toEqual({ error: expect.stringContaining("now") });
  });
});
