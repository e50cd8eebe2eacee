/** Tokens: redeemed for a connection by an app, rotated and revoked by an operator, and ended with the connection. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { credentials, keyHeaders } from "../../support/system.ts";
import { waitFor } from "../../support/wait.ts";
import { daysAgo, type Hub, startHub } from "../hub.ts";
import { inlet } from "./plugin.ts";

type Json = ReturnType<typeof JSON.parse>;

let hub: Hub;
beforeAll(async () => {
  hub = await startHub(inlet, {});
});
afterAll(() => hub.close());

const newToken = async (reference: string, path = "generateAuthToken"): Promise<string> => {
  const { status, body } = await hub.call("POST", `/v2/auth/${path}?reference_id=${reference}`);
  expect([status, body.expires_in]).toEqual([200, 180]);
  return String(body.token);
};

/** As an app does it: without the developer's key. */
async function redeem(
  token: string,
  { provider = "INLET", ...headers }: { provider?: string } & Record<string, string> = {},
): Promise<{ status: number; body: Json }> {
  const answer = await fetch(`${hub.url}/v2/auth/redeemToken`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ token, provider }),
  });
  return { status: answer.status, body: await answer.json() };
}

async function upload(token: string, address = `${hub.url}/v2/uploads/inlet/days`, steps = 1) {
  const answer = await fetch(address, {
    method: "POST",
    headers: { authorization: `Bearer ${token}` },
    body: JSON.stringify({ days: [{ day: daysAgo(1), steps }] }),
  });
  const body: Json = await answer.json();
  return answer.ok ? answer.status : [answer.status, body.code];
}

async function admin(method: string, path: string, body?: unknown): Promise<{ status: number; body: Json }> {
  const answer = await fetch(`${hub.url}/admin/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${credentials.adminToken}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, body: text === "" ? null : JSON.parse(text) };
}

const eventOf = (type: string, is: (body: Json) => boolean) =>
  waitFor(`the ${type} event`, () => hub.events(type).find(({ body }) => is(body)));

describe("a token for an app", () => {
  it.each(["generateAuthToken", "tokens"])("of %s is redeemed for a connection, once", async (path) => {
    const token = await newToken(`app-${path}`, path);
    const { status, body } = await redeem(token);
    expect([status, body]).toEqual([
      200,
      {
        status: "success",
        user_id: expect.any(String),
        upload_token: expect.stringMatching(/^[\w-]{43}$/),
        upload_url: `${hub.url}/v2/uploads/inlet/days`,
        upload_urls: {
          days: `${hub.url}/v2/uploads/inlet/days`,
          settings: `${hub.url}/v2/uploads/inlet/settings`,
        },
      },
    ]);
    await eventOf("auth", ({ user, reference_id }) => {
      return user.user_id === body.user_id && reference_id === `app-${path}`;
    });
    expect(await upload(body.upload_token, body.upload_url, 321)).toBe(202);
    await hub.received({ [daysAgo(1)]: 321 }, body.user_id);
    const again = await redeem(token);
    expect([again.status, again.body.code]).toEqual([401, "AUTH_TOKEN_USED"]);
  });

  it("replaces the person's connection, whose token then says that it has ended", async () => {
    const first = (await redeem(await newToken("twice"))).body;
    const second = (await redeem(await newToken("twice"))).body;
    await eventOf("user_reauth", ({ old_user, new_user }) => {
      return old_user.user_id === first.user_id && new_user.user_id === second.user_id;
    });
    expect(await upload(first.upload_token)).toEqual([401, "UPLOAD_CONNECTION_ENDED"]);
    expect(await upload(second.upload_token)).toBe(202);
  });

  it("redeemed twice at once makes one connection", async () => {
    const token = await newToken("race");
    const answers = await Promise.all([redeem(token), redeem(token), redeem(token)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401]);
    expect(await hub.query("SELECT FROM connections WHERE reference_id = 'race'")).toHaveLength(1);
  });

  it("is refused with a code: unknown, expired, of another environment, of a provider without uploads", async () => {
    const outcome = async (token: string, given: Parameters<typeof redeem>[1] = {}) => {
      const { status, body } = await redeem(token, given);
      return [status, body.code];
    };
    expect(await outcome("x".repeat(43))).toEqual([401, "AUTH_TOKEN_INVALID"]);
    const token = await newToken("late");
    const { body: other } = await admin("POST", "/environments", { name: "other" });
    expect(await outcome(token, { "dev-id": other.dev_id })).toEqual([401, "AUTH_TOKEN_OTHER_ENVIRONMENT"]);
    expect(await outcome(token, { "dev-id": "nobody" })).toEqual([401, "AUTH_TOKEN_OTHER_ENVIRONMENT"]);
    expect(await outcome(token, { provider: "POLAR" })).toEqual([400, "PROVIDER_TAKES_NO_UPLOADS"]);
    expect(await outcome(token, { provider: "NONE" })).toEqual([404, "PROVIDER_UNKNOWN"]);
    await hub.query("UPDATE auth_tokens SET expires_at = now() WHERE reference_id = 'late'");
    expect(await outcome(token)).toEqual([401, "AUTH_TOKEN_EXPIRED"]);
    expect(await hub.query("SELECT FROM connections WHERE reference_id = 'late'")).toEqual([]);
    // None of these refusals had used a token up.
    const good = await newToken("good");
    await outcome(good, { "dev-id": "nobody" });
    expect((await redeem(good, { "dev-id": keyHeaders["dev-id"] })).status).toBe(200);
  });
});

describe("upload tokens", () => {
  it("are listed, made, rotated with an overlap and revoked; the audit log says so, without tokens", async () => {
    const { user_id, upload_token } = (await redeem(await newToken("operator"))).body;
    const tokens = `/users/${user_id}/upload-tokens`;
    const { body: listed } = await admin("GET", tokens);
    expect(listed.data).toEqual([
      expect.objectContaining({ kind: "upload", last_used_at: null, expires_at: null, revoked_at: null }),
    ]);
    const [{ id }] = listed.data;
    const rotated = await admin("POST", `${tokens}/${id}/rotate`, { valid_for_seconds: 3_600 });
    expect([rotated.status, rotated.body.former.id]).toEqual([201, id]);
    expect([await upload(upload_token), await upload(rotated.body.token)]).toEqual([202, 202]);
    expect((await admin("DELETE", `${tokens}/${id}`)).status).toBe(204);
    expect([await upload(upload_token), await upload(rotated.body.token)]).toEqual([
      [401, "UPLOAD_TOKEN_ENDED"],
      202,
    ]);
    const made = await admin("POST", tokens);
    expect([made.status, await upload(made.body.token)]).toEqual([201, 202]);
    expect((await admin("DELETE", `${tokens}/${user_id}`)).body.code).toBe("RESOURCE_NOT_FOUND");
    const { body: audit } = await admin("GET", "/audit");
    expect(audit.data.map(({ action }: Json) => action)).toEqual(
      expect.arrayContaining([
        "POST /admin/v1/users/:id/upload-tokens",
        "POST /admin/v1/users/:id/upload-tokens/:token_id/rotate",
        "DELETE /admin/v1/users/:id/upload-tokens/:token_id",
      ]),
    );
    const kept = JSON.stringify([audit, await hub.query("SELECT * FROM upload_tokens")]);
    for (const token of [upload_token, rotated.body.token, made.body.token])
      expect(kept).not.toContain(token);
  });

  it("end at once with deauthenticateUser, and say that they did, while nothing of the person is kept", async () => {
    const { user_id, upload_token } = (await redeem(await newToken("leaving"))).body;
    expect(await upload(upload_token)).toBe(202);
    await hub.call("DELETE", `/v2/auth/deauthenticateUser?user_id=${user_id}`);
    expect(await upload(upload_token)).toEqual([401, "UPLOAD_CONNECTION_ENDED"]);
    expect(await upload("x".repeat(43))).toEqual([401, "UPLOAD_TOKEN_INVALID"]);
    for (const table of ["upload_tokens", "fetch_tasks", "raw_payloads", "records"]) {
      expect(await hub.query(`SELECT FROM ${table} WHERE user_id = $1`, [user_id]), table).toEqual([]);
    }
  });
});

it("the provider is listed among those of apps, with the data types that it has", async () => {
  const read = async (path: string): Promise<Json> => (await fetch(`${hub.url}/v2/${path}`)).json();
  const { providers, sdk_providers, sdk_resource } = await read("integrations");
  expect([sdk_providers, sdk_resource]).toEqual([expect.arrayContaining(["INLET"]), sdk_providers]);
  expect(providers).not.toContain("INLET");
  const detailed = (await read("integrations/detailed")).providers;
  const types = {
    activity: false,
    body: false,
    nutrition: false,
    daily: true,
    sleep: false,
    menstruation: false,
  };
  expect(detailed.find(({ provider }: Json) => provider === "INLET")).toMatchObject({ enabled: true, types });
});

describe("a person who falls silent", () => {
  const stateOf = async (userId: string): Promise<Json> =>
    (await admin("GET", `/users/${userId}/sync`)).body.pushed;

  it("is shown with the last push of each format, and counted", async () => {
    const { user_id, upload_token } = (await redeem(await newToken("silent"))).body;
    expect(await stateOf(user_id)).toMatchObject({ silent: false, formats: [] });
    await upload(upload_token);
    await upload(upload_token);
    const [pushed] = (await stateOf(user_id)).formats;
    expect(pushed).toMatchObject({ format: "days", pushes: 2, usual_gap_seconds: null });
    expect(Date.now() - Date.parse(pushed.last_pushed_at)).toBeLessThan(60_000);
    await hub.query("UPDATE pushes SET silent_after = now() - interval '1 second' WHERE user_id = $1", [
      user_id,
    ]);
    expect(await stateOf(user_id)).toMatchObject({ silent: true });
    const metrics = await (await fetch(`${hub.url}/metrics`)).text();
    expect(metrics).toMatch(/^systole_silent_connections\{provider="inlet"\} 1$/m);
    await upload(upload_token);
    expect(await stateOf(user_id)).toMatchObject({ silent: false });
  });
});
