/** Tests which environment an admin request is about, and where it sends browsers back to. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createEnvironment } from "../../../test/support/database.ts";
import { readOrigin } from "../../connections/redirect-url.ts";
import { configurePolar, startTestApi, type TestApi } from "../testing/api.ts";
import { adminOperations } from "../testing/operations.ts";

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

describe("an ambiguous parameter", () => {
  test.each([
    ["?environment=a&environment=b", "environment"],
    ["?environment[]=a", "environment[]"],
    ["?environment[0]=a", "environment[0]"],
    ["?environment=", "environment"],
    ["?enviroment=a", "enviroment"],
    ["?Environment=a", "Environment"],
    ["?referenceid=me", "referenceid"],
  ])("is refused: %s", async (query, named) => {
    const { status, body } = await api.admin(`/admin/v1/users${query}`);
    expect([status, body.code]).toEqual([400, "REQUEST_INVALID"]);
    expect(JSON.stringify(body.details)).toContain(named);
  });

  test("is refused when the header names another environment", async () => {
    const { devId } = api.environment;
    const ask = async (header: string) =>
      (await api.admin(`/admin/v1/users?environment=${devId}`, { headers: { "dev-id": header } })).status;
    expect([await ask(devId), await ask("other")]).toEqual([200, 400]);
  });

  test("is refused by every route, before anything is done", async () => {
    for (const { method, path } of await adminOperations(api)) {
      const init = { method, ...(method === "GET" ? {} : { json: {} }) };
      const { status } = await api.admin(`/admin/v1${path}?enviroment=other`, init);
      expect([method, path, status]).toEqual([method, path, 400]);
    }
    expect((await api.admin("/admin/v1/users")).status).toBe(200);
  });
});

describe("the redirect origins", () => {
  test.each([
    ["https://app.example", "https://app.example"],
    ["https://app.example:443/", "https://app.example"],
    ["HTTP://App.Example:8080", "http://app.example:8080"],
    ["myapp:", "myapp:"],
    ["myapp://", "myapp:"],
    ["https://app.example/path", null],
    ["https://app.example/?x", null],
    ["https://me@app.example", null],
    ["myapp://host", null],
    ["javascript:", null],
    ["app.example", null],
  ])("are read: %s", (text, origin) => {
    expect(readOrigin(text)).toBe(origin);
  });

  test("are unlimited until an environment names some", async () => {
    const other = await createEnvironment(api.store);
    await configurePolar(api.store, other, api.sandbox);
    const codeFor = async (url: string, path: string) => {
      const json = { auth_success_redirect_url: url };
      const { status, body } = await api.call(path, { method: "POST", json, as: other });
      return status < 300 ? "taken" : body.code;
    };
    const paths = [
      "/v2/auth/authenticateUser?resource=POLAR",
      "/v2/auth/generateWidgetSession",
      "/widget/session",
    ];
    for (const path of paths) expect(await codeFor("https://anywhere.example/x", path)).toBe("taken");
    const json = { redirect_origins: ["https://app.example", "myapp://"] };
    const changed = await api.admin(`/admin/v1/environments/${other.devId}`, { method: "PATCH", json });
    expect(changed.body.redirect_origins).toEqual(["https://app.example", "myapp:"]);
    for (const path of paths) {
      expect(await codeFor("https://app.example/done?x=1", path)).toBe("taken");
      expect(await codeFor("myapp://done", path)).toBe("taken");
      for (const url of [
        "https://anywhere.example/x",
        "https://app.example.evil.example",
        "http://app.example",
        "https://app.example:8443",
        "other://done",
      ]) {
        expect([url, await codeFor(url, path)]).toEqual([url, "REDIRECT_ORIGIN_REFUSED"]);
      }
    }
    const init = { method: "PATCH", json: { redirect_origins: null } };
    expect((await api.admin(`/admin/v1/environments/${other.devId}`, init)).status).toBe(200);
    expect(await codeFor("https://anywhere.example/x", paths[0] ?? "")).toBe("taken");
  });

  test("apply to an earlier link", async () => {
    const json = { auth_success_redirect_url: "https://former.example/" };
    const { body } = await api.call("/v2/auth/generateWidgetSession", { method: "POST", json });
    const change = { method: "PATCH", json: { redirect_origins: [] } };
    await api.admin(`/admin/v1/environments/${api.environment.devId}`, change);
    const started = await api.call(`${new URL(String(body.url)).pathname}/polar`, { method: "POST" });
    expect([started.status, started.text.includes("REDIRECT_ORIGIN_REFUSED")]).toEqual([400, true]);
  });

  test("must be origins, of an existing environment", async () => {
    const patch = async (devId: string, json: object) =>
      (await api.admin(`/admin/v1/environments/${devId}`, { method: "PATCH", json })).status;
    const { devId } = api.environment;
    expect(await patch(devId, { redirect_origins: ["https://app.example/path"] })).toBe(400);
    expect(await patch(devId, { redirect_origin: [] })).toBe(400);
    expect(await patch("nobody", { name: "x" })).toBe(404);
    expect(await patch(devId, {})).toBe(200);
  });
});
