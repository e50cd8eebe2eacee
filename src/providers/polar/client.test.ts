import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Behaviour, startServer, type TestServer } from "../kit/testing/server.ts";
import { ProviderError } from "../provider.ts";
import { askedScopes, grantFor, type PolarClient, polarClient } from "./testing/client.ts";

let server: TestServer;
let client: PolarClient;
const grant = grantFor("the-token", "475");

beforeAll(async () => {
  server = await startServer();
  client = polarClient({
    client_id: "97ccb1ba-e0f2",
    client_secret: "s:e/c ret",
    token_url: `${server.url}/v2/oauth2/token`,
    api_url: `${server.url}/`,
  });
});
beforeEach(() => server.asked.splice(0));
afterAll(() => server.close());

const soon = () => AbortSignal.timeout(5000);
const basic = `Basic ${Buffer.from("97ccb1ba-e0f2:s:e/c ret").toString("base64")}`;

async function failure(promise: Promise<unknown>): Promise<ProviderError> {
  const error = await promise.then(
    () => new Error("it did not fail"),
    (thrown: unknown) => thrown,
  );
  if (error instanceof ProviderError) return error;
  throw error;
}

describe("fetching", () => {
  const fetch = (signal = soon()) =>
    client.fetch({ method: "GET", path: "/v3/users/sleep?a=1" }, grant, signal);
  const answering = (behaviour: Behaviour) => {
    server.script = () => behaviour;
  };

  it("asks for the media type of the request, and for JSON when it names none", async () => {
    answering({ status: 200, body: "file" });
    await client.fetch({ method: "GET", path: "/v3/x", accept: "application/gpx+xml" }, grant, soon());
    await fetch();
    expect(server.asked.map(({ headers }) => headers.accept)).toEqual([
      "application/gpx+xml",
      "application/json",
    ]);
  });

  it("asks with the person's token and gives back the bytes", async () => {
    answering({ status: 200, body: '{ "a" : 1.0 }\n' });
    const response = await fetch();
    expect(response.body.toString()).toBe('{ "a" : 1.0 }\n');
    expect(response).toMatchObject({ status: 200, contentType: "application/json;charset=UTF-8" });
    expect(server.asked).toEqual([
      expect.objectContaining({
        method: "GET",
        url: "/v3/users/sleep?a=1",
        headers: expect.objectContaining({
          authorization: "Bearer the-token",
          accept: "application/json",
          "accept-encoding": "gzip",
        }),
      }),
    ]);
  });

  it("accepts 204 as a good answer without a body", async () => {
    answering({ status: 204 });
    expect(await fetch()).toMatchObject({ status: 204, body: Buffer.alloc(0) });
  });

  it("decompresses an answer", async () => {
    answering({ status: 200, headers: { "content-encoding": "gzip" }, body: gzipSync('{"a":1}') });
    expect((await fetch()).body.toString()).toBe('{"a":1}');
    answering({ status: 200, headers: { "content-encoding": "gzip" }, body: "not gzip" });
    expect(await failure(fetch())).toMatchObject({ code: "PROVIDER_UNAVAILABLE", retry: "later" });
  });

  it.each([
    [400, "PROVIDER_REFUSED", "never"],
    [401, "PROVIDER_UNAUTHORIZED", "never"],
    [403, "PROVIDER_FORBIDDEN", "later"],
    [404, "PROVIDER_RESOURCE_MISSING", "later"],
    [406, "PROVIDER_REFUSED", "never"],
    [429, "PROVIDER_RATE_LIMITED", "later"],
    [500, "PROVIDER_UNAVAILABLE", "later"],
    [503, "PROVIDER_UNAVAILABLE", "later"],
    [302, "PROVIDER_REFUSED", "never"],
    [206, "PROVIDER_REFUSED", "never"],
  ] as const)("%d is %s, retried %s", async (status, code, retry) => {
    answering({ status, headers: { location: "/elsewhere" }, body: { errorType: "Some_Reason" } });
    const error = await failure(fetch());
    expect(error).toMatchObject({ code, retry, retryAfterMs: null, details: { status } });
    expect(JSON.stringify(error.details)).not.toContain("the-token");
  });

  it.each([
    ["the short window", { usage: "521,900", limit: "520,5100", reset: "301,64000" }, 301_000],
    ["the long window", { usage: "20,5100", limit: "520,5100", reset: "301,64000" }, 64_000_000],
    ["both", { usage: "520,5101", limit: "520,5100", reset: "301, 64000" }, 64_000_000],
    ["neither", { usage: "1,1", limit: "520,5100", reset: "301,64000" }, null],
  ])("a rate limit waits for %s", async (_, { usage, limit, reset }, wait) => {
    const headers = { "RateLimit-Usage": usage, "RateLimit-Limit": limit, "RateLimit-Reset": reset };
    answering({ status: 429, headers });
    expect((await failure(fetch())).retryAfterMs).toBe(wait);
  });

  it("a rate limit waits as Retry-After says when the windows do not", async () => {
    answering({ status: 429, headers: { "Retry-After": "17" } });
    expect((await failure(fetch())).retryAfterMs).toBe(17_000);
    answering({ status: 503, headers: { "Retry-After": new Date(Date.now() + 60_000).toUTCString() } });
    const { retryAfterMs } = await failure(fetch());
    expect(retryAfterMs).toBeGreaterThan(50_000);
    expect(retryAfterMs).toBeLessThanOrEqual(60_000);
    answering({ status: 429, headers: { "Retry-After": "soon" } });
    expect((await failure(fetch())).retryAfterMs).toBeNull();
  });

  it("a server that hangs, breaks off or is not there may be asked again later", async () => {
    const later = { code: "PROVIDER_UNAVAILABLE", retry: "later" };
    answering(() => undefined);
    expect(await failure(fetch(AbortSignal.timeout(100)))).toMatchObject(later);
    answering((response) => response.destroy());
    expect(await failure(fetch())).toMatchObject(later);
    answering((response) => {
      response.writeHead(200, { "content-length": "100" });
      response.write("half", () => response.destroy());
    });
    expect(await failure(fetch())).toMatchObject(later);
    const settings = { client_id: "a", client_secret: "b", api_url: "http://127.0.0.1:9" };
    const nowhere = polarClient(settings);
    expect(await failure(nowhere.fetch({ method: "GET", path: "/" }, grant, soon()))).toMatchObject(later);
  });

  it("a redirect is not followed", async () => {
    answering({ status: 302, headers: { location: `${server.url}/elsewhere` } });
    expect(await failure(fetch())).toMatchObject({ code: "PROVIDER_REFUSED", details: { status: 302 } });
    expect(server.asked.map(({ url }) => url)).toEqual(["/v3/users/sleep?a=1"]);
  });

  it("an endless body is given up, compressed or not", async () => {
    const never = { code: "PROVIDER_BODY_TOO_LARGE", retry: "never" };
    const chunk = Buffer.alloc(1024 * 1024, 32);
    answering((response) => {
      response.writeHead(200);
      const more = () => {
        while (!response.destroyed && response.write(chunk));
        if (!response.destroyed) response.once("drain", more);
      };
      more();
    });
    expect(await failure(fetch(AbortSignal.timeout(20_000)))).toMatchObject(never);
    const bomb = gzipSync(Buffer.alloc(65 * 1024 * 1024));
    answering({ status: 200, headers: { "content-encoding": "gzip" }, body: bomb });
    expect(await failure(fetch(AbortSignal.timeout(20_000)))).toMatchObject(never);
  });
});

describe("authorising", () => {
  const exchange = () =>
    client.exchangeCode({ code: "the-code", redirectUri: "https://hub/back?x=1", signal: soon() });

  it("sends the person to Polar with the required parameters", async () => {
    const url = new URL(await client.authorizationUrl({ redirectUri: "https://hub/back?x=1", state: "a&b" }));
    expect(url.origin + url.pathname).toBe("https://flow.polar.com/oauth2/authorization");
    expect(Object.fromEntries(url.searchParams)).toEqual({
      response_type: "code",
      client_id: "97ccb1ba-e0f2",
      redirect_uri: "https://hub/back?x=1",
      scope: "accesslink.read_all",
      state: "a&b",
    });
  });

  it("exchanges the code with Basic credentials and the redirect address repeated", async () => {
    const body = { access_token: "tok", token_type: "bearer", expires_in: 31_535_999, x_user_id: 10579 };
    server.script = () => ({ status: 200, body });
    const before = Date.now();
    const granted = await exchange();
    expect(granted).toMatchObject({
      accessToken: "tok",
      renewal: null,
      providerUserId: "10579",
      scopes: askedScopes,
    });
    expect(granted.expiresAt?.getTime()).toBeGreaterThanOrEqual(before + 31_535_999_000);
    const [asked] = server.asked;
    expect(asked).toMatchObject({
      method: "POST",
      url: "/v2/oauth2/token",
      headers: { authorization: basic },
    });
    expect(Object.fromEntries(new URLSearchParams(asked?.body))).toEqual({
      grant_type: "authorization_code",
      code: "the-code",
      redirect_uri: "https://hub/back?x=1",
    });
  });

  it.each<[string, Behaviour]>([
    ["a refusal", { status: 400, body: { error: "invalid_grant" } }],
    ["an outage", { status: 502, body: "<html>" }],
    ["a reply without a person", { status: 200, body: { access_token: "tok", token_type: "bearer" } }],
    ["a reply of another kind", { status: 200, body: "<html>" }],
    ["no reply", (response) => response.destroy()],
  ])("fails on %s, and tells nobody the code", async (_, behaviour) => {
    server.script = () => behaviour;
    const error = await exchange().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "OAUTH_EXCHANGE_FAILED" });
    expect(JSON.stringify((error as ProviderError).details)).not.toMatch(/the-code|s:e|"tok"/);
  });

  it("reports Polar's own reason", async () => {
    server.script = () => ({ status: 400, body: { error: "invalid_grant" } });
    await expect(exchange()).rejects.toMatchObject({ details: { status: 400, reason: "invalid_grant" } });
  });
});

describe("registering a person", () => {
  const register = () => client.register(grant, "our-id", soon());
  const asked = () => server.asked.map(({ method, url, body }) => `${method} ${url} ${body}`.trim());
  const post = (id: string) => `POST /v3/users {"member-id":"${id}"}`;

  it("is one request in the normal case", async () => {
    server.script = () => ({ status: 200, body: { "polar-user-id": 475 } });
    await register();
    expect(asked()).toEqual([post("our-id")]);
  });

  it("is no error when the person is registered already", async () => {
    server.script = ({ method }) => ({ status: method === "POST" ? 409 : 200 });
    await register();
    expect(asked()).toEqual([post("our-id"), "GET /v3/users/475"]);
  });

  it("uses another id when another person has this one", async () => {
    server.script = ({ method, body }) => {
      if (method === "GET") return { status: 204 };
      return { status: body.includes("our-id-475") ? 200 : 409 };
    };
    await register();
    expect(asked()).toEqual([post("our-id"), "GET /v3/users/475", post("our-id-475")]);
  });

  it.each([[403], [400], [204]])("fails when Polar answers %d", async (status) => {
    server.script = ({ method }) => ({ status: method === "POST" ? status : 204 });
    await expect(register()).rejects.toMatchObject({
      code: "PROVIDER_REGISTRATION_FAILED",
      details: { status },
    });
  });

  it("fails when every id is taken", async () => {
    server.script = ({ method }) => ({ status: method === "POST" ? 409 : 204 });
    await expect(register()).rejects.toMatchObject({ code: "PROVIDER_REGISTRATION_FAILED" });
    expect(server.asked).toHaveLength(3);
  });

  it("passes an outage on, to be tried again", async () => {
    server.script = () => ({ status: 503 });
    expect(await failure(register())).toMatchObject({ code: "PROVIDER_UNAVAILABLE", retry: "later" });
  });
});

describe("revoking", () => {
  it.each([204, 200, 401, 403, 404])("is done when Polar answers %d", async (status) => {
    server.script = () => ({ status });
    await client.revoke(grant, soon());
    expect(server.asked).toEqual([expect.objectContaining({ method: "DELETE", url: "/v3/users/475" })]);
  });

  it.each([
    [500, "PROVIDER_UNAVAILABLE"],
    [429, "PROVIDER_RATE_LIMITED"],
    [400, "PROVIDER_REFUSED"],
  ])("is not done when Polar answers %d", async (status, code) => {
    server.script = () => ({ status });
    expect(await failure(client.revoke(grant, soon()))).toMatchObject({ code });
  });
});
