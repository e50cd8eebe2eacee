import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createEnvironment, type TestEnvironment } from "../../../test/support/database.ts";
import { updateConnection } from "../../store/connections.ts";
import { startTestApi, type TestApi } from "../testing/api.ts";
import { connect } from "../testing/data.ts";

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

const idsOf = (users: unknown) => (users as { user_id: string }[]).map((user) => user.user_id);
const terraKeys = [
  "active",
  "created_at",
  "last_webhook_update",
  "provider",
  "reference_id",
  "scopes",
  "user_id",
];

describe("GET /v2/userInfo", () => {
  test("returns one user, with every key that Terra's strictest client reads", async () => {
    const { user_id } = await connect(api.store, api.environment, { scopes: "a.read b.read" });
    const answer = await api.call(`/v2/userInfo?user_id=${user_id}`);
    expect(answer.body).toMatchObject({ status: "success", is_authenticated: true });
    const user = answer.body.user as Record<string, unknown>;
    expect(Object.keys(user)).toEqual(
      expect.arrayContaining([...terraKeys, "last_polled_at", "most_recent_data_at"]),
    );
    expect(user).toMatchObject({
      user_id,
      provider: "POLAR",
      reference_id: null,
      last_webhook_update: null,
      scopes: "a.read,b.read",
      active: true,
    });
    expect(user.created_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00$/);
  });

  test("writes instants with their offset", async () => {
    const { user_id } = await connect(api.store, api.environment);
    const id = { environmentId: api.environment.environmentId, userId: user_id };
    const at = new Date("2025-10-01T12:34:56.789Z");
    await updateConnection(api.store.db, id, { last_webhook_update: at, most_recent_data_at: at });
    const { user } = (await api.call(`/v2/userInfo?user_id=${user_id}`)).body;
    const text = "2025-10-01T12:34:56.789000+00:00";
    expect(user).toMatchObject({
      last_webhook_update: text,
      most_recent_data_at: text,
      last_polled_at: null,
    });
  });

  test("a revoked user is found but not authenticated", async () => {
    const { user_id } = await connect(api.store, api.environment);
    const id = { environmentId: api.environment.environmentId, userId: user_id };
    await updateConnection(api.store.db, id, { state: "revoked" });
    const { body } = await api.call(`/v2/userInfo?user_id=${user_id}`);
    expect(body).toMatchObject({ is_authenticated: false, user: { active: false } });
  });

  test("returns every user of a reference, or an empty list", async () => {
    const first = await connect(api.store, api.environment, { referenceId: "r/1 ü" });
    const second = await connect(api.store, api.environment, { referenceId: "r/1 ü" });
    const reference = encodeURIComponent("r/1 ü");
    const { body } = await api.call(`/v2/userInfo?reference_id=${reference}`);
    expect(body.status).toBe("success");
    expect(idsOf(body.users)).toEqual([first.user_id, second.user_id]);
    expect((await api.call("/v2/userInfo?reference_id=nobody")).body).toEqual({
      status: "success",
      users: [],
    });
  });

  test("needs one of the two parameters, and finds no unknown user", async () => {
    const neither = await api.call("/v2/userInfo");
    expect([neither.status, neither.body.code]).toEqual([400, "REQUEST_INVALID"]);
    for (const id of ["00000000-0000-4000-8000-000000000000", "any%20string", "%00"]) {
      const unknown = await api.call(`/v2/userInfo?user_id=${id}`);
      expect([unknown.status, unknown.body.code]).toEqual([404, "USER_NOT_FOUND"]);
    }
  });
});

describe("GET /v2/subscriptions", () => {
  let environment: TestEnvironment;
  const ids: string[] = [];
  beforeAll(async () => {
    environment = await createEnvironment(api.store);
    for (let index = 0; index < 5; index++) ids.push((await connect(api.store, environment)).user_id);
  });

  test("without a page returns everyone", async () => {
    const { body } = await api.call("/v2/subscriptions", { as: environment });
    expect(idsOf(body.users)).toEqual(ids);
    expect(body).not.toHaveProperty("data");
  });

  test("in pages returns each user once, and the next page", async () => {
    const pages = [0, 1, 2, 3].map((page) =>
      api.call(`/v2/subscriptions?page=${page}&per_page=2`, { as: environment }),
    );
    const data = (await Promise.all(pages)).map(({ body }) => {
      return body.data as { next: number | null; max_page: number; results: unknown };
    });
    expect(data.map(({ results }) => idsOf(results))).toEqual([
      ids.slice(0, 2),
      ids.slice(2, 4),
      ids.slice(4),
      [],
    ]);
    expect(data.map(({ next }) => next)).toEqual([1, 2, null, null]);
    expect(data.map(({ max_page }) => max_page)).toEqual([2, 2, 2, 2]);
  });

  test("an exactly full page is the last", async () => {
    const { body } = await api.call("/v2/subscriptions?page=0&per_page=5", { as: environment });
    expect(body.data).toMatchObject({ next: null, max_page: 0 });
  });

  test("pages have 500 users by default", async () => {
    const { body } = await api.call("/v2/subscriptions?page=0", { as: environment });
    expect(body.data).toMatchObject({ next: null, max_page: 0 });
    expect((await api.call("/v2/subscriptions?page=0&per_page=0")).body.code).toBe("REQUEST_INVALID");
  });
});

describe("POST /v2/bulkUserInfo", () => {
  const bulk = (json: unknown) => api.call("/v2/bulkUserInfo", { method: "POST", json });

  test("accepts and returns bare arrays, in the requested order, without unknown users", async () => {
    const one = await connect(api.store, api.environment);
    const two = await connect(api.store, api.environment);
    const unknown = "00000000-0000-4000-8000-000000000000";
    const { body } = await bulk([two.user_id, unknown, "no uuid", one.user_id.toUpperCase(), two.user_id]);
    expect(idsOf(body)).toEqual([two.user_id, one.user_id]);
    expect((await bulk([])).body).toEqual([]);
  });

  test("refuses other bodies", async () => {
    for (const given of [{ ids: [] }, [1], "x"])
      expect((await bulk(given)).body.code).toBe("REQUEST_INVALID");
    expect((await api.call("/v2/bulkUserInfo", { method: "POST" })).body.code).toBe("REQUEST_INVALID");
  });
});

describe("PATCH /v2/users/{id}", () => {
  const patch = (id: string, json: unknown) => api.call(`/v2/users/${id}`, { method: "PATCH", json });

  test("changes the given fields and leaves the rest", async () => {
    const { user_id } = await connect(api.store, api.environment, { referenceId: "before" });
    expect((await patch(user_id, { active: false })).body).toMatchObject({
      status: "success",
      user: { user_id, reference_id: "before", active: false },
    });
    expect((await patch(user_id, { reference_id: "after" })).body.user).toMatchObject({
      reference_id: "after",
      active: false,
    });
    expect((await patch(user_id, { reference_id: null, active: true })).body.user).toMatchObject({
      reference_id: null,
      active: true,
    });
    expect((await patch(user_id, {})).body.user).toMatchObject({ reference_id: null, active: true });
    expect(idsOf([(await api.call(`/v2/userInfo?user_id=${user_id}`)).body.user])).toEqual([user_id]);
  });

  test("refuses invalid fields, and unknown users", async () => {
    const { user_id } = await connect(api.store, api.environment);
    expect((await patch(user_id, { active: "yes" })).body.code).toBe("REQUEST_INVALID");
    const unknown = await patch("nobody", { active: true });
    expect([unknown.status, unknown.body.code]).toEqual([404, "USER_NOT_FOUND"]);
  });
});
