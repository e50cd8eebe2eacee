import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestApi, type TestApi } from "./testing/api.ts";

let api: TestApi;
let document: OpenApi;
beforeAll(async () => {
  api = await startTestApi();
  document = (await api.call("/docs/json")).body as unknown as OpenApi;
});
afterAll(() => api.close());

interface Operation {
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly security?: unknown;
  readonly responses: Readonly<Record<string, unknown>>;
}

interface OpenApi {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

const operations = () =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ name: `${method} ${path}`, operation })),
  );

test("is OpenAPI 3.1 and has Terra's paths", () => {
  expect(document.openapi).toBe("3.1.0");
  const types = ["activity", "athlete", "body", "daily", "menstruation", "nutrition", "sleep"];
  expect(Object.keys(document.paths)).toEqual(
    expect.arrayContaining([
      ...types.map((type) => `/v2/${type}`),
      "/v2/auth/authenticateUser",
      "/v2/userInfo",
      "/v2/users/{user_id}",
      "/widget/session",
    ]),
  );
});

test("every operation has a summary, a tag and the error body", () => {
  for (const { name, operation } of operations()) {
    expect(operation.summary, name).toBeTruthy();
    expect(operation.tags, name).toHaveLength(1);
    expect(operation.responses.default, name).toMatchObject({
      content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
    });
  }
});

test("operations with credentials say which", () => {
  for (const { name, operation } of operations()) {
    const path = name.split(" ")[1] ?? "";
    if (path === "/admin/v1/session") expect(operation.security, name).toEqual([]);
    else if (path.startsWith("/admin/"))
      expect(operation.security, name).toEqual([{ admin: [] }, { session: [] }]);
    if (/^\/v2\/(activity|userInfo|auth\/authenticateUser)/.test(path)) {
      expect(operation.security, name).toEqual([{ devId: [], apiKey: [] }]);
    }
    if (path.startsWith("/v2/integrations")) expect(operation.security, name).toEqual([]);
  }
});

test("every operation of the admin API says what it answers, so that clients can be typed", () => {
  const isTyped = ([status, response]: [string, unknown]) => {
    const { content = {} } = response as { content?: Record<string, { schema?: object }> };
    const schemas = Object.values(content).map(({ schema }) => schema ?? {});
    return status === "204" || schemas.some((schema) => Object.keys(schema).length > 0);
  };
  const admin = operations().filter(({ name }) => name.includes(" /admin/"));
  expect(admin.length).toBeGreaterThan(50);
  for (const { name, operation } of admin) {
    const successes = Object.entries(operation.responses).filter(([status]) => status.startsWith("2"));
    expect(successes.some(isTyped), name).toBe(true);
  }
});

test("every reference is valid", () => {
  const references = JSON.stringify(document).match(/"\$ref":"[^"]+"/g) ?? [];
  expect(references.length).toBeGreaterThan(20);
  for (const reference of references) {
    const name = /^"\$ref":"#\/components\/schemas\/(\w+)"$/.exec(reference)?.[1] ?? reference;
    expect(document.components.schemas).toHaveProperty(name);
  }
});

test("the data models are described so that a validator can read them", () => {
  const ajv = new Ajv2020({ strict: false });
  const { Activity = {}, TerraUser = {} } = document.components.schemas;
  const user = { user_id: "u", provider: "POLAR" };
  expect(ajv.validate(TerraUser, user)).toBe(true);
  expect(ajv.validate(TerraUser, { user_id: 1 })).toBe(false);
  expect(ajv.validate(Activity, { metadata: { summary_id: 1 } })).toBe(false);
});

test("a page shows it, with nothing from elsewhere", async () => {
  const page = await api.call("/docs");
  expect(page.headers.get("content-type")).toMatch(/^text\/html/);
  expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
  expect(page.text).toContain("/v2/auth/authenticateUser");
  expect(page.text).not.toMatch(/<script|src="http|href="http/);
});
