import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createEnvironment } from "../../../test/support/database.ts";
import { waitFor } from "../../../test/support/wait.ts";
import { mask } from "../../security/url-masking.ts";
import type { Connection } from "../../store/connections.ts";
import { keepRawPayload } from "../../store/raw-payloads.ts";
import { startTestApi, type TestApi } from "../testing/api.ts";
import { activity, connect, keep } from "../testing/data.ts";

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

const idsOf = (data: unknown) => (data as { id: string }[]).map(({ id }) => id);
const newest = (ids: readonly string[]) => [...ids].sort().reverse();

describe("environments", () => {
  test("are listed and made, each dev-id once", async () => {
    const json = { dev_id: "second-app", name: "Second app" };
    const made = await api.admin("/admin/v1/environments", { method: "POST", json });
    expect([made.status, made.body]).toEqual([
      201,
      {
        ...json,
        id: expect.any(String),
        stage: "testing",
        redirect_origins: null,
        fhir_birth_date: false,
        keep_raw_days: null,
        keep_event_days: null,
        keep_notification_days: null,
        brand: { name: null, color: null, logo: null },
        created_at: expect.any(String),
      },
    ]);
    const { body } = await api.admin("/admin/v1/environments");
    expect(body.data).toMatchObject([{ dev_id: api.environment.devId }, { dev_id: "second-app" }]);
    const again = await api.admin("/admin/v1/environments", { method: "POST", json });
    expect([again.status, again.body.code]).toEqual([400, "REQUEST_INVALID"]);
    const spaces = { dev_id: "two words" };
    const refused = await api.admin("/admin/v1/environments", { method: "POST", json: spaces });
    expect(refused.body.code).toBe("REQUEST_INVALID");
  });

  test("have a stage that is chosen and changed, and the change is in the audit log", async () => {
    const json = { dev_id: "third-app", stage: "production" };
    const made = await api.admin("/admin/v1/environments", { method: "POST", json });
    expect(made.body.stage).toBe("production");
    const change = { method: "PATCH", json: { stage: "staging" } };
    const changed = await api.admin("/admin/v1/environments/third-app", change);
    expect([changed.status, changed.body.stage, changed.body.name]).toEqual([200, "staging", "third-app"]);
    const { body } = await api.admin("/admin/v1/audit?limit=1");
    expect(body.data).toMatchObject([
      {
        target: "/admin/v1/environments/third-app",
        before: { stage: "production" },
        after: { stage: "staging" },
      },
    ]);
    const unknown = { method: "PATCH", json: { stage: "live" } };
    expect((await api.admin("/admin/v1/environments/third-app", unknown)).status).toBe(400);
  });
});

describe("keys", () => {
  test("are shown once, listed without their value and revoked", async () => {
    const environment = await createEnvironment(api.store);
    const admin = api.about(environment);
    const made = await admin.post("/keys", { label: "ci" });
    expect([made.status, made.body]).toMatchObject([201, { label: "ci", revoked_at: null }]);
    const as = { ...environment, apiKey: String(made.body.key) };
    expect((await api.call("/v2/subscriptions", { as })).status).toBe(200);
    const listed = await admin.get("/keys");
    expect(listed.text).not.toContain(as.apiKey);
    expect(idsOf(listed.body.data)).toContain(made.body.id);
    expect((await admin.remove(`/keys/${made.body.id}`)).status).toBe(204);
    expect((await api.call("/v2/subscriptions", { as })).status).toBe(401);
    expect((await admin.remove(`/keys/${made.body.id}`)).body.code).toBe("RESOURCE_NOT_FOUND");
    expect((await admin.post("/keys")).status).toBe(201);
  });

  test("are rotated with both valid until a time that is said, and the former one not after it", async () => {
    const environment = await createEnvironment(api.store);
    const about = `?environment=${environment.devId}`;
    const { body: list } = await api.admin(`/admin/v1/keys${about}`);
    const [first] = list.data as { id: string }[];
    const rotate = (id: string | undefined, json: object) =>
      api.admin(`/admin/v1/keys/${id}/rotate${about}`, { method: "POST", json });
    const statusOf = async (apiKey: string) =>
      (await api.call("/v2/subscriptions", { as: { ...environment, apiKey } })).status;
    const long = await rotate(first?.id, {});
    expect([long.status, long.body.expires_at, long.body.label]).toEqual([201, null, "test"]);
    const former = long.body.former as { id: string; expires_at: string };
    const hours = (Date.parse(former.expires_at) - Date.now()) / 3_600_000;
    expect([former.id, hours > 23.9 && hours < 24.1]).toEqual([first?.id, true]);
    expect([await statusOf(environment.apiKey), await statusOf(String(long.body.key))]).toEqual([200, 200]);
    const short = await rotate(first?.id, { valid_for_seconds: 2 });
    expect(await statusOf(environment.apiKey)).toBe(200);
    await waitFor("the end of the former key", async () => (await statusOf(environment.apiKey)) === 401);
    const { expires_at: end } = short.body.former as { expires_at: string };
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(end));
    expect([await statusOf(String(long.body.key)), await statusOf(String(short.body.key))]).toEqual([
      200, 200,
    ]);
    const again = await rotate(first?.id, {});
    expect([again.status, again.body.code]).toEqual([404, "RESOURCE_NOT_FOUND"]);
  });
});

describe("providers", () => {
  const settings = { client_id: "id", client_secret: "a secret of Polar's" };

  test("accept credentials and show them masked", async () => {
    const admin = api.about(await createEnvironment(api.store));
    const before = (await admin.get("/providers")).body.data;
    expect(before).toMatchObject([
      { slug: "apple", configured: true, subscription: null },
      { slug: "garmin", configured: true, subscription: null },
      { slug: "oura", configured: false, settings: null, subscription: null },
      { slug: "polar", configured: false, settings: null, subscription: null },
    ]);
    const put = await admin.put("/providers/polar", settings);
    expect(put.body).toMatchObject({
      provider: "POLAR",
      configured: true,
      origin: "admin",
      settings: { client_id: "id", client_secret: mask },
      settings_schema: { properties: { client_secret: { secret: true } } },
      subscription: { state: "none" },
    });
    expect((await admin.get("/providers")).text).not.toContain(settings.client_secret);
  });

  test("keep a secret that is sent back masked", async () => {
    const environment = await createEnvironment(api.store);
    const admin = api.about(environment);
    await admin.put("/providers/polar", settings);
    const put = await admin.put("/providers/polar", { client_id: "other", client_secret: mask });
    expect(put.body.settings).toMatchObject({ client_id: "other", client_secret: mask });
    const url = "/v2/auth/authenticateUser?resource=POLAR";
    const begun = await api.call(url, { method: "POST", as: environment });
    expect(String(begun.body.auth_url)).toContain("client_id=other");
  });

  test("refuse what is not valid", async () => {
    const admin = api.about(await createEnvironment(api.store));
    const missing = await admin.put("/providers/polar", { client_id: "id" });
    expect([missing.status, missing.body.code]).toEqual([400, "REQUEST_INVALID"]);
    expect((await admin.put("/providers/fitbit", settings)).body.code).toBe("PROVIDER_UNKNOWN");
  });
});

describe("users", () => {
  test("are listed in pages and found by reference", async () => {
    const environment = await createEnvironment(api.store);
    const admin = api.about(environment);
    const users: Connection[] = [];
    for (const referenceId of ["a", "b", "b"])
      users.push(await connect(api.store, environment, { referenceId }));
    const ids = users.map(({ user_id }) => user_id);
    const read = async (query: string) => {
      const { body } = await admin.get(`/users?${query}`);
      return [(body.data as { user_id: string }[]).map(({ user_id }) => user_id), body.total];
    };
    expect(await read("per_page=2")).toEqual([ids.slice(0, 2), 3]);
    expect(await read("per_page=2&page=1")).toEqual([ids.slice(2), 3]);
    expect(await read("reference_id=b")).toEqual([ids.slice(1), 2]);
    expect((await admin.get("/users?per_page=x")).body.code).toBe("REQUEST_INVALID");
  });

  test("show their stored data", async () => {
    const environment = await createEnvironment(api.store);
    const connection = await connect(api.store, environment);
    for (const day of ["2025-10-01", "2025-10-03"]) {
      await keep(api.store, connection, "activity", activity(`${day}T08:00:00.000000Z`));
    }
    const { body } = await api.about(environment).get(`/users/${connection.user_id}`);
    expect(body).toMatchObject({
      user_id: connection.user_id,
      state: "active",
      provider_user_id: connection.provider_user_id,
      error: null,
      key_ends_at: null,
      holdings: [{ type: "activity", records: 2, from: "2025-10-01", to: "2025-10-03" }],
    });
    expect(JSON.stringify(body)).not.toContain("grant");
  });

  test("can be deleted", async () => {
    const environment = await createEnvironment(api.store);
    const { user_id } = await connect(api.store, environment);
    const admin = api.about(environment);
    const receipt = await admin.remove(`/users/${user_id}`);
    expect([receipt.status, receipt.body]).toMatchObject([200, { user_id, deleted: { connections: 1 } }]);
    expect((await admin.remove(`/users/${user_id}`)).body).toEqual(receipt.body);
    expect((await admin.get(`/users/${user_id}`)).body.code).toBe("USER_NOT_FOUND");
    expect((await admin.get("/users/not-a-uuid")).body.code).toBe("USER_NOT_FOUND");
  });

  test("can have their data sent again", async () => {
    const environment = await createEnvironment(api.store);
    const connection = await connect(api.store, environment);
    await keep(api.store, connection, "activity", activity("2025-10-01T08:00:00.000000Z"));
    const admin = api.about(environment);
    const request = (json: object) => admin.post(`/users/${connection.user_id}/request-data`, json);
    const answer = await request({ type: "activity", start_date: "2025-10-01", end_date: "2025-10-02" });
    const reference = answer.headers.get("terra-reference");
    expect([answer.status, answer.body]).toMatchObject([202, { type: "activity", reference }]);
    expect((await request({ type: "athlete" })).status).toBe(202);
    expect((await request({ type: "activity" })).body.code).toBe("DATE_INVALID");
    expect((await request({ type: "naps", start_date: "2025-10-01" })).body.code).toBe("REQUEST_INVALID");
    const unsupported = await request({ type: "nutrition", start_date: "2025-10-01" });
    expect(unsupported.body.code).toBe("DATA_TYPE_UNSUPPORTED");
  });
});

describe("raw payloads", () => {
  test("come back byte for byte, with the proof", async () => {
    const environment = await createEnvironment(api.store);
    const connection = await connect(api.store, environment);
    const id = { environmentId: environment.environmentId, userId: connection.user_id };
    const bodies = [Buffer.from('{"a":1.0}\r\n'), Buffer.from([0, 255, 254, 13])];
    const kept: string[] = [];
    for (const [index, body] of bodies.entries()) {
      const fetched = {
        connection: id,
        provider: "polar",
        resource: index === 0 ? "sleep" : "fit",
        key: "2025-10-01",
        request: { method: "GET", path: "/v3/x" } as const,
        response: { status: 200, contentType: index === 0 ? "application/json" : null, body },
        taskId: randomUUID(),
      };
      kept.push(await keepRawPayload(api.store.db, fetched));
    }
    const admin = api.about(environment);
    const list = `/users/${connection.user_id}/raw`;
    const { body } = await admin.get(list);
    expect(idsOf(body.data)).toEqual(newest(kept));
    expect(idsOf((await admin.get(`${list}?resource=fit`)).body.data)).toEqual([kept[1]]);
    const first = await admin.get(`${list}?limit=1`);
    expect(idsOf((await admin.get(`${list}?limit=1&before=${first.body.next}`)).body.data)).toEqual([
      kept[0],
    ]);
    const url = `${api.url}/admin/v1${list}/${kept[1]}?environment=${environment.devId}`;
    const download = await fetch(url, { headers: { authorization: "Bearer operator-token-of-the-tests" } });
    expect(Buffer.from(await download.arrayBuffer())).toEqual(bodies[1]);
    expect(download.headers.get("content-type")).toBe("application/octet-stream");
    const listed = (body.data as { sha256: string; id: string }[]).find((payload) => payload.id === kept[1]);
    expect(download.headers.get("x-systole-sha256")).toBe(listed?.sha256);
    const json = await admin.get(`${list}/${kept[0]}`);
    expect([json.headers.get("content-type"), json.text]).toEqual(["application/json", '{"a":1.0}\r\n']);
    const other = await connect(api.store, environment);
    const notTheirs = await admin.get(`/users/${other.user_id}/raw/${kept[0]}`);
    expect([notTheirs.status, notTheirs.body.code]).toEqual([404, "RESOURCE_NOT_FOUND"]);
  });
});
