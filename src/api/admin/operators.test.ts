import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestApi, type TestApi } from "../testing/api.ts";
import { adminOperations } from "../testing/operations.ts";

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

const as = (token: string, method: string, path: string, json?: unknown) =>
  fetch(`${api.url}/admin/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(json === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(json === undefined ? {} : { body: JSON.stringify(json) }),
  });
const codeOf = async (response: Response) => {
  const { code } = (await response.json()) as { code: string };
  return [response.status, code];
};

async function newOperator(name: string, role: string) {
  const { status, body } = await api.admin("/admin/v1/operators", { method: "POST", json: { name, role } });
  expect(status).toBe(201);
  return { id: String(body.id), token: String(body.token) };
}

describe("an operator", () => {
  test("has a token that is shown once and stored as its hash", async () => {
    const { id, token } = await newOperator("ada", "admin");
    expect((await as(token, "POST", "/keys", { label: "by ada" })).status).toBe(201);
    const { text } = await api.admin("/admin/v1/operators");
    expect(text).toContain(id);
    expect(text).not.toContain(token);
    const rows = await api.store.db.selectFrom("operators").selectAll().execute();
    expect(JSON.stringify(rows)).not.toContain(token);
  });

  test("has a unique name, until it is revoked", async () => {
    const { id, token } = await newOperator("bob", "admin");
    const again = { method: "POST", json: { name: "bob", role: "viewer" } };
    expect((await api.admin("/admin/v1/operators", again)).status).toBe(400);
    expect((await api.admin(`/admin/v1/operators/${id}`, { method: "DELETE" })).status).toBe(204);
    expect(await codeOf(await as(token, "GET", "/users"))).toEqual([401, "ADMIN_TOKEN_INVALID"]);
    expect((await api.admin(`/admin/v1/operators/${id}`, { method: "DELETE" })).status).toBe(404);
    await newOperator("bob", "viewer");
  });

  test("is an admin or a viewer", async () => {
    const json = { name: "carol", role: "owner" };
    const { status, body } = await api.admin("/admin/v1/operators", { method: "POST", json });
    expect([status, body.code]).toEqual([400, "REQUEST_INVALID"]);
  });
});

describe("a viewer", () => {
  test("changes nothing", async () => {
    const { token } = await newOperator("viewer one", "viewer");
    const changes = (await adminOperations(api)).filter(({ method }) => method !== "GET");
    expect(changes.length).toBeGreaterThan(15);
    for (const { method, path } of changes) {
      const refused = await as(token, method, path, {});
      expect([method, path, ...(await codeOf(refused))]).toEqual([method, path, 403, "OPERATOR_FORBIDDEN"]);
    }
  });

  test("reads everything, and sees no secret", async () => {
    const { token } = await newOperator("viewer two", "viewer");
    const settings = { url: "https://app.example/hook", secret: "a-signing-secret-of-the-developer-32" };
    const json = { kind: "webhook", settings };
    expect((await api.admin("/admin/v1/destinations", { method: "POST", json })).status).toBe(201);
    const reads = (await adminOperations(api)).filter(
      // A stream does not end by itself.
      ({ method, path }) => method === "GET" && path !== "/events/stream",
    );
    expect(reads.length).toBeGreaterThan(10);
    const secrets = [settings.secret, api.sandbox.clientSecret, api.environment.apiKey];
    for (const { path } of reads) {
      const answer = await as(token, "GET", path);
      const text = await answer.text();
      // A missing thing is answered 404, what is not set up 409; nothing is forbidden.
      expect([path, [200, 400, 404, 409].includes(answer.status)]).toEqual([path, true]);
      for (const secret of secrets) expect(text).not.toContain(secret);
    }
    expect(await (await as(token, "GET", "/destinations")).text()).toContain("app.example");
  });
});

describe("wrong tokens", () => {
  test("are delayed, and refused in the end, while a right one is accepted at once", async () => {
    let answered = 0;
    const guesses = Array.from({ length: 60 }, async (_, n) => {
      const response = await as(`guess-${n}`, "GET", "/users");
      answered++;
      return response;
    });
    const sentAway = await Promise.any(
      guesses.map(async (guess) => {
        const response = await guess;
        if (response.status !== 429) throw new Error("not this one");
        return response;
      }),
    );
    expect(sentAway.headers.get("retry-after")).toBe("30");
    expect((await api.admin("/admin/v1/users")).status).toBe(200);
    expect(answered).toBeLessThan(guesses.length);
    const statuses = (await Promise.all(guesses)).map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([401, 429]));
  });

  test("do not include missing tokens", async () => {
    const missing = await Promise.all(Array.from({ length: 60 }, () => fetch(`${api.url}/admin/v1/users`)));
    expect(new Set(missing.map(({ status }) => status))).toEqual(new Set([401]));
  });
});

describe("rotating the admin token", () => {
  test("ends the former one at once, and returns the new one only this once", async () => {
    const { token: colleague } = await newOperator("dora", "admin");
    const rotated = await api.admin("/admin/v1/token/rotate", { method: "POST" });
    expect(rotated.status).toBe(200);
    expect((await api.admin("/admin/v1/users")).status).toBe(401);
    expect((await as(String(rotated.body.token), "GET", "/users")).status).toBe(200);
    const rows = await api.store.db.selectFrom("admin_tokens").selectAll().execute();
    expect(JSON.stringify(rows)).not.toContain(String(rotated.body.token));
    const both = await Promise.all([1, 2].map(() => as(colleague, "POST", "/token/rotate")));
    expect(both.map(({ status }) => status)).toEqual([200, 200]);
  });
});
