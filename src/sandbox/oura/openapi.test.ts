/** The sandbox against Oura's own OpenAPI document: paths, parameters, answers, names. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningSandboxes, startSandboxes } from "../start.ts";
import { dataTypes } from "./collections.ts";
import oura from "./index.ts";
import { client } from "./sandbox.ts";
import { operations as subscriptionOperations } from "./subscriptions.ts";
import {
  absent,
  enumNamed,
  type Operation,
  OuraDocument,
  openApiIsHere,
  operations,
} from "./testing/openapi.ts";

type Json = ReturnType<typeof JSON.parse>;

const now = "2025-06-15T20:00:00Z";
const root = "/v2/usercollection/";
const asClient = { "x-client-id": client.id, "x-client-secret": client.secret };
let sandboxes: RunningSandboxes;
let url = "";
let controlled: (method: string, path: string, body: object) => Promise<{ status: number; json: Json }>;
let asPerson: Record<string, string> = {};

const confirming = createServer((request, response) => {
  const challenge = new URL(request.url ?? "", "http://here").searchParams.get("challenge");
  response.setHeader("content-type", "application/json").end(JSON.stringify({ challenge }));
});

async function call(method: string, where: string, headers: Record<string, string>, body?: object) {
  const answer = await fetch(where, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  const text = await answer.text();
  return { status: answer.status, json: (text === "" ? null : JSON.parse(text)) as Json };
}

/** Documents of the collections that are not generated, as the document describes them. */
const notGenerated = {
  tag: { id: "tag-1", day: "2025-06-14", text: null, timestamp: "2025-06-14T10:00:00+02:00", tags: ["a"] },
  rest_mode_period: {
    id: "rest-1",
    start_day: "2025-06-14",
    start_time: "2025-06-14T10:00:00+02:00",
    end_day: null,
    end_time: null,
    episodes: [{ tags: ["tag_generic_stress"], timestamp: "2025-06-14T10:00:00+02:00" }],
  },
  ring_battery_level: {
    timestamp: "2025-06-14T10:00:00Z",
    timestamp_unix: 1_749_895_200_000,
    charging: false,
    in_charger: null,
    level: 80,
  },
};

describe.skipIf(!openApiIsHere)(`Oura's sandbox and Oura's document (${absent})`, () => {
  let document: OuraDocument;
  let callback = "";
  beforeAll(async () => {
    document = new OuraDocument();
    sandboxes = await startSandboxes({ port: 0, plugins: [oura], now: new Date(now) });
    const named = sandboxes.named("oura");
    url = named.url;
    controlled = (method, path, body) => call(method, named.controlUrl + path, {}, body);
    const person: string = (await controlled("POST", "/users", {})).json.user_id;
    await controlled("POST", `/users/${person}/generate`, { days: 28 });
    for (const [name, body] of Object.entries(notGenerated))
      await controlled("PUT", `/users/${person}/${name}?notify=false`, body);
    const query = new URLSearchParams({
      response_type: "code",
      client_id: client.id,
      redirect_uri: "http://127.0.0.1/back",
      sandbox_user: person,
    });
    const agreed = await fetch(`${url}/oauth/authorize?${query}`, { redirect: "manual" });
    const code = new URL(agreed.headers.get("location") ?? "").searchParams.get("code") ?? "";
    const form = {
      grant_type: "authorization_code",
      code,
      redirect_uri: "http://127.0.0.1/back",
      client_id: client.id,
      client_secret: client.secret,
    };
    const granted = await fetch(`${url}/oauth/token`, { method: "POST", body: new URLSearchParams(form) });
    const { access_token } = (await granted.json()) as { access_token: string };
    asPerson = { authorization: `Bearer ${access_token}` };
    await new Promise<void>((resolve) => confirming.listen(0, "127.0.0.1", resolve));
    callback = `http://127.0.0.1:${(confirming.address() as AddressInfo).port}/hook`;
  });
  afterAll(async () => {
    confirming.close();
    await sandboxes?.close();
  });

  const all = openApiIsHere ? operations() : [];
  const lists = all.filter(
    ({ path }) => path.startsWith(root) && !path.includes("{") && !path.endsWith("_info"),
  );
  const singles = all.filter(({ path }) => path.startsWith(root) && path.endsWith("/{document_id}"));
  const whole = (operation: Operation): string => {
    const names = operation.parameters.map(({ name }) => name);
    if (names.includes("start_datetime"))
      return "?start_datetime=2025-05-17T00:00:00Z&end_datetime=2025-06-15T23:59:59Z";
    return names.includes("start_date") ? "?start_date=2025-05-01&end_date=2025-06-15T23:59:59" : "";
  };
  const wrong = (operation: Operation, json: unknown) => document.errors(operation.answer ?? {}, json);

  it("know the same collections", () => {
    expect(lists).toHaveLength(18);
    expect(singles).toHaveLength(16);
    expect(all).toHaveLength(18 + 16 + 1 + 6);
  });

  it.each(lists.map((one) => [one.path, one] as const))(
    "%s gives all as documented",
    async (path, operation) => {
      const { status, json } = await call("GET", url + path + whole(operation), asPerson);
      expect(status).toBe(200);
      expect(json.data.length).toBeGreaterThan(0);
      expect(wrong(operation, json)).toEqual([]);
      expect(wrong(operation, { ...json, data: [{ ...json.data[0], invented: 1 }] })).not.toEqual([]);
    },
  );

  /** What a value of each parameter changes in the list that has everything. */
  const effects: Readonly<
    Record<string, (read: (value: string) => Promise<Json[]>, every: Json[]) => unknown>
  > = {
    start_date: async (read, every) =>
      expect((await read("2025-06-15T19:59:59")).length).toBeLessThan(every.length),
    end_date: async (read) => expect(await read("2025-05-01")).toEqual([]),
    start_datetime: async (read, every) =>
      expect((await read("2025-06-15T19:59:59Z")).length).toBeLessThan(every.length),
    end_datetime: async (read) => expect(await read("2025-05-17T00:00:00Z")).toEqual([]),
    next_token: async (read, every) =>
      expect(await read(Buffer.from("1").toString("base64url"))).toEqual(every.slice(1)),
    latest: async (read) => expect(await read("true")).toHaveLength(1),
    fields: async (read) =>
      expect(["id", "day", "timestamp", "score"]).toEqual(
        expect.arrayContaining(Object.keys((await read("score"))[0])),
      ),
  };

  it.each(lists.map((one) => [one.path, one] as const))(
    "%s takes every parameter",
    async (path, operation) => {
      const every = whole(operation);
      const listOf = async (changed: Record<string, string>): Promise<Json[]> => {
        const asked = new URLSearchParams({ ...Object.fromEntries(new URLSearchParams(every)), ...changed });
        return (await call("GET", `${url}${path}?${asked}`, asPerson)).json.data;
      };
      await controlled("PUT", "/pages", { documents: 50_000, samples: 50_000 });
      const all = await listOf({});
      for (const { name } of operation.parameters)
        await effects[name]?.((value) => listOf({ [name]: value }), all);
      expect(Object.keys(effects)).toEqual(
        expect.arrayContaining(operation.parameters.map(({ name }) => name)),
      );
    },
  );

  it.each(singles.map((one) => [one.path, one] as const))(
    "%s gives one document",
    async (path, operation) => {
      const list = lists.find((one) => path === `${one.path}/{document_id}`) as Operation;
      const [first] = (await call("GET", url + list.path + whole(list), asPerson)).json.data;
      const found = await call("GET", `${url}${list.path}/${first.id ?? first.day}`, asPerson);
      expect(found).toEqual({ status: 200, json: first });
      expect(wrong(operation, found.json)).toEqual([]);
      const missing = await call("GET", `${url}${list.path}/nothing`, asPerson);
      expect(missing).toEqual({ status: 404, json: { detail: "Document not found." } });
    },
  );

  it("describes the person as documented", async () => {
    const operation = all.find(({ path }) => path.endsWith("personal_info")) as Operation;
    expect(wrong(operation, (await call("GET", url + operation.path, asPerson)).json)).toEqual([]);
  });

  it("makes, lists, changes, prolongs and ends subscriptions as documented", async () => {
    const path = "/v2/webhook/subscription";
    const operation = (method: string, name: string) =>
      all.find((one) => one.method === method && one.path === name) as Operation;
    const body = {
      callback_url: callback,
      verification_token: "t",
      event_type: "create",
      data_type: "sleep",
    };
    const made = await call("POST", url + path, asClient, body);
    expect(made.status).toBe(201);
    expect(wrong(operation("POST", path), made.json)).toEqual([]);
    const one = `${url}${path}/${made.json.id}`;
    expect(wrong(operation("GET", path), (await call("GET", url + path, asClient)).json)).toEqual([]);
    expect(wrong(operation("GET", `${path}/{id}`), (await call("GET", one, asClient)).json)).toEqual([]);
    const renewed = await call("PUT", `${url}${path}/renew/${made.json.id}`, asClient);
    expect(wrong(operation("PUT", `${path}/renew/{id}`), renewed.json)).toEqual([]);
    const changed = await call("PUT", one, asClient, { verification_token: "t", event_type: "update" });
    expect(wrong(operation("PUT", `${path}/{id}`), changed.json)).toEqual([]);
    expect((await call("DELETE", one, asClient)).status).toBe(204);
    expect((await call("GET", one, asClient)).status).toBe(404);
  });

  it("know the same data types and operations of notifications", () => {
    expect([...dataTypes].toSorted()).toEqual(enumNamed("ExtApiV2DataType").toSorted());
    expect([...subscriptionOperations].toSorted()).toEqual(enumNamed("WebhookOperation").toSorted());
  });
});
