/** Open-wearables' SDKs against Systole: the routes, the tokens, and what becomes of what they send. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { credentials } from "../../support/system.ts";
import { daysAgo, type Hub, startHub } from "../hub.ts";
import { harbour } from "./plugin.ts";

type Json = ReturnType<typeof JSON.parse>;

let hub: Hub;
let userId = "";
let otherId = "";
const developer = { app_id: credentials.devId, app_secret: credentials.apiKey };
const withKey = { "x-open-wearables-api-key": credentials.apiKey };

beforeAll(async () => {
  hub = await startHub(harbour, {});
  [userId, otherId] = [await connect("one"), await connect("other")];
});
afterAll(() => hub.close());

async function post(path: string, body?: unknown, headers: Record<string, string> = {}) {
  const answer = await fetch(`${hub.url}/api/v1${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, body: (text === "" ? null : JSON.parse(text)) as Json };
}

/** As a developer's server does it: with a token of its own making. */
async function connect(reference: string): Promise<string> {
  const { body } = await hub.call("POST", `/v2/auth/tokens?reference_id=${reference}`);
  const redeemed = await fetch(`${hub.url}/v2/auth/redeemToken`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ token: body.token, provider: "HARBOUR" }),
  });
  return ((await redeemed.json()) as Json).user_id;
}

const tokensOf = async (id: string): Promise<Json> => (await post(`/users/${id}/token`, developer)).body;

const batch = (...records: readonly unknown[]) => ({
  provider: "apple",
  sdkVersion: "0.6.0",
  syncTimestamp: "2026-01-10T09:00:00Z",
  data: { records, sleep: [], workouts: [] },
});

const sync = (authorization: string, body: unknown, id = userId) =>
  post(`/sdk/users/${id}/sync`, body, authorization === "" ? {} : { authorization });

const codeOf = ({ status, body }: { status: number; body: Json }) => [status, body.code];

describe("the developer's server", () => {
  it("gets tokens for a person, by app_id and app_secret or by the key alone", async () => {
    const { status, body } = await post(`/users/${userId}/token`, developer);
    expect([status, body]).toEqual([
      200,
      {
        access_token: expect.stringMatching(/^[\w-]{43}$/),
        token_type: "bearer",
        refresh_token: expect.stringMatching(/^[\w-]{43}$/),
        expires_in: 3600,
      },
    ]);
    expect((await post(`/users/${userId}/token`, undefined, withKey)).status).toBe(200);
  });

  it("is refused without its key, and for somebody who is not there", async () => {
    const wrong = { ...developer, app_secret: "x" };
    expect(codeOf(await post(`/users/${userId}/token`, wrong))).toEqual([401, "CREDENTIALS_INVALID"]);
    expect(codeOf(await post(`/users/${userId}/token`, {}))).toEqual([401, "CREDENTIALS_MISSING"]);
    expect(codeOf(await post("/users/nobody/token", developer))).toEqual([404, "USER_NOT_FOUND"]);
    expect(codeOf(await post(`/users/${userId}/invitation-code`))).toEqual([401, "CREDENTIALS_MISSING"]);
  });

  it("makes a code, which the app redeems once", async () => {
    const made = await post(`/users/${userId}/invitation-code`, undefined, withKey);
    expect([made.status, made.body]).toEqual([
      201,
      { code: expect.stringMatching(/^[A-Z2-9]{8}$/), user_id: userId, expires_at: expect.any(String) },
    ]);
    const { code } = made.body;
    const redeemed = await post("/invitation-code/redeem", { code });
    expect([redeemed.status, redeemed.body]).toMatchObject([200, { user_id: userId, expires_in: 3600 }]);
    expect((await sync(redeemed.body.access_token, batch())).status).toBe(202);
    expect(codeOf(await post("/invitation-code/redeem", { code }))).toEqual([404, "INVITATION_CODE_INVALID"]);
    expect(codeOf(await post("/invitation-code/redeem", { code: "abc" }))).toEqual([400, "REQUEST_INVALID"]);
    expect(JSON.stringify(await hub.query("SELECT * FROM invitation_codes"))).not.toContain(code);
  });

  it("cannot have its codes guessed", async () => {
    const guess = () => post("/invitation-code/redeem", { code: "AAAAAAAA" });
    let last = await guess();
    for (let tries = 0; tries < 25 && last.status === 404; tries++) last = await guess();
    expect(codeOf(last)).toEqual([429, "INVITATION_CODES_GUESSED"]);
  });
});

describe("an app's SDK", () => {
  it.each(["", "Bearer "])("pushes with its token after '%s', and its records come", async (prefix) => {
    const { access_token } = await tokensOf(userId);
    const steps = prefix === "" ? 11 : 22;
    const { status, body } = await sync(prefix + access_token, batch({ day: daysAgo(1), steps }));
    expect([status, body]).toEqual([202, { status_code: 202, response: "accepted", user_id: userId }]);
    await hub.received({ [daysAgo(1)]: steps }, userId);
  });

  it("pushes with the developer's key too", async () => {
    const answer = await post(`/sdk/users/${userId}/sync`, batch({ day: daysAgo(4), steps: 44 }), withKey);
    expect(answer.status).toBe(202);
    await hub.received({ [daysAgo(4)]: 44 }, userId);
  });

  it("is refused with another person's token, with none, and with an invented one", async () => {
    const { access_token, refresh_token } = await tokensOf(otherId);
    expect(codeOf(await sync(access_token, batch()))).toEqual([403, "UPLOAD_TOKEN_OF_ANOTHER"]);
    expect(codeOf(await sync("", batch()))).toEqual([401, "UPLOAD_TOKEN_INVALID"]);
    expect(codeOf(await sync("x".repeat(43), batch()))).toEqual([401, "UPLOAD_TOKEN_INVALID"]);
    expect(codeOf(await sync(refresh_token, batch(), otherId))).toEqual([401, "UPLOAD_TOKEN_INVALID"]);
  });

  it("sends its log", async () => {
    const { access_token: authorization } = await tokensOf(userId);
    const answer = await post(`/sdk/users/${userId}/logs`, { lines: ["sync done"] }, { authorization });
    expect([answer.status, answer.body.status_code]).toEqual([202, 202]);
  });

  it("loses nothing when its token has expired: it refreshes and sends the same body again", async () => {
    const { access_token, refresh_token } = await tokensOf(userId);
    await hub.query("UPDATE upload_tokens SET expires_at = now() WHERE kind = 'access'");
    const body = batch({ day: daysAgo(5), steps: 55 }, { day: "no day", steps: "many" }, null);
    expect(codeOf(await sync(access_token, body))).toEqual([401, "UPLOAD_TOKEN_ENDED"]);
    const refreshed = await post("/token/refresh", { refresh_token });
    expect([refreshed.status, refreshed.body]).toMatchObject([200, { refresh_token, expires_in: 3600 }]);
    // Whatever is inside, the answer is a success: an SDK of version 0.6 drops what gets any other 4xx.
    expect((await sync(refreshed.body.access_token, body)).status).toBe(202);
    await hub.received({ [daysAgo(5)]: 55 }, userId);
  });

  it("that sends the same batch again and again goes on to today", async () => {
    const { access_token } = await tokensOf(userId);
    const same = batch({ day: daysAgo(9), steps: 99 }, { day: "no day" });
    for (let time = 0; time < 3; time++) expect((await sync(access_token, same)).status).toBe(202);
    expect((await sync(access_token, batch({ day: daysAgo(0), steps: 7 }))).status).toBe(202);
    await hub.received({ [daysAgo(9)]: 99, [daysAgo(0)]: 7 }, userId);
    const events = hub.events("daily").filter(({ raw }) => raw.includes(`"start_time":"${daysAgo(9)}`));
    expect(events).toHaveLength(1);
  });

  it("is told that the connection was ended, when it pushes and when it refreshes", async () => {
    const { access_token, refresh_token } = await tokensOf(otherId);
    await hub.call("DELETE", `/v2/auth/deauthenticateUser?user_id=${otherId}`);
    expect(codeOf(await sync(access_token, batch(), otherId))).toEqual([401, "UPLOAD_CONNECTION_ENDED"]);
    expect(codeOf(await post("/token/refresh", { refresh_token }))).toEqual([401, "UPLOAD_CONNECTION_ENDED"]);
  });
});
