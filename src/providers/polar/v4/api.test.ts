import { lookup } from "node:dns";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { providerHttp } from "../../kit/http.ts";
import { type Behaviour, startServer, type TestServer } from "../../kit/testing/server.ts";
import { dynamic } from "../names.ts";
import { polarSettings } from "../settings.ts";
import { grantFor } from "../testing/client.ts";
import { dynamicApi } from "./api.ts";

let server: TestServer;
const http = providerHttp({ lookup, assertUrlAllowed: () => {} });
const settingsWith = (v4_api_url: string) =>
  polarSettings.parse({ client_id: "client", client_secret: "secret", v4_api_url });

beforeAll(async () => {
  server = await startServer();
});
beforeEach(() => server.asked.splice(0));
afterAll(() => server.close());

const days = "/v4/data/sleeps?from=2026-10-06&to=2026-10-07&features=sleep-result";

function ask(behaviour: Behaviour, path = days) {
  server.script = () => behaviour;
  const access = { settings: settingsWith(server.url), http };
  const grant = { ...grantFor("the-token", "475"), consent: dynamic };
  return dynamicApi.send(access, { method: "GET", path }, grant, AbortSignal.timeout(5_000));
}

const headers = {
  "ratelimit-usage": "17,1200",
  "ratelimit-limit": "3000,100000",
  "ratelimit-reset": "600,80000",
};
const rateLimit = [
  { used: 17, limit: 3_000, resetMs: 600_000 },
  { used: 1_200, limit: 100_000, resetMs: 80_000_000 },
];

describe("a call of v4", () => {
  it("carries the token, and gives back the bytes and the limits", async () => {
    const answer = await ask({ status: 200, headers, body: '{ "nightSleeps" : [] }' });
    expect(answer).toMatchObject({ status: 200, rateLimit });
    expect(answer.body.toString()).toBe('{ "nightSleeps" : [] }');
    expect(server.asked).toEqual([
      expect.objectContaining({
        method: "GET",
        url: days,
        headers: expect.objectContaining({ authorization: "Bearer the-token", accept: "application/json" }),
      }),
    ]);
  });

  it.each([204, 404])("finds nothing in %d", async (status) => {
    const answer = await ask({ status, headers, body: "" });
    expect(answer).toMatchObject({ status: 204, rateLimit, body: Buffer.alloc(0) });
  });

  it("is refused for a thing that does not exist by its id", async () => {
    await expect(ask({ status: 404, body: "" }, "/v4/data/routes/17")).rejects.toMatchObject({
      code: "PROVIDER_RESOURCE_MISSING",
    });
  });

  it.each([
    [400, "Value for key 'from' could not be parsed as datetime", "never", "unreadable parameter from"],
    [400, "Query parameter 'from' is required", "never", "missing parameter from"],
    [400, '{"errorMessage":"Date cannot be older than 90 days"}', "never", undefined],
    [401, "", "never", undefined],
    [403, '{"errorMessage":"Missing required scope: sports:read"}', "later", "missing scope sports:read"],
    [403, '{"error":"Missing required scope: sports:read"}', "later", "missing scope sports:read"],
    [403, "", "later", undefined],
    [429, "", "later", undefined],
    [500, "Unexpected error occurred", "later", undefined],
  ])("is refused with %d %s", async (status, body, retry, reason) => {
    const code = { 400: "PROVIDER_REFUSED", 401: "PROVIDER_UNAUTHORIZED", 403: "PROVIDER_FORBIDDEN" }[status];
    const isOld = body.includes("older");
    await expect(ask({ status, headers, body })).rejects.toMatchObject({
      ...(code !== undefined && { code: isOld ? "PROVIDER_OUT_OF_REACH" : code }),
      retry,
      rateLimit,
      details: { status, path: "/v4/data/sleeps", reason },
    });
  });

  it("counts for the client, apart from AccessLink's calls", () => {
    const { client_id } = settingsWith("https://WWW.polaraccesslink.com:443/");
    expect(dynamicApi.limitedAs(settingsWith("https://WWW.polaraccesslink.com:443/"))).toBe(
      `https://www.polaraccesslink.com/v4/data ${client_id}`,
    );
    expect(dynamicApi.rateLimits.map(({ callsPerUser }) => callsPerUser)).toEqual([0, 0]);
  });
});
