import { request as httpRequest } from "node:http";
import { text } from "node:stream/consumers";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { collectingLog } from "../../test/support/delivery.ts";
import { startTestApi, type TestApi } from "./testing/api.ts";

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

const bulk = "/v2/bulkUserInfo";

describe("errors are one problem body", () => {
  test("with Terra's older and newer fields and our own", async () => {
    const answer = await api.call("/v2/userInfo?user_id=nobody&x=%20y");
    expect(answer.status).toBe(404);
    expect(answer.headers.get("content-type")).toMatch(/^application\/problem\+json/);
    expect(answer.body).toEqual({
      type: "about:blank",
      title: "not found",
      status: "error",
      message: "user not found",
      detail: "user not found",
      instance: "/v2/userInfo?user_id=nobody&x=%20y",
      code: "USER_NOT_FOUND",
      details: { user_id: "nobody" },
    });
  });

  test("an unknown address", async () => {
    for (const path of ["/nowhere", "/v2/nowhere", "/v2/workouts", "/activity"]) {
      const answer = await api.call(path);
      expect([answer.status, answer.body.code]).toEqual([404, "ROUTE_NOT_FOUND"]);
    }
    expect((await api.call("/v2/activity", { method: "POST", json: { data: [] } })).body.code).toBe(
      "ROUTE_NOT_FOUND",
    );
  });

  test("a body that is not JSON", async () => {
    const headers = { "content-type": "application/json" };
    const answer = await api.call(bulk, { method: "POST", body: "{nope", headers });
    expect([answer.status, answer.body.code]).toEqual([400, "REQUEST_BODY_NOT_JSON"]);
  });

  test("a body that would set a prototype", async () => {
    const headers = { "content-type": "application/json" };
    const body = '{"__proto__":{"active":true}}';
    const answer = await api.call("/v2/users/x", { method: "PATCH", body, headers });
    expect([answer.status, answer.body.code]).toEqual([400, "REQUEST_BODY_NOT_JSON"]);
  });

  test("a body of another type", async () => {
    const headers = { "content-type": "text/xml" };
    const answer = await api.call(bulk, { method: "POST", body: "<a/>", headers });
    expect([answer.status, answer.body.code]).toEqual([415, "REQUEST_MEDIA_TYPE_UNSUPPORTED"]);
    expect(answer.body.details).toEqual({ content_type: "text/xml" });
  });

  test("a body that is too large", async () => {
    const answer = await api.call(bulk, { method: "POST", json: ["x".repeat(2 * 1024 * 1024)] });
    expect([answer.status, answer.body.code]).toEqual([413, "REQUEST_TOO_LARGE"]);
    expect(answer.body.details).toEqual({ limit_bytes: 1024 * 1024 });
  });

  test("fields that are not valid are each named", async () => {
    const answer = await api.call("/v2/subscriptions?page=-1&per_page=many");
    expect([answer.status, answer.body.code]).toEqual([400, "REQUEST_INVALID"]);
    const { fields } = answer.body.details as { fields: { in: string; field: string }[] };
    expect(fields.map((field) => [field.in, field.field])).toEqual([
      ["query", "page"],
      ["query", "per_page"],
    ]);
    expect(answer.body.detail).toContain("page: ");
  });

  test("an address that cannot be decoded", async () => {
    const answer = await rawGet("/v2/users/%zz");
    expect([answer.status, answer.code]).toEqual([400, "REQUEST_INVALID"]);
    expect(answer.reference).toMatch(/^[0-9a-f-]{36}$/);
  });

  test("text that cannot be stored", async () => {
    const answers = await Promise.all([
      api.call("/v2/userInfo?reference_id=a%00b"),
      api.call("/v2/auth/generateWidgetSession", { method: "POST", json: { reference_id: "a\0b" } }),
      api.admin("/admin/v1/users?environment=%00"),
    ]);
    for (const answer of answers) {
      expect([answer.status, answer.body.code]).toEqual([400, "REQUEST_INVALID"]);
    }
    // A link is looked up by its hash, which any text has.
    expect((await api.call("/connect/%00")).status).toBe(404);
  });

  test("a failure of our own reveals nothing internal", async () => {
    const { db } = api.store;
    await sql`ALTER TABLE connections RENAME TO connections_away`.execute(db);
    try {
      const answer = await api.call("/v2/subscriptions");
      expect([answer.status, answer.body.code, answer.body.details]).toEqual([500, "INTERNAL", {}]);
      expect(answer.text).not.toMatch(/connections|relation|select/i);
    } finally {
      await sql`ALTER TABLE connections_away RENAME TO connections`.execute(db);
    }
  });
});

describe("every answer has its own reference", () => {
  test("also errors and unknown addresses", async () => {
    const paths = ["/v2/integrations", "/v2/subscriptions", "/v2/userInfo", "/v2/nowhere", "/v2/activity"];
    const answers = await Promise.all(paths.map((path) => api.call(path)));
    const references = answers.map((answer) => answer.headers.get("terra-reference"));
    for (const reference of references) expect(reference).toMatch(/^[0-9a-f-]{36}$/);
    expect(new Set(references).size).toBe(paths.length);
  });

  test("that a caller cannot choose", async () => {
    const answer = await api.call("/v2/integrations", { headers: { "request-id": "mine" } });
    expect(answer.headers.get("terra-reference")).not.toBe("mine");
  });
});

describe("the log", () => {
  test("has one line for each answer, with its reference and never its query", async () => {
    const { log, lines } = collectingLog();
    const logged = await startTestApi({ log });
    try {
      const answer = await logged.call("/v2/auth/polar/oauth2?code=the-code&state=the-state");
      const line = lines.find(({ msg }) => msg === "request");
      expect(line).toMatchObject({
        level: "info",
        trace_id: answer.headers.get("terra-reference"),
        method: "GET",
        route: "/v2/auth/:provider/oauth2",
        status: 400,
        duration_ms: expect.any(Number),
      });
      expect(JSON.stringify(lines)).not.toMatch(/the-code|the-state/);
      expect(JSON.stringify(lines)).not.toContain(logged.environment.apiKey);
    } finally {
      await logged.close();
    }
  });
});

describe("for operators", () => {
  test("alive, ready, measured", async () => {
    expect((await api.call("/healthz")).body).toEqual({ status: "ok" });
    expect((await api.call("/readyz")).body).toEqual({ status: "ready" });
    const metrics = await api.call("/metrics");
    expect([metrics.status, metrics.headers.get("content-type")]).toEqual([
      200,
      expect.stringMatching(/^text\/plain/),
    ]);
  });

  test("not ready while the schema is another", async () => {
    await sql`UPDATE migrations SET number = number - 1000`.execute(api.store.db);
    try {
      const answer = await api.call("/readyz");
      expect([answer.status, answer.body.code]).toEqual([503, "STORE_UNAVAILABLE"]);
    } finally {
      await sql`UPDATE migrations SET number = number + 1000`.execute(api.store.db);
    }
  });

  test("ready while a newer version has migrated the database, as in a rolling upgrade", async () => {
    await sql`INSERT INTO migrations (number, name) VALUES (9999, 'newer')`.execute(api.store.db);
    try {
      expect((await api.call("/readyz")).body).toEqual({ status: "ready" });
    } finally {
      await sql`DELETE FROM migrations WHERE number = 9999`.execute(api.store.db);
    }
  });

  test("a slash at the end makes no difference", async () => {
    expect((await api.call("/v2/integrations/")).status).toBe(200);
  });
});

/** Sends an address that fetch would refuse. */
function rawGet(path: string): Promise<{ status: number | undefined; code: string; reference: unknown }> {
  const { hostname, port } = new URL(api.url);
  return new Promise((resolve, reject) => {
    const request = httpRequest({ hostname, port, path }, async (response) => {
      const { code } = JSON.parse(await text(response));
      resolve({ status: response.statusCode, code, reference: response.headers["terra-reference"] });
    });
    request.once("error", reject);
    request.end();
  });
}
