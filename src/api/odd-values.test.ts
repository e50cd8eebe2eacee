/** Tests every parameter of every reading route with texts that are not valid values. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestApi, type TestApi } from "./testing/api.ts";

interface Parameter {
  readonly name: string;
  readonly in: "query" | "path" | "header";
  readonly schema: { readonly format?: string; readonly type?: string; readonly enum?: readonly string[] };
}

interface Operation {
  readonly parameters?: readonly Parameter[];
}

interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

let api: TestApi;
let reads: [path: string, parameters: readonly Parameter[]][];
beforeAll(async () => {
  api = await startTestApi();
  const { paths } = (await api.call("/docs/json")).body as unknown as OpenApi;
  reads = Object.entries(paths).flatMap(([path, { get }]) =>
    get === undefined ? [] : [[path, (get.parameters ?? []).filter((each) => each.in !== "header")]],
  );
});
afterAll(() => api.close());

const oddValues = [
  "",
  "0",
  "-1",
  "1e400",
  "0000-01-01",
  "0000-00-00",
  "-000001-01-01",
  "9999-12-31",
  "0001-01-01T00:00:00Z",
  "9999-12-31T23:59:59.999999999+23:59",
  "0000-01-01T00:00:00Z",
  "2026-02-31",
  "2026-02-31T00:00:00Z",
  "9999999999",
  "0000000000",
  "99999999999999999999",
  "\u0000",
  "\ud83d\udc93",
  "%",
  "a".repeat(600),
  "00000000-0000-0000-0000-000000000000",
  "ffffffff-ffff-ffff-ffff-ffffffffffff",
  "[object Object]",
];

/** Returns a value that the parameter accepts, so that only the odd one can be refused. */
function usual({ name, schema }: Parameter): string {
  if (schema.enum?.[0] !== undefined) return schema.enum[0];
  if (/date$/.test(name)) return "2026-01-01";
  if (schema.format === "date-time") return "2026-01-01T00:00:00Z";
  if (schema.type === "integer" || schema.type === "number") return "1";
  if (schema.type === "boolean") return "false";
  if (name === "environment") return api.environment.devId;
  return randomUUID();
}

function addressOf(
  path: string,
  parameters: readonly Parameter[],
  values: ReadonlyMap<string, string>,
): string {
  const query = new URLSearchParams();
  let address = path;
  for (const parameter of parameters) {
    const value = values.get(parameter.name) ?? usual(parameter);
    if (parameter.in === "query") query.set(parameter.name, value);
    else address = address.replace(`{${parameter.name}}`, encodeURIComponent(value));
  }
  return `${address}?${query}`;
}

/** Describes the fault of the answer to a value; null when there is none. */
async function faultOf(path: string, parameters: readonly Parameter[], name: string, odd: string) {
  const call = path.startsWith("/admin/") ? api.admin : api.call;
  const { status, headers } = await call(addressOf(path, parameters, new Map([[name, odd]])));
  const type = headers.get("content-type") ?? "";
  const isRefusal = /^(application\/problem\+json|text\/html)/.test(type);
  const isAnswer = status < 400 || (status < 500 && isRefusal);
  if (isAnswer && headers.get("x-content-type-options") === "nosniff") return null;
  return `${status} ${type} ${path} ${name}=${JSON.stringify(odd.slice(0, 40))}`;
}

test("an odd value never causes an internal error", async () => {
  const cases = reads.flatMap(([path, parameters]) =>
    parameters.flatMap(({ name }) => oddValues.map((odd) => ({ path, parameters, name, odd }))),
  );
  const faults: (string | null)[] = [];
  for (const { path, parameters, name, odd } of cases) {
    faults.push(await faultOf(path, parameters, name, odd));
  }
  expect(faults.filter((fault) => fault !== null)).toEqual([]);
  expect(cases.length).toBeGreaterThan(500);
});

/** Routes with times and dates in their body. */
const bodies: [path: string, body: (odd: string) => object][] = [
  ["/admin/v1/events/replay", (since) => ({ since })],
  ["/admin/v1/events/replay", (until) => ({ since: "2026-01-01T00:00:00Z", until })],
  ["/admin/v1/dead-letters/replay", (since) => ({ since })],
  ["/admin/v1/renormalizations", (since) => ({ since, until: "2026-01-01" })],
  ["/admin/v1/renormalizations", (until) => ({ since: "2026-01-01", until })],
  [`/admin/v1/users/${randomUUID()}/request-data`, (start_date) => ({ type: "daily", start_date })],
  ["/v2/auth/generateWidgetSession", (reference_id) => ({ reference_id })],
  ["/v2/bulkUserInfo", (id) => [id] as object],
];

test("nor does one in a body", async () => {
  for (const [path, body] of bodies) {
    for (const odd of oddValues) {
      const call = path.startsWith("/admin/") ? api.admin : api.call;
      const { status } = await call(path, { method: "POST", json: body(odd) });
      expect.soft(status, `${path} ${JSON.stringify(body(odd)).slice(0, 80)}`).toBeLessThan(500);
    }
  }
});

test("deeply nested settings are refused", async () => {
  const depth = 200_000;
  const body = `{"kind":"webhook","settings":{"url":${"[".repeat(depth)}${"]".repeat(depth)}}}`;
  const headers = { "content-type": "application/json" };
  const answer = await api.admin("/admin/v1/destinations", { method: "POST", body, headers });
  expect([answer.status, answer.body.code]).toEqual([400, "REQUEST_INVALID"]);
});
