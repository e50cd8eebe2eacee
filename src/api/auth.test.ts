import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createEnvironment } from "../../test/support/database.ts";
import { adminToken, startTestApi, type TestApi } from "./testing/api.ts";
import { connect } from "./testing/data.ts";

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

const statusAndCode = async (path: string, headers: Record<string, string>) => {
  const response = await fetch(`${api.url}${path}`, { headers });
  const { code } = (await response.json()) as { code?: string };
  return [response.status, code];
};

describe("an environment's keys", () => {
  const path = "/v2/subscriptions";

  test("give access together with its dev-id", async () => {
    expect((await api.call(path)).status).toBe(200);
  });

  test("are reported missing when either header is missing", async () => {
    const { devId, apiKey } = api.environment;
    const missing = [401, "CREDENTIALS_MISSING"];
    expect(await statusAndCode(path, {})).toEqual(missing);
    expect(await statusAndCode(path, { "dev-id": devId })).toEqual(missing);
    expect(await statusAndCode(path, { "x-api-key": apiKey })).toEqual(missing);
    expect(await statusAndCode(path, { "dev-id": devId, "x-api-key": "" })).toEqual(missing);
  });

  test("give no access to another environment, and neither does a wrong one", async () => {
    const other = await createEnvironment(api.store);
    const { devId, apiKey } = api.environment;
    const invalid = [401, "CREDENTIALS_INVALID"];
    expect(await statusAndCode(path, { "dev-id": other.devId, "x-api-key": apiKey })).toEqual(invalid);
    expect(await statusAndCode(path, { "dev-id": devId, "x-api-key": other.apiKey })).toEqual(invalid);
    expect(await statusAndCode(path, { "dev-id": devId, "x-api-key": `${apiKey}x` })).toEqual(invalid);
    // These credentials are different, although joined they read the same.
    const shifted = { "dev-id": devId.slice(0, -1), "x-api-key": devId.slice(-1) + apiKey };
    expect((await api.call(path)).status).toBe(200);
    expect(await statusAndCode(path, shifted)).toEqual(invalid);
  });

  test("are refused at once when this process revoked them", async () => {
    const made = await api.admin("/admin/v1/keys", { method: "POST", json: { label: "mine" } });
    const headers = { "dev-id": api.environment.devId, "x-api-key": String(made.body.key) };
    expect((await statusAndCode(path, headers))[0]).toBe(200);
    const gone = await api.admin(`/admin/v1/keys/${made.body.id}`, { method: "DELETE" });
    expect(gone.status).toBe(204);
    expect(await statusAndCode(path, headers)).toEqual([401, "CREDENTIALS_INVALID"]);
  });

  test("are checked before anything else", async () => {
    expect(await statusAndCode("/v2/activity?start_date=never", {})).toEqual([401, "CREDENTIALS_MISSING"]);
  });
});

describe("environments are strictly separate", () => {
  test("another environment's user is not found, by any call", async () => {
    const other = await createEnvironment(api.store);
    const { user_id } = await connect(api.store, other, { referenceId: "same" });
    const days = "start_date=2025-01-01&to_webhook=false";
    const calls = [
      api.call(`/v2/userInfo?user_id=${user_id}`),
      api.call(`/v2/activity?user_id=${user_id}&${days}`),
      api.call(`/v2/athlete?user_id=${user_id}&to_webhook=false`),
      api.call(`/v2/users/${user_id}`, { method: "PATCH", json: { active: false } }),
      api.call(`/v2/auth/deauthenticateUser?user_id=${user_id}`, { method: "DELETE" }),
      api.admin(`/admin/v1/users/${user_id}`),
      api.admin(`/admin/v1/users/${user_id}/raw`),
    ];
    for (const answer of await Promise.all(calls)) {
      expect([answer.status, answer.body.code]).toEqual([404, "USER_NOT_FOUND"]);
    }
    expect((await api.call("/v2/userInfo?reference_id=same")).body.users).toEqual([]);
    const bulk = await api.call("/v2/bulkUserInfo", { method: "POST", json: [user_id] });
    expect(bulk.body).toEqual([]);
    expect((await api.call("/v2/subscriptions", { as: other })).body.users).toHaveLength(1);
    expect((await api.call("/v2/subscriptions")).body.users).toEqual([]);
  });
});

describe("the operator's token", () => {
  const path = "/admin/v1/environments";

  test("is required", async () => {
    const { devId, apiKey } = api.environment;
    const invalid = [401, "ADMIN_TOKEN_INVALID"];
    expect((await api.admin(path)).status).toBe(200);
    expect(await statusAndCode(path, {})).toEqual(invalid);
    expect(await statusAndCode(path, { authorization: "Bearer wrong" })).toEqual(invalid);
    expect(await statusAndCode(path, { authorization: `Basic ${adminToken}` })).toEqual(invalid);
    expect(await statusAndCode(path, { "dev-id": devId, "x-api-key": apiKey })).toEqual(invalid);
  });

  test("selects an environment by query or header, or the first", async () => {
    const other = await createEnvironment(api.store);
    const { user_id } = await connect(api.store, other);
    const idsOf = async (query: string, headers = {}) =>
      ((await api.admin(`/admin/v1/users${query}`, { headers })).body.data as { user_id: string }[]).map(
        (user) => user.user_id,
      );
    expect(await idsOf(`?environment=${other.devId}`)).toEqual([user_id]);
    expect(await idsOf("", { "dev-id": other.devId })).toEqual([user_id]);
    expect(await idsOf("")).toEqual([]);
    const unknown = await api.admin("/admin/v1/users?environment=nobody");
    expect([unknown.status, unknown.body.code]).toEqual([404, "RESOURCE_NOT_FOUND"]);
  });
});
