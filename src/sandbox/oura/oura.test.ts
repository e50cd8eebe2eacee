/** The sandbox behaves as Oura is documented and seen to. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type RunningSandboxes, startSandboxes } from "../start.ts";
import oura from "./index.ts";

type Json = ReturnType<typeof JSON.parse>;

const redirect = "http://localhost/back";
let sandboxes: RunningSandboxes;
let url = "";
let control = "";

beforeAll(async () => {
  sandboxes = await startSandboxes({ port: 0, plugins: [oura], now: new Date("2025-05-13T12:00:00Z") });
  ({ url, controlUrl: control } = sandboxes.named("oura"));
});
afterAll(() => sandboxes.close());
beforeEach(() => call("POST", `${control}/reset`));

async function call(method: string, where: string, body?: unknown, headers: Record<string, string> = {}) {
  const json = body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) };
  const answer = await fetch(where, { method, headers, redirect: "manual", ...json });
  const text = await answer.text();
  return {
    status: answer.status,
    headers: answer.headers,
    text,
    json: (text.startsWith("{") || text.startsWith("[") ? JSON.parse(text) : null) as Json,
  };
}

const newPerson = async (given: object = {}): Promise<string> =>
  (await call("POST", `${control}/users`, given)).json.user_id;

async function returned(person: string, scope = ""): Promise<URLSearchParams> {
  const query = new URLSearchParams({
    response_type: "code",
    client_id: "sandbox-client",
    redirect_uri: redirect,
    state: "s&1",
    scope,
    sandbox_user: person,
  });
  const { headers } = await call("GET", `${url}/oauth/authorize?${query}`);
  return new URL(headers.get("location") ?? "").searchParams;
}

const token = (form: Record<string, string>) =>
  call(
    "POST",
    `${url}/oauth/token`,
    new URLSearchParams({ client_id: "sandbox-client", client_secret: "sandbox-secret", ...form }).toString(),
  );

async function tokensOf(person: string, scope = ""): Promise<Json> {
  const code = (await returned(person, scope)).get("code") ?? "";
  return (await token({ grant_type: "authorization_code", code, redirect_uri: redirect })).json;
}

const read = (accessToken: string, where: string) =>
  call("GET", `${url}/v2/usercollection/${where}`, undefined, { authorization: `Bearer ${accessToken}` });

const day = (id: string, date: string, time = `${date}T04:00:00+02:00`) => ({
  id,
  day: date,
  timestamp: time,
  steps: 1.0,
});

describe("permissions", () => {
  it("name the granted scopes on the redirect, fewer than were asked for", async () => {
    const person = await newPerson({ scopes: ["daily", "workout"] });
    const back = await returned(person, "daily heartrate workout");
    expect([back.get("state"), back.get("scope")]).toEqual(["s&1", "daily workout"]);
    expect((await returned(person)).get("scope")).toBe("daily workout");
  });

  it("give codes and refresh tokens that work once", async () => {
    const person = await newPerson();
    const code = (await returned(person)).get("code") ?? "";
    const form = { grant_type: "authorization_code", code, redirect_uri: redirect };
    const first = await token(form);
    expect(first.json).toMatchObject({ token_type: "bearer", expires_in: 86_400 });
    expect((await token(form)).json).toEqual({ error: "invalid_grant" });
    const refresh = { grant_type: "refresh_token", refresh_token: first.json.refresh_token };
    const second = await token(refresh);
    expect(second.json.refresh_token).not.toBe(first.json.refresh_token);
    expect([(await token(refresh)).status, (await call("GET", `${control}/tokens`)).json.reused]).toEqual([
      400, 1,
    ]);
    expect((await token({ ...refresh, client_secret: "wrong" })).status).toBe(401);
  });

  it("open only what was granted", async () => {
    const person = await newPerson({ scopes: ["daily"] });
    const { access_token } = await tokensOf(person);
    expect((await read(access_token, "daily_sleep")).status).toBe(200);
    expect((await read(access_token, "workout")).status).toBe(403);
    expect((await read(access_token, "personal_info")).json).toMatchObject({
      id: person,
      age: null,
      email: null,
    });
    await call("PATCH", `${control}/users/${person}`, { membership: false });
    expect((await read(access_token, "daily_sleep")).json).toEqual({ detail: "Forbidden" });
    expect((await read("unknown", "daily_sleep")).status).toBe(401);
  });
});

describe("reading", () => {
  it("loses today where the end is a bare date, and has it until the last second", async () => {
    const person = await newPerson();
    const { access_token } = await tokensOf(person);
    await call("PUT", `${control}/users/${person}/daily_activity`, [
      day("a", "2025-05-12"),
      day("b", "2025-05-13"),
    ]);
    const idsOf = async (query: string) =>
      (await read(access_token, `daily_activity?${query}`)).json.data.map(({ id }: Json) => id);
    expect(await idsOf("start_date=2025-05-12&end_date=2025-05-13")).toEqual(["a"]);
    expect(await idsOf("start_date=2025-05-13&end_date=2025-05-13")).toEqual([]);
    expect(await idsOf("start_date=2025-05-12&end_date=2025-05-13T23:59:59")).toEqual(["a", "b"]);
    const wrong = await read(access_token, "daily_activity?start_date=2025-05-13&end_date=2025-05-12");
    expect([wrong.status, wrong.json.detail[0].loc]).toEqual([422, ["query", "start_date"]]);
  });

  it("finds a night by its bedtime", async () => {
    const person = await newPerson();
    const { access_token } = await tokensOf(person);
    const night = { id: "n", day: "2025-05-12", bedtime_start: "2025-05-11T23:00:00+02:00" };
    await call("PUT", `${control}/users/${person}/sleep`, night);
    expect((await read(access_token, "sleep?start_date=2025-05-12&end_date=2025-05-12")).json.data).toEqual(
      [],
    );
    expect((await read(access_token, "sleep?start_date=2025-05-11&end_date=2025-05-12")).json.data).toEqual([
      night,
    ]);
    expect((await read(access_token, "sleep/n")).json).toEqual(night);
    expect((await read(access_token, "sleep/m")).json).toEqual({ detail: "Document not found." });
    expect((await read(access_token, "vo2_max")).status).toBe(404);
  });

  it("serves documents as they were written, in pages", async () => {
    const person = await newPerson();
    const { access_token } = await tokensOf(person);
    await call("PUT", `${control}/pages`, { documents: 1 });
    const texts = ['{"id":"a","day":"2025-05-11","score":80.0}', '{"day":"2025-05-12","id":"b","score":1e1}'];
    await call("PUT", `${control}/users/${person}/daily_stress`, `[${texts.join(",")}]`);
    const range = "daily_stress?start_date=2025-05-01&end_date=2025-05-13";
    const first = await read(access_token, range);
    expect(first.text).toContain(texts[0]);
    const second = await read(access_token, `${range}&next_token=${first.json.next_token}`);
    expect(second.text).toBe(`{"data":[${texts[1]}],"next_token":null}`);
    await call("PUT", `${control}/pages`, { documents: 50 });
  });

  it("gives lists without an end where it was told to: the first page again, or always new tokens", async () => {
    const person = await newPerson();
    const { access_token } = await tokensOf(person);
    await call("PUT", `${control}/users/${person}/daily_stress`, { id: "a", day: "2025-05-12" });
    const range = "daily_stress?start_date=2025-05-01&end_date=2025-05-13";
    const follow = async (token: string) => (await read(access_token, `${range}&next_token=${token}`)).json;
    const first = async () => (await read(access_token, range)).json;

    await call("POST", `${control}/faults`, { kind: "pages", user_id: person });
    const again = await first();
    expect(await follow(again.next_token)).toEqual(again);

    const endless = { kind: "pages", user_id: person, pages: "endless", collection: "daily_stress" };
    await call("POST", `${control}/faults`, endless);
    const tokens = new Set<string>();
    for (let page = await first(); tokens.size < 5; page = await follow(page.next_token)) {
      expect(page.data).toHaveLength(tokens.size === 0 ? 1 : 0);
      expect(tokens).not.toContain(page.next_token);
      tokens.add(page.next_token);
    }
    const other = await read(access_token, "daily_sleep?start_date=2025-05-01&end_date=2025-05-13");
    expect(other.json).toEqual({ data: [], next_token: null });

    await call("DELETE", `${control}/faults`);
    expect((await first()).next_token).toBeNull();
  });

  it("refuses samples of more than thirty days", async () => {
    const { access_token } = await tokensOf(await newPerson());
    const range = (to: string) =>
      `heartrate?start_datetime=2025-04-01T00:00:00Z&end_datetime=${to}T00:00:00Z`;
    expect((await read(access_token, range("2025-05-01"))).status).toBe(200);
    expect((await read(access_token, range("2025-05-02"))).status).toBe(400);
  });

  it("says with a 429 how long to wait", async () => {
    const { access_token } = await tokensOf(await newPerson());
    await call("POST", `${control}/faults`, { kind: "rate-limit", reset_seconds: 7, times: 1 });
    const { status, headers } = await read(access_token, "daily_sleep");
    expect([status, headers.get("retry-after"), headers.get("x-ratelimit-tier")]).toEqual([
      429,
      "7",
      "access_token",
    ]);
    expect((await read(access_token, "daily_sleep")).status).toBe(200);
  });
});

describe("subscriptions", () => {
  const client = { "x-client-id": "sandbox-client", "x-client-secret": "sandbox-secret" };
  const where = () => `${url}/v2/webhook/subscription`;
  it("are confirmed by the challenge, one for each pair, and need the client", async () => {
    const server = createServer((request, response) => {
      const asked = new URL(request.url ?? "", "http://localhost").searchParams;
      const isOurs = asked.get("verification_token") === "ours";
      response.writeHead(isOurs ? 200 : 401).end(JSON.stringify({ challenge: asked.get("challenge") }));
    }).listen(0);
    const callback_url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
    const wanted = { callback_url, verification_token: "ours", event_type: "create", data_type: "sleep" };
    expect((await call("POST", where(), wanted)).json).toEqual({ detail: "Forbidden" });
    expect((await call("POST", where(), { ...wanted, verification_token: "other" }, client)).status).toBe(
      422,
    );
    expect((await call("POST", where(), { ...wanted, data_type: "mood" }, client)).status).toBe(422);
    const made = await call("POST", where(), wanted, client);
    expect([made.status, made.json.expiration_time.slice(0, 10)]).toEqual([201, "2025-08-11"]);
    expect((await call("POST", where(), wanted, client)).status).toBe(409);
    expect((await call("GET", where(), undefined, client)).json).toEqual([made.json]);
    expect((await call("PUT", `${where()}/renew/${made.json.id}`, undefined, client)).status).toBe(200);
    expect((await call("DELETE", `${where()}/${made.json.id}`, undefined, client)).status).toBe(204);
    expect((await call("DELETE", `${where()}/${made.json.id}`, undefined, client)).status).toBe(404);
    server.close();
  });
});

it("makes the same data for the same seed", async () => {
  const person = await newPerson({ utc_offset: -300 });
  const first = await call("POST", `${control}/users/${person}/generate`, { days: 5, seed: 3 });
  expect(first.json.stored).toMatchObject({ sleep: expect.any(Number), daily_activity: 6 });
  const { access_token } = await tokensOf(person);
  const all = () => read(access_token, "sleep?start_date=2025-05-01&end_date=2025-05-14");
  const before = (await all()).text;
  await call("POST", `${control}/users/${person}/generate`, { days: 5, seed: 3 });
  expect((await all()).text).toBe(before);
});
