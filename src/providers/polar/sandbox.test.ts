/** Tests the plugin against the sandbox: from the connect link to a record of every type. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningSandbox, startSandbox } from "../../sandbox/polar/standalone.ts";
import { startServer, type TestServer } from "../kit/testing/server.ts";
import type { Grant, Part, ResourceRef } from "../provider.ts";
import polar from "./index.ts";
import { accesslink } from "./names.ts";
import { resources } from "./resources.ts";
import { fixture, make } from "./testing/bodies.ts";
import { type PolarClient, polarClient } from "./testing/client.ts";
import { notifications } from "./webhook.ts";

let sandbox: RunningSandbox;
let receiver: TestServer;
let client: PolarClient;
let grant: Grant;
let secret = "";

const signal = () => AbortSignal.timeout(10_000);
const redirectUri = "http://127.0.0.1:9/v2/auth/polar/oauth2";

async function control(method: string, path: string, body?: unknown): Promise<unknown> {
  const init =
    body === undefined ? {} : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  const response = await fetch(`${sandbox.url}/_sandbox${path}`, { method, ...init });
  const text = await response.text();
  expect(response.ok, text).toBe(true);
  return text === "" ? null : JSON.parse(text);
}

async function authorize(person: number): Promise<Grant> {
  const url = `${await client.authorizationUrl({ redirectUri, state: "s" })}&sandbox_user=${person}`;
  const response = await fetch(url, { redirect: "manual" });
  const back = new URL(response.headers.get("location") ?? "");
  expect(back.searchParams.get("state")).toBe("s");
  return client.exchangeCode({ code: back.searchParams.get("code") ?? "", redirectUri, signal: signal() });
}

beforeAll(async () => {
  sandbox = await startSandbox({ port: 0, now: new Date("2025-05-12T10:00:00Z") });
  receiver = await startServer();
  client = polarClient({
    client_id: sandbox.clientId,
    client_secret: sandbox.clientSecret,
    authorize_url: `${sandbox.url}/oauth2/authorization`,
    token_url: `${sandbox.url}/v2/oauth2/token`,
    api_url: sandbox.url,
  });
  const { user_id } = (await control("POST", "/users")) as { user_id: number };
  grant = await authorize(user_id);
});
afterAll(async () => {
  await sandbox.close();
  await receiver.close();
});

async function fetchParts(ref: ResourceRef): Promise<readonly Part[]> {
  const resource = resources.find(({ name }) => name === ref.resource);
  if (!resource) throw new Error(`no resource ${ref.resource}`);
  const response = await client.fetch(resource.request(ref.key, grant.providerUserId), grant, signal());
  return response.status === 204 ? [] : resource.parts(ref.key, JSON.parse(response.body.toString()));
}

describe("with the sandbox", () => {
  it("a person is registered, and registered again without harm", async () => {
    await client.register(grant, "member", signal());
    await client.register(grant, "member", signal());
  });

  it("the webhook is made, its secret is given, and then it stays unchanged", async () => {
    const made = await client.ensureSubscription({
      url: `${receiver.url}/hook`,
      known: [],
      expectPing: async () => {},
      signal: signal(),
    });
    expect(made.action).toBe("created");
    secret = made.secret ?? "";
    const again = await client.ensureSubscription({
      url: `${receiver.url}/hook`,
      known: [made.remoteId],
      expectPing: async () => {},
      signal: signal(),
    });
    expect(again).toEqual({ remoteId: made.remoteId, secret: null, action: "unchanged" });
  });

  it("new data is announced, and announced data can be fetched", async () => {
    receiver.asked.splice(0);
    await control("PUT", `/users/${grant.providerUserId}/exercises`, fixture("exercise-run"));
    await expect.poll(() => receiver.asked.length).toBe(1);
    const [push] = receiver.asked;
    const body = Buffer.from(push?.body ?? "");
    const request = { headers: push?.headers ?? {}, body };
    expect(notifications.verify(request, { secrets: ["other", secret] })).toBe(true);
    const [meaning] = notifications.read(body);
    expect(meaning).toMatchObject({ kind: "data", providerUserId: grant.providerUserId });
    const fetches = meaning?.kind === "data" ? meaning.fetches : [];
    const parts = await Promise.all(fetches.map(fetchParts));
    expect(make("activity", parts.flat()).metadata.summary_id).toBe("Ab3kQ9zX");
  });

  it("a new person's data can be fetched, each part the same alone as in its list", async () => {
    const person = `/users/${grant.providerUserId}`;
    await control("PUT", `${person}/sleep`, fixture("sleep-midnight"));
    await control("PUT", `${person}/nightly-recharge`, fixture("recharge-midnight"));
    await control("PUT", `${person}/activities`, fixture("activity-day"));
    await control("PUT", `${person}/continuous-heart-rate`, fixture("heart-rate-day"));
    await control("PUT", `${person}/physical-info`, fixture("physical-info"));
    const lists = resources.flatMap(({ name, api, discovery }) =>
      discovery === null || api !== accesslink
        ? []
        : [{ resource: name, key: discovery.key("2025-04-14", "2025-05-11") }],
    );
    const listed = (await Promise.all(lists.map(fetchParts))).flat();
    const made = polar.normalizers.flatMap((normalizer) =>
      listed.flatMap((part) => normalizer.affects(part)),
    );
    expect(new Set(made.map(({ type }) => type))).toEqual(new Set(polar.dataTypes));
    // Parts that are never fetched alone: states at an earlier time, and the offset that an exercise gives.
    const isAsked = ({ resource, key }: Part) =>
      !key.startsWith("2024-06-10") && resource !== "exercise-offset";
    for (const part of listed.filter(isAsked)) {
      const alone = (await fetchParts(part)).filter(({ key }) => key === part.key);
      expect(alone).toEqual([part]);
    }
  });

  it("ranges contain their days", async () => {
    const range = (resource: string) => fetchParts({ resource, key: "2025-05-01..2025-05-12" });
    expect((await range("continuous-heart-rate")).map(({ key }) => key)).toContain("2025-05-11");
    expect((await range("activity")).map(({ key }) => key)).toContain("2025-05-11");
  });

  it("the plugin classifies the faults", async () => {
    const sleep = () => fetchParts({ resource: "sleep", key: "2025-05-12" });
    await control("POST", "/faults", { kind: "rate-limit", times: 1 });
    await expect(sleep()).rejects.toMatchObject({
      code: "PROVIDER_RATE_LIMITED",
      retryAfterMs: expect.any(Number),
    });
    await control("POST", "/faults", { kind: "outage", times: 1 });
    await expect(sleep()).rejects.toMatchObject({ code: "PROVIDER_UNAVAILABLE" });
    await control("DELETE", "/faults");
    await expect(fetchParts({ resource: "sleep", key: "2025-01-01" })).rejects.toMatchObject({
      code: "PROVIDER_RESOURCE_MISSING",
    });
  });

  it("revoking the permission ends the token, and can be repeated", async () => {
    await client.revoke(grant, signal());
    await client.revoke(grant, signal());
    await expect(fetchParts({ resource: "user", key: "current" })).rejects.toMatchObject({
      code: "PROVIDER_UNAUTHORIZED",
    });
  });
});
